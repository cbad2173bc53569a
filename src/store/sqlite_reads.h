// The reads of a SqliteStore, each a query on one connection. Each walks the one index that fits its conditions best,
// newest first, and stops at the end of the page.

#ifndef HERALD_STORE_SQLITE_READS_H_
#define HERALD_STORE_SQLITE_READS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "src/store/sqlite_connection.h"
#include "src/store/store.h"

namespace herald {

absl::StatusOr<std::vector<StoredWebhook>> ReadWebhooks(SqliteConnection& connection);
absl::StatusOr<std::vector<StoredEventType>> ReadEventTypes(SqliteConnection& connection);
absl::StatusOr<std::vector<StoredHealth>> ReadHealth(SqliteConnection& connection);
absl::StatusOr<std::vector<OpenLane>> ReadOpenLanes(SqliteConnection& connection);
absl::StatusOr<int64_t> CountOpen(SqliteConnection& connection, const std::string& tenant,
                                  const std::string& webhook_uid, int64_t count_max);
absl::StatusOr<QueueState> ReadQueue(SqliteConnection& connection);
absl::StatusOr<StoredEvent> ReadEvent(SqliteConnection& connection, const std::string& tenant, const std::string& id);
absl::StatusOr<Page<StoredEvent>> ReadEvents(SqliteConnection& connection, const std::string& tenant,
                                             const EventQuery& query);
absl::StatusOr<v1::Delivery> ReadDelivery(SqliteConnection& connection, const std::string& tenant, Sequence delivery);
absl::StatusOr<Page<v1::Delivery>> ReadDeliveries(SqliteConnection& connection, const std::string& tenant,
                                                  const DeliveryQuery& query);
absl::StatusOr<Page<v1::InvocationResult>> ReadInvocations(SqliteConnection& connection, const std::string& tenant,
                                                           Sequence delivery, int after, const PageBounds& bounds);

absl::StatusOr<std::vector<StoredReplay>> ReadRunningReplays(SqliteConnection& connection);
absl::StatusOr<v1::Replay> ReadReplay(SqliteConnection& connection, const std::string& tenant, Sequence replay);
absl::StatusOr<Page<v1::Replay>> ReadReplays(SqliteConnection& connection, const std::string& tenant,
                                             const ReplayQuery& query);

// The statements of the lists, for those who want to see how they are run.
std::string OpenLanesSql();
std::string QueueSql();
std::string EventsSql(const EventQuery& query);
std::string DeliveriesSql(const DeliveryQuery& query);
std::string InvocationsSql();
std::string ReplaysSql(const ReplayQuery& query);
// The deliveries that a step of it looks at.
std::string ReplayedDeliveriesSql(const v1::Replay& replay);

}  // namespace herald

#endif  // HERALD_STORE_SQLITE_READS_H_
