// Deliveries that people cancel and retry.

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/store/sqlite_writes.h"
#include "src/store/store_errors.h"

namespace herald {
namespace {

struct OpenRow {
  Claim claim;
  bool is_first_of_key = false;  // has an ordering key, and may be sent
};

absl::StatusOr<std::vector<OpenRow>> FindOpen(SqliteTransaction transaction, const CancelDeliveries& write) {
  // One delivery is found by its number, many by the lane that they are in.
  const bool is_one = write.range.end - write.range.first == 1;
  const std::string sql =
      absl::StrCat("SELECT seq, claim_token, ordering_key IS NOT NULL AND next_time IS NOT NULL FROM deliveries ",
                   is_one ? "NOT INDEXED" : "INDEXED BY deliveries_open",
                   " WHERE webhook_uid = ? AND state IN (1, 2) AND tenant = ? AND seq >= ? AND seq < ? "
                   "ORDER BY next_time, seq LIMIT ?");
  SqliteQuery row(transaction.connection, sql, write.webhook_uid, write.tenant, write.range.first, write.range.end,
                  int64_t{write.count_max});
  std::vector<OpenRow> rows;
  while (true) {
    HERALD_ASSIGN_OR_RETURN(const bool found, row.Next());
    if (!found) return rows;
    const int64_t token = row.Int(1);
    rows.push_back({{row.Int(0), token > transaction.counters.token_floor() ? token : 0}, row.Int(2) != 0});
  }
}

// What a retry has to know of its delivery; no row: there is none.
struct RetriedRow {
  v1::Delivery::State state = v1::Delivery::STATE_UNSPECIFIED;
  std::string webhook_id;
  bool webhook_exists = false;
};

absl::StatusOr<std::optional<RetriedRow>> FindRetried(SqliteConnection& connection, const RetryDelivery& write) {
  SqliteQuery row(connection,
                  "SELECT d.state, d.webhook_id, EXISTS (SELECT 1 FROM webhooks WHERE uid = d.webhook_uid) "
                  "FROM deliveries AS d WHERE d.seq = ? AND d.tenant = ?",
                  write.delivery, write.tenant);
  HERALD_ASSIGN_OR_RETURN(const bool found, row.Next());
  if (!found) return std::nullopt;
  return RetriedRow{static_cast<v1::Delivery::State>(row.Int(0)), row.Text(1), row.Int(2) != 0};
}

}  // namespace

absl::Status ApplyWrite(SqliteTransaction transaction, CancelDeliveries& write) {
  write.status = absl::OkStatus();
  write.cancelled.clear();
  HERALD_ASSIGN_OR_RETURN(const std::vector<OpenRow> rows, FindOpen(transaction, write));
  SqliteConnection& connection = transaction.connection;
  for (const OpenRow& row : rows) {
    HERALD_RETURN_IF_ERROR(RunSql(
        connection, "UPDATE deliveries SET state = 5, next_time = NULL, claim_token = 0, update_time = ? WHERE seq = ?",
        absl::ToUnixMicros(write.now), row.claim.delivery));
    write.cancelled.push_back(row.claim);
    --transaction.opened;
  }
  for (const OpenRow& row : rows) {
    if (row.is_first_of_key) HERALD_RETURN_IF_ERROR(AdvanceKeyOf(connection, row.claim.delivery, write.now));
  }
  return absl::OkStatus();
}

absl::Status ApplyWrite(SqliteTransaction transaction, RetryDelivery& write) {
  SqliteConnection& connection = transaction.connection;
  HERALD_ASSIGN_OR_RETURN(const std::optional<RetriedRow> row, FindRetried(connection, write));
  write.status = row.has_value() ? CheckRetry(write, row->state, row->webhook_exists, row->webhook_id)
                                 : DeliveryNotFoundError(write.delivery);
  if (!write.status.ok()) return absl::OkStatus();
  const int64_t now = absl::ToUnixMicros(write.now);
  if (row->state == v1::Delivery::PENDING || row->state == v1::Delivery::RETRYING) {
    return RunSql(connection,
                  "UPDATE deliveries SET next_time = ?1, update_time = ?1 WHERE seq = ?2 AND next_time > ?1", now,
                  write.delivery);
  }
  return OpenAgain(transaction, write.delivery, write.now);
}

absl::Status OpenAgain(SqliteTransaction transaction, Sequence delivery, absl::Time now) {
  ++transaction.opened;
  return RunSql(transaction.connection,
                "UPDATE deliveries SET state = iif(attempt_count = 0, 1, 2), attempts_former = attempt_count, "
                "reopen_time = ?1, update_time = ?1, claim_token = 0, "
                "next_time = iif(ordering_key IS NOT NULL AND EXISTS (SELECT 1 FROM deliveries AS other "
                "  INDEXED BY deliveries_ordered WHERE other.webhook_uid = deliveries.webhook_uid "
                "  AND other.ordering_key = deliveries.ordering_key AND other.state IN (1, 2)), NULL, ?1) "
                "WHERE seq = ?2",
                absl::ToUnixMicros(now), delivery);
}

}  // namespace herald
