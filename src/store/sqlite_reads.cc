#include "src/store/sqlite_reads.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/core/redact.h"
#include "src/store/page_builder.h"
#include "src/store/sqlite_rows.h"
#include "src/store/store_errors.h"

namespace herald {
namespace {

constexpr char kEventColumns[] = "e.seq, e.event, e.content_hash, e.delivery_count";
constexpr int kPayloadColumn = 4;

absl::StatusOr<StoredEvent> StoredEventOf(const SqliteConnection& connection, const SqliteQuery& row,
                                          bool with_payload) {
  StoredEvent stored;
  stored.sequence = row.Int(0);
  HERALD_ASSIGN_OR_RETURN(stored.event, EventOf(connection, stored.sequence, row.Blob(1)));
  stored.content_hash = row.Text(2);
  stored.delivery_count = static_cast<int>(row.Int(3));
  if (with_payload) SetPayload(row, kPayloadColumn, stored.event);
  return stored;
}

// With last_result, from the columns after those of DeliveryOf: summary and, when it is wanted, bodies.
absl::StatusOr<v1::Delivery> DeliveryWithResultOf(const SqliteConnection& connection, const SqliteQuery& row,
                                                  bool with_bodies) {
  v1::Delivery delivery = DeliveryOf(row);
  if (row.IsNull(kDeliveryColumnCount)) return delivery;
  v1::InvocationResult& result = *delivery.mutable_last_result();
  HERALD_RETURN_IF_ERROR(MergeBlob(connection, row.Blob(kDeliveryColumnCount), result));
  if (with_bodies) HERALD_RETURN_IF_ERROR(MergeBlob(connection, row.Blob(kDeliveryColumnCount + 1), result));
  return delivery;
}

std::string SelectDeliveries(bool with_bodies, absl::string_view hint) {
  return absl::StrCat("SELECT ", kDeliveryColumns, ", i.summary", with_bodies ? ", i.bodies" : "",
                      " FROM deliveries AS d ", hint, " CROSS JOIN events AS e ON e.seq = d.event",
                      " LEFT JOIN invocations AS i ON i.delivery = d.seq AND i.attempt = d.attempt_count");
}

struct Index {
  absl::string_view name;
  absl::string_view condition;  // of a partial index: SQLite takes it only for a query that states it in the same words
};

// The index that leaves the least to be filtered out.
Index IndexFor(const DeliveryQuery& query) {
  const bool by_webhook = !query.webhook_id.empty();
  if (!query.event_id.empty()) return {"deliveries_by_event", ""};
  switch (query.state) {
    case v1::Delivery::RETRYING:
    case v1::Delivery::FAILED:
    case v1::Delivery::CANCELLED:
      if (by_webhook) return {"deliveries_by_webhook_state", " AND d.state IN (2, 4, 5)"};
      [[fallthrough]];
    case v1::Delivery::PENDING:
      return {"deliveries_by_state", " AND d.state IN (1, 2, 4, 5)"};
    default:
      if (by_webhook) return {"deliveries_by_webhook", ""};
      return {query.event_type.empty() ? "deliveries_by_tenant" : "deliveries_by_type", ""};
  }
}

}  // namespace

std::string OpenLanesSql() {
  // From one webhook to the next by the index, however many deliveries each has.
  return "WITH RECURSIVE lanes (uid) AS ("
         "  SELECT min(webhook_uid) FROM deliveries INDEXED BY deliveries_open WHERE state IN (1, 2)"
         "  UNION ALL"
         "  SELECT (SELECT min(webhook_uid) FROM deliveries INDEXED BY deliveries_open"
         "    WHERE state IN (1, 2) AND webhook_uid > lanes.uid) FROM lanes WHERE uid IS NOT NULL) "
         "SELECT d.tenant, d.webhook_uid, d.next_time FROM lanes CROSS JOIN deliveries AS d ON d.seq = ("
         "  SELECT seq FROM deliveries INDEXED BY deliveries_open"
         "  WHERE webhook_uid = lanes.uid AND state IN (1, 2) AND next_time IS NOT NULL ORDER BY next_time LIMIT 1)";
}

std::string QueueSql() {
  // The first of each tenant and state, from one tenant to the next by the index.
  return "WITH RECURSIVE tenants (tenant) AS ("
         "  SELECT min(tenant) FROM deliveries INDEXED BY deliveries_by_state WHERE state IN (1, 2, 4, 5)"
         "  UNION ALL"
         "  SELECT (SELECT min(tenant) FROM deliveries INDEXED BY deliveries_by_state"
         "    WHERE state IN (1, 2, 4, 5) AND tenant > tenants.tenant) FROM tenants WHERE tenant IS NOT NULL), "
         "states (state) AS (VALUES (1), (2)) "
         "SELECT (SELECT value FROM counters WHERE name = 'open_deliveries'), min(("
         "  SELECT d.seq FROM deliveries AS d INDEXED BY deliveries_by_state"
         "  WHERE d.tenant = tenants.tenant AND d.state = states.state AND d.state IN (1, 2, 4, 5)"
         "  ORDER BY d.seq LIMIT 1)) FROM tenants CROSS JOIN states";
}

std::string EventsSql(const EventQuery& query) {
  const bool any_type = query.type.empty();
  return absl::StrCat("SELECT ", kEventColumns, query.with_payload ? ", e.payload" : "",
                      " FROM events AS e INDEXED BY ", any_type ? "events_by_tenant" : "events_by_type",
                      " WHERE e.tenant = ?1 AND e.seq >= ?2 AND e.seq < ?3", any_type ? "" : " AND e.type = ?4",
                      query.oldest_first ? " ORDER BY e.seq" : " ORDER BY e.seq DESC");
}

std::string DeliveriesSql(const DeliveryQuery& query) {
  const Index index = IndexFor(query);
  std::string sql = SelectDeliveries(query.with_bodies, absl::StrCat("INDEXED BY ", index.name));
  absl::StrAppend(&sql, " WHERE d.tenant = ?1 AND d.seq >= ?2 AND d.seq < ?3", index.condition);
  if (!query.webhook_id.empty()) absl::StrAppend(&sql, " AND d.webhook_id = ?4");
  if (!query.event_id.empty()) {
    absl::StrAppend(&sql, " AND d.event = (SELECT seq FROM events WHERE tenant = ?1 AND id = ?5)");
  }
  if (!query.event_type.empty()) absl::StrAppend(&sql, " AND d.event_type = ?6");
  if (query.state != v1::Delivery::STATE_UNSPECIFIED) absl::StrAppend(&sql, " AND d.state = ?7");
  absl::StrAppend(&sql, " ORDER BY d.seq DESC");
  return sql;
}

std::string InvocationsSql() {
  return "SELECT i.summary, i.bodies FROM deliveries AS d CROSS JOIN invocations AS i ON i.delivery = d.seq "
         "WHERE d.seq = ? AND d.tenant = ? AND i.attempt > ? ORDER BY i.attempt";
}

absl::StatusOr<std::vector<StoredWebhook>> ReadWebhooks(SqliteConnection& connection) {
  SqliteQuery row(connection,
                  "SELECT w.tenant, w.webhook, s.sealed FROM webhooks AS w "
                  "JOIN webhook_secrets AS s ON s.webhook = w.key ORDER BY w.tenant, w.id");
  std::vector<StoredWebhook> webhooks;
  while (true) {
    HERALD_ASSIGN_OR_RETURN(const bool found, row.Next());
    if (!found) return webhooks;
    v1::Webhook open;
    v1::Webhook sealed;
    HERALD_RETURN_IF_ERROR(MergeBlob(connection, row.Blob(1), open));
    HERALD_RETURN_IF_ERROR(MergeBlob(connection, row.Blob(2), sealed));
    webhooks.push_back({row.Text(0), Join(std::move(open), sealed)});
  }
}

absl::StatusOr<std::vector<StoredHealth>> ReadHealth(SqliteConnection& connection) {
  SqliteQuery row(connection, "SELECT tenant, uid, health FROM webhook_health");
  std::vector<StoredHealth> all;
  while (true) {
    HERALD_ASSIGN_OR_RETURN(const bool found, row.Next());
    if (!found) return all;
    StoredHealth& one = all.emplace_back(StoredHealth{row.Text(0), row.Text(1), {}});
    HERALD_RETURN_IF_ERROR(MergeBlob(connection, row.Blob(2), one.health));
  }
}

absl::StatusOr<int64_t> CountOpen(SqliteConnection& connection, const std::string& tenant,
                                  const std::string& webhook_uid, int64_t count_max) {
  // By the index alone: a webhook is of one tenant.
  SqliteQuery count(connection,
                    "SELECT count(*) FROM (SELECT 1 FROM deliveries INDEXED BY deliveries_open WHERE webhook_uid = "
                    "(SELECT uid FROM webhooks WHERE uid = ? AND tenant = ?) AND state IN (1, 2) LIMIT ?)",
                    webhook_uid, tenant, count_max);
  HERALD_RETURN_IF_ERROR(count.Next().status());
  return count.Int(0);
}

absl::StatusOr<std::vector<OpenLane>> ReadOpenLanes(SqliteConnection& connection) {
  static const std::string& kSql = *new std::string(OpenLanesSql());
  SqliteQuery row(connection, kSql);
  std::vector<OpenLane> lanes;
  while (true) {
    HERALD_ASSIGN_OR_RETURN(const bool found, row.Next());
    if (!found) return lanes;
    lanes.push_back({row.Text(0), row.Text(1), absl::FromUnixMicros(row.Int(2))});
  }
}

absl::StatusOr<QueueState> ReadQueue(SqliteConnection& connection) {
  static const std::string& kSql = *new std::string(QueueSql());
  SqliteQuery row(connection, kSql);
  HERALD_RETURN_IF_ERROR(row.Next().status());
  QueueState queue;
  queue.open = row.Int(0);
  if (!row.IsNull(1)) queue.oldest = TimeOfSequence(row.Int(1));
  return queue;
}

absl::StatusOr<StoredEvent> ReadEvent(SqliteConnection& connection, const std::string& tenant, const std::string& id) {
  static const std::string& kSql = *new std::string(
      absl::StrCat("SELECT ", kEventColumns, ", e.payload FROM events AS e WHERE e.tenant = ? AND e.id = ?"));
  SqliteQuery row(connection, kSql, tenant, id);
  HERALD_ASSIGN_OR_RETURN(const bool found, row.Next());
  if (!found) return EventNotFoundError(id);
  return StoredEventOf(connection, row, /*with_payload=*/true);
}

absl::StatusOr<Page<StoredEvent>> ReadEvents(SqliteConnection& connection, const std::string& tenant,
                                             const EventQuery& query) {
  const std::string sql = EventsSql(query);
  SqliteQuery row(connection, sql, tenant, query.range.first, query.range.end, query.type);
  PageBuilder<StoredEvent> page(query.bounds);
  while (true) {
    HERALD_ASSIGN_OR_RETURN(const bool found, row.Next());
    if (!found) break;
    HERALD_ASSIGN_OR_RETURN(StoredEvent stored, StoredEventOf(connection, row, query.with_payload));
    const size_t bytes = stored.event.ByteSizeLong();
    if (!page.Add(std::move(stored), bytes)) break;
  }
  return std::move(page).Build();
}

absl::StatusOr<v1::Delivery> ReadDelivery(SqliteConnection& connection, const std::string& tenant, Sequence delivery) {
  static const std::string& kSql =
      *new std::string(absl::StrCat(SelectDeliveries(/*with_bodies=*/true, ""), " WHERE d.seq = ? AND d.tenant = ?"));
  SqliteQuery row(connection, kSql, delivery, tenant);
  HERALD_ASSIGN_OR_RETURN(const bool found, row.Next());
  if (!found) return DeliveryNotFoundError(delivery);
  return DeliveryWithResultOf(connection, row, /*with_bodies=*/true);
}

absl::StatusOr<Page<v1::Delivery>> ReadDeliveries(SqliteConnection& connection, const std::string& tenant,
                                                  const DeliveryQuery& query) {
  const std::string sql = DeliveriesSql(query);
  SqliteQuery row(connection, sql, tenant, query.range.first, query.range.end, query.webhook_id, query.event_id,
                  query.event_type, int64_t{query.state});
  PageBuilder<v1::Delivery> page(query.bounds);
  while (true) {
    HERALD_ASSIGN_OR_RETURN(const bool found, row.Next());
    if (!found) break;
    HERALD_ASSIGN_OR_RETURN(v1::Delivery delivery, DeliveryWithResultOf(connection, row, query.with_bodies));
    const size_t bytes = delivery.ByteSizeLong();
    if (!page.Add(std::move(delivery), bytes)) break;
  }
  return std::move(page).Build();
}

absl::StatusOr<Page<v1::InvocationResult>> ReadInvocations(SqliteConnection& connection, const std::string& tenant,
                                                           Sequence delivery, int after, const PageBounds& bounds) {
  static const std::string& kSql = *new std::string(InvocationsSql());
  SqliteQuery row(connection, kSql, delivery, tenant, int64_t{after});
  PageBuilder<v1::InvocationResult> page(bounds);
  while (true) {
    HERALD_ASSIGN_OR_RETURN(const bool found, row.Next());
    if (!found) break;
    v1::InvocationResult result;
    HERALD_RETURN_IF_ERROR(MergeBlob(connection, row.Blob(0), result));
    HERALD_RETURN_IF_ERROR(MergeBlob(connection, row.Blob(1), result));
    const size_t bytes = result.ByteSizeLong();
    if (!page.Add(std::move(result), bytes)) break;
  }
  return std::move(page).Build();
}

}  // namespace herald
