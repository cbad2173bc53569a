#include "src/store/sqlite_enqueuer.h"

#include <array>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "src/base/protobuf_time.h"
#include "src/base/status_macros.h"
#include "src/core/names.h"
#include "src/store/store_errors.h"

namespace herald {
namespace {

// Rows a statement: the largest that fits what is left.
constexpr std::array<size_t, 3> kRowCounts = {16, 4, 1};
using Statements = std::array<std::string, kRowCounts.size()>;

// "before (?,?,…),(?,?,…) after", for each count of rows of `columns` values.
Statements MakeStatements(absl::string_view before, int columns, absl::string_view after) {
  const std::vector<std::string> values(static_cast<size_t>(columns), "?");
  const std::string row_values = absl::StrCat("(", absl::StrJoin(values, ","), ")");
  Statements statements;
  for (size_t i = 0; i < kRowCounts.size(); ++i) {
    statements[i] = std::string(before);
    for (size_t row = 0; row < kRowCounts[i]; ++row) {
      absl::StrAppend(&statements[i], row == 0 ? "" : ",", row_values);
    }
    absl::StrAppend(&statements[i], after);
  }
  return statements;
}

const Statements& EventStatements() {
  static const Statements& statements = *new Statements(
      MakeStatements("INSERT INTO events (seq, tenant, id, type, content_hash, delivery_count, event, payload) VALUES ",
                     8, " ON CONFLICT (tenant, id) DO NOTHING"));
  return statements;
}

const Statements& DeliveryStatements() {
  static const Statements& statements = *new Statements(MakeStatements(
      "INSERT INTO deliveries (seq, tenant, event, event_type, webhook_id, webhook_uid, update_time, next_time, "
      "ordering_key, claim_token, claim_owner, lease_end, state, attempt_count) VALUES ",
      14, ""));
  return statements;
}

// Gives all of `rows` to `insert`, in chunks, each with its statement.
template <typename Row, typename Insert>
absl::Status InsertInChunks(absl::Span<const Row> rows, const Statements& statements, Insert insert) {
  for (size_t i = 0; i < kRowCounts.size(); ++i) {
    for (; rows.size() >= kRowCounts[i]; rows.remove_prefix(kRowCounts[i])) {
      HERALD_RETURN_IF_ERROR(insert(rows.first(kRowCounts[i]), statements[i]));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> Exists(SqliteConnection& connection, absl::string_view sql, Sequence sequence) {
  SqliteQuery find(connection, sql, sequence);
  return find.Next();
}

// The payload may be large and is stored beside the rest, as it is.
std::string EncodedWithoutPayload(v1::Event& event) {
  if (!event.has_data_json()) return event.SerializeAsString();
  std::unique_ptr<std::string> payload(event.release_data_json());
  std::string encoded = event.SerializeAsString();
  event.set_allocated_data_json(payload.release());
  return encoded;
}

}  // namespace

absl::Status SqliteEnqueuer::Add(EnqueueEvent& write) {
  const bool ordered = !write.event.ordering_key().empty();
  if (ordered) HERALD_RETURN_IF_ERROR(Flush());
  write.status = absl::OkStatus();
  write.sequence = counters_.NextEvent(write.now);
  for (EnqueueEvent::Target& target : write.targets) {
    target.delivery = counters_.NextDelivery();
    target.token = 0;
  }
  if (write.event.id().empty()) write.event.set_id(GeneratedEventId(write.sequence));
  events_.push_back({&write, EncodedWithoutPayload(write.event)});
  write.event.set_name(EventName(write.event.id()));
  *write.event.mutable_accept_time() = ToProto(TimeOfSequence(write.sequence));
  return events_.size() < kRowCounts[0] && !ordered ? absl::OkStatus() : Flush();
}

absl::Status SqliteEnqueuer::Flush() {
  HERALD_RETURN_IF_ERROR(InsertInChunks(
      absl::MakeConstSpan(events_), EventStatements(),
      [this](absl::Span<const EventRow> rows, const std::string& sql) { return InsertEvents(rows, sql); }));
  std::vector<DeliveryRow> deliveries;
  for (const EventRow& row : events_) {
    if (!row.write->status.ok()) continue;
    for (EnqueueEvent::Target& target : row.write->targets) {
      HERALD_ASSIGN_OR_RETURN(const bool exists, WebhookExists(row.write->tenant, target.webhook_uid));
      if (exists) {
        HERALD_ASSIGN_OR_RETURN(deliveries.emplace_back(), NextDelivery(*row.write, target));
      } else {
        HERALD_RETURN_IF_ERROR(TakeBack(*row.write, target));
      }
    }
  }
  events_.clear();
  return InsertInChunks(
      absl::MakeConstSpan(deliveries), DeliveryStatements(),
      [this](absl::Span<const DeliveryRow> rows, const std::string& sql) { return InsertDeliveries(rows, sql); });
}

absl::Status SqliteEnqueuer::InsertEvents(absl::Span<const EventRow> rows, const std::string& sql) {
  SqliteQuery insert(connection_, sql);
  int index = 0;
  for (const EventRow& row : rows) {
    const EnqueueEvent& write = *row.write;
    insert.Bind(++index, write.sequence);
    insert.Bind(++index, write.tenant);
    insert.Bind(++index, write.event.id());
    insert.Bind(++index, write.event.type());
    insert.Bind(++index, SqliteBlob{write.content_hash});
    insert.Bind(++index, static_cast<int64_t>(write.targets.size()));
    insert.Bind(++index, SqliteBlob{row.encoded});
    ++index;  // without a payload it stays NULL
    if (write.event.has_data_json()) insert.Bind(index, write.event.data_json());
  }
  HERALD_RETURN_IF_ERROR(insert.Next().status());
  return connection_.changes() == static_cast<int64_t>(rows.size()) ? absl::OkStatus() : RefuseMissing(rows);
}

absl::Status SqliteEnqueuer::RefuseMissing(absl::Span<const EventRow> rows) {
  for (const EventRow& row : rows) {
    EnqueueEvent& write = *row.write;
    HERALD_ASSIGN_OR_RETURN(const bool exists,
                            Exists(connection_, "SELECT 1 FROM events WHERE seq = ?", write.sequence));
    if (exists) continue;
    write.status = EventIdReusedError(write.event.id());
    write.sequence = 0;
    for (EnqueueEvent::Target& target : write.targets) target.delivery = 0;
  }
  return absl::OkStatus();
}

absl::StatusOr<SqliteEnqueuer::DeliveryRow> SqliteEnqueuer::NextDelivery(EnqueueEvent& write,
                                                                         EnqueueEvent::Target& target) {
  DeliveryRow row{&write, &target, false};
  if (const std::string& key = write.event.ordering_key(); !key.empty()) {
    SqliteQuery earlier(connection_,
                        "SELECT 1 FROM deliveries INDEXED BY deliveries_ordered WHERE webhook_uid = ? "
                        "AND ordering_key = ? AND state IN (1, 2) LIMIT 1",
                        target.webhook_uid, key);
    HERALD_ASSIGN_OR_RETURN(row.waits, earlier.Next());
  }
  if (target.claim && !row.waits) {
    HERALD_ASSIGN_OR_RETURN(target.token, counters_.NextToken(connection_));
  }
  return row;
}

absl::Status SqliteEnqueuer::InsertDeliveries(absl::Span<const DeliveryRow> rows, const std::string& sql) {
  SqliteQuery insert(connection_, sql);
  int index = 0;
  for (const auto& [write, target, waits] : rows) {
    insert.Bind(++index, target->delivery);
    insert.Bind(++index, write->tenant);
    insert.Bind(++index, write->sequence);
    insert.Bind(++index, write->event.type());
    insert.Bind(++index, target->webhook_id);
    insert.Bind(++index, target->webhook_uid);
    insert.Bind(++index, absl::ToUnixMicros(TimeOfSequence(target->delivery)));
    ++index;  // what waits, or has no key, or is not claimed, leaves NULL there
    if (!waits) insert.Bind(index, absl::ToUnixMicros(write->now));
    ++index;
    if (!write->event.ordering_key().empty()) insert.Bind(index, write->event.ordering_key());
    insert.Bind(++index, target->token);
    ++index;
    if (target->token != 0) insert.Bind(index, write->owner);
    insert.Bind(++index, target->token != 0 ? absl::ToUnixMicros(write->lease_end) : 0);
    insert.Bind(++index, int64_t{v1::Delivery::PENDING});
    insert.Bind(++index, int64_t{0});
  }
  HERALD_RETURN_IF_ERROR(insert.Next().status());
  opened_ += static_cast<int64_t>(rows.size());
  return absl::OkStatus();
}

absl::StatusOr<bool> SqliteEnqueuer::WebhookExists(const std::string& tenant, const std::string& uid) {
  const auto [known, is_new] = exists_.try_emplace({tenant, uid}, false);
  if (!is_new) return known->second;
  SqliteQuery find(connection_, "SELECT 1 FROM webhooks WHERE uid = ? AND tenant = ?", uid, tenant);
  HERALD_ASSIGN_OR_RETURN(known->second, find.Next());
  return known->second;
}

absl::Status SqliteEnqueuer::TakeBack(EnqueueEvent& write, EnqueueEvent::Target& target) {
  target.delivery = 0;
  return RunSql(connection_, "UPDATE events SET delivery_count = delivery_count - 1 WHERE seq = ?", write.sequence);
}

}  // namespace herald
