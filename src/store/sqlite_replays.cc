// Replays: the jobs that send past deliveries again.

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "src/base/protobuf_time.h"
#include "src/base/status_macros.h"
#include "src/core/names.h"
#include "src/store/page_builder.h"
#include "src/store/replay_progress.h"
#include "src/store/sqlite_reads.h"
#include "src/store/sqlite_rows.h"
#include "src/store/sqlite_writes.h"
#include "src/store/store_errors.h"

namespace herald {
namespace {

constexpr char kReplayColumns[] = "tenant, seq, next_seq, end_seq, replay";

absl::StatusOr<StoredReplay> StoredReplayOf(const SqliteConnection& connection, const SqliteQuery& row) {
  StoredReplay stored;
  stored.tenant = row.Text(0);
  stored.sequence = row.Int(1);
  stored.rest = {row.Int(2), row.Int(3)};
  HERALD_RETURN_IF_ERROR(MergeBlob(connection, row.Blob(4), stored.replay));
  return stored;
}

absl::StatusOr<bool> HasRow(SqliteConnection& connection, absl::string_view sql, absl::string_view tenant,
                            absl::string_view key) {
  SqliteQuery row(connection, sql, tenant, key);
  return row.Next();
}

absl::StatusOr<bool> WebhookExists(SqliteConnection& connection, const std::string& tenant, const v1::Replay& replay) {
  return HasRow(connection, "SELECT 1 FROM webhooks WHERE tenant = ? AND uid = ?", tenant, replay.webhook_uid());
}

absl::StatusOr<int64_t> CountRunning(SqliteConnection& connection, const std::string& tenant) {
  SqliteQuery row(connection,
                  "SELECT count(*) FROM replays INDEXED BY replays_running WHERE tenant = ? AND running = 1", tenant);
  HERALD_RETURN_IF_ERROR(row.Next().status());
  return row.Int(0);
}

absl::StatusOr<std::optional<StoredReplay>> FindStored(SqliteConnection& connection, absl::string_view tenant,
                                                       Sequence replay) {
  static const std::string& kSql =
      *new std::string(absl::StrCat("SELECT ", kReplayColumns, " FROM replays WHERE seq = ? AND tenant = ?"));
  SqliteQuery row(connection, kSql, replay, tenant);
  HERALD_ASSIGN_OR_RETURN(const bool found, row.Next());
  if (!found) return std::nullopt;
  return StoredReplayOf(connection, row);
}

// Closed deliveries to put in line, in order, and where the search ended.
struct DeliveriesFound {
  std::vector<ContinueReplay::Opened> deliveries;
  Sequence next = 0;
};

absl::StatusOr<DeliveriesFound> FindDeliveries(SqliteConnection& connection, const ContinueReplay& write,
                                               const v1::Replay& replay) {
  const std::string webhook_id(IdInName(write.tenant, "webhooks", replay.webhook()).value_or(""));
  const std::string sql = ReplayedDeliveriesSql(replay);
  SqliteQuery row(connection, sql, write.tenant, absl::string_view(webhook_id), write.range.first, write.range.end,
                  int64_t{write.rows_max});
  DeliveriesFound found{{}, write.range.end};
  for (int rows = 0;;) {
    HERALD_ASSIGN_OR_RETURN(const bool is_row, row.Next());
    if (!is_row) return found;
    if (row.Blob(2) == replay.webhook_uid() && IsReplayed(replay, static_cast<v1::Delivery::State>(row.Int(1)))) {
      found.deliveries.push_back({row.Int(0), StateOpenedAgain(static_cast<int>(row.Int(3))), false});
    }
    if (++rows == write.rows_max) found.next = row.Int(0) + 1;
  }
}

absl::StatusOr<bool> HasDelivery(SqliteConnection& connection, Sequence event, const std::string& webhook_uid) {
  SqliteQuery row(connection,
                  "SELECT 1 FROM deliveries INDEXED BY deliveries_by_event WHERE event = ? AND webhook_uid = ?", event,
                  webhook_uid);
  return row.Next();
}

// Adds a delivery of an event that is there; 0: it is gone.
absl::StatusOr<Sequence> AddDelivery(SqliteTransaction transaction, const ContinueReplay& write,
                                     const ContinueReplay::Missed& missed, const v1::Replay& replay) {
  const Sequence sequence = transaction.counters.NextEvent(write.now);
  const std::string webhook_id(IdInName(write.tenant, "webhooks", replay.webhook()).value_or(""));
  SqliteQuery insert(
      transaction.connection,
      "INSERT INTO deliveries (seq, tenant, event, event_type, webhook_id, webhook_uid, state, attempt_count, "
      "update_time, next_time, ordering_key) SELECT ?1, tenant, seq, type, ?2, ?3, 1, 0, ?4, "
      "iif(EXISTS (SELECT 1 FROM deliveries INDEXED BY deliveries_ordered WHERE webhook_uid = ?3 "
      "  AND ordering_key = ?5 AND state IN (1, 2)), NULL, ?6), ?5 FROM events WHERE seq = ?7 AND tenant = ?8",
      sequence, absl::string_view(webhook_id), absl::string_view(replay.webhook_uid()),
      absl::ToUnixMicros(TimeOfSequence(sequence)));
  if (!missed.ordering_key.empty()) insert.Bind(5, missed.ordering_key);
  insert.Bind(6, absl::ToUnixMicros(write.now));
  insert.Bind(7, missed.event);
  insert.Bind(8, write.tenant);
  HERALD_RETURN_IF_ERROR(insert.Next().status());
  if (transaction.connection.changes() == 0) return 0;
  ++transaction.opened;
  HERALD_RETURN_IF_ERROR(RunSql(transaction.connection,
                                "UPDATE events SET delivery_count = delivery_count + 1 WHERE seq = ?", missed.event));
  return sequence;
}

absl::Status AddMissed(SqliteTransaction transaction, ContinueReplay& write, v1::Replay& replay, Sequence before) {
  for (const ContinueReplay::Missed& missed : write.missed) {
    if (missed.event >= before) continue;
    HERALD_ASSIGN_OR_RETURN(const bool has, HasDelivery(transaction.connection, missed.event, replay.webhook_uid()));
    if (has) continue;
    replay.set_matched(replay.matched() + 1);
    HERALD_ASSIGN_OR_RETURN(const Sequence delivery, AddDelivery(transaction, write, missed, replay));
    if (delivery == 0) continue;
    replay.set_replayed(replay.replayed() + 1);
    write.opened.push_back({delivery, v1::Delivery::PENDING, true});
  }
  return absl::OkStatus();
}

absl::Status Step(SqliteTransaction transaction, ContinueReplay& write, StoredReplay& stored) {
  v1::Replay& replay = stored.replay;
  HERALD_ASSIGN_OR_RETURN(const DeliveriesFound found, FindDeliveries(transaction.connection, write, replay));
  for (const ContinueReplay::Opened& opened : found.deliveries) {
    HERALD_RETURN_IF_ERROR(OpenAgain(transaction, opened.delivery, write.now));
  }
  write.opened = found.deliveries;
  const auto count = static_cast<int64_t>(found.deliveries.size());
  replay.set_matched(replay.matched() + count);
  replay.set_replayed(replay.replayed() + count);
  HERALD_RETURN_IF_ERROR(AddMissed(transaction, write, replay, found.next));
  MoveOn(stored, found.next, write.now);
  return absl::OkStatus();
}

}  // namespace

std::string ReplayedDeliveriesSql(const v1::Replay& replay) {
  if (IsReplayed(replay, v1::Delivery::SUCCEEDED)) {
    return "SELECT seq, state, webhook_uid, attempt_count FROM deliveries INDEXED BY deliveries_by_webhook "
           "WHERE tenant = ?1 AND webhook_id = ?2 AND seq >= ?3 AND seq < ?4 ORDER BY seq LIMIT ?5";
  }
  // Merged as it is read: each part is in the order of its index.
  std::string sql;
  for (const int state : replay.states()) {
    absl::StrAppend(
        &sql, sql.empty() ? "" : " UNION ALL ",
        "SELECT seq, state, webhook_uid, attempt_count FROM deliveries INDEXED BY deliveries_by_webhook_state "
        "WHERE tenant = ?1 AND webhook_id = ?2 AND seq >= ?3 AND seq < ?4 AND state IN (2, 4, 5) "
        "AND state = ",
        state);
  }
  return sql + " ORDER BY 1 LIMIT ?5";
}

absl::Status ApplyWrite(SqliteTransaction transaction, CreateReplay& write) {
  SqliteConnection& connection = transaction.connection;
  write.sequence = 0;
  HERALD_ASSIGN_OR_RETURN(const bool exists, WebhookExists(connection, write.tenant, write.replay));
  HERALD_ASSIGN_OR_RETURN(const int64_t running, CountRunning(connection, write.tenant));
  const std::string webhook_id(IdInName(write.tenant, "webhooks", write.replay.webhook()).value_or(""));
  write.status = CheckReplay(write, exists, webhook_id, running);
  if (!write.status.ok()) return absl::OkStatus();
  write.sequence = transaction.counters.NextEvent(write.now);
  const StoredReplay stored = BeginReplay(write);
  write.replay = stored.replay;
  const std::string blob = stored.replay.SerializeAsString();
  return RunSql(connection,
                "INSERT INTO replays (seq, tenant, webhook_id, webhook_uid, running, next_seq, end_seq, replay) "
                "VALUES (?, ?, ?, ?, 1, ?, ?, ?)",
                stored.sequence, absl::string_view(stored.tenant), absl::string_view(webhook_id),
                absl::string_view(stored.replay.webhook_uid()), stored.rest.first, stored.rest.end, SqliteBlob{blob});
}

absl::Status ApplyWrite(SqliteTransaction transaction, ContinueReplay& write) {
  SqliteConnection& connection = transaction.connection;
  write.opened.clear();
  HERALD_ASSIGN_OR_RETURN(std::optional<StoredReplay> stored, FindStored(connection, write.tenant, write.replay));
  write.status = stored.has_value() ? CheckStep(write, *stored) : ReplayNotFoundError(write.replay);
  if (!write.status.ok()) return absl::OkStatus();
  HERALD_ASSIGN_OR_RETURN(const bool exists, WebhookExists(connection, write.tenant, stored->replay));
  if (exists) {
    HERALD_RETURN_IF_ERROR(Step(transaction, write, *stored));
  } else {
    CancelReplay(*stored, write.now);
  }
  const std::string blob = stored->replay.SerializeAsString();
  write.after = *std::move(stored);
  return RunSql(connection, "UPDATE replays SET running = ?, next_seq = ?, replay = ? WHERE seq = ?",
                int64_t{write.after.replay.state() == v1::Replay::RUNNING}, write.after.rest.first, SqliteBlob{blob},
                write.replay);
}

absl::StatusOr<std::vector<StoredReplay>> ReadRunningReplays(SqliteConnection& connection) {
  static const std::string& kSql = *new std::string(absl::StrCat(
      "SELECT ", kReplayColumns, " FROM replays INDEXED BY replays_running WHERE running = 1 ORDER BY seq"));
  SqliteQuery row(connection, kSql);
  std::vector<StoredReplay> replays;
  while (true) {
    HERALD_ASSIGN_OR_RETURN(const bool found, row.Next());
    if (!found) return replays;
    HERALD_ASSIGN_OR_RETURN(replays.emplace_back(), StoredReplayOf(connection, row));
  }
}

absl::StatusOr<v1::Replay> ReadReplay(SqliteConnection& connection, const std::string& tenant, Sequence replay) {
  HERALD_ASSIGN_OR_RETURN(std::optional<StoredReplay> stored, FindStored(connection, tenant, replay));
  if (!stored.has_value()) return ReplayNotFoundError(replay);
  return std::move(stored->replay);
}

std::string ReplaysSql(const ReplayQuery& query) {
  const bool any = query.webhook_id.empty();
  return absl::StrCat("SELECT ", kReplayColumns, " FROM replays INDEXED BY ",
                      any ? "replays_by_tenant" : "replays_by_webhook", " WHERE tenant = ?1 AND seq < ?2",
                      any ? "" : " AND webhook_id = ?3", " ORDER BY seq DESC");
}

absl::StatusOr<Page<v1::Replay>> ReadReplays(SqliteConnection& connection, const std::string& tenant,
                                             const ReplayQuery& query) {
  const std::string sql = ReplaysSql(query);
  SqliteQuery row(connection, sql, absl::string_view(tenant), query.before);
  if (!query.webhook_id.empty()) row.Bind(3, query.webhook_id);
  PageBuilder<v1::Replay> page(query.bounds);
  while (true) {
    HERALD_ASSIGN_OR_RETURN(const bool found, row.Next());
    if (!found) break;
    HERALD_ASSIGN_OR_RETURN(StoredReplay stored, StoredReplayOf(connection, row));
    const size_t bytes = stored.replay.ByteSizeLong();
    if (!page.Add(std::move(stored.replay), bytes)) break;
  }
  return std::move(page).Build();
}

}  // namespace herald
