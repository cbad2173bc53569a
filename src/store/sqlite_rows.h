// From rows of the SQLite schema to messages.

#ifndef HERALD_STORE_SQLITE_ROWS_H_
#define HERALD_STORE_SQLITE_ROWS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "herald/v1/delivery.pb.h"
#include "herald/v1/event.pb.h"
#include "src/core/sequence.h"
#include "src/store/sqlite_connection.h"

namespace herald {

// What DeliveryOf reads, from `deliveries AS d` and `events AS e`; columns of the caller's own follow.
inline constexpr char kDeliveryColumns[] =
    "d.seq, e.id, d.webhook_id, d.webhook_uid, d.event_type, d.state, d.attempt_count, d.update_time, d.next_time";
inline constexpr int kDeliveryColumnCount = 9;

// Without last_result.
v1::Delivery DeliveryOf(const SqliteQuery& row);

// From events.event; the payload, when it is wanted, is set by SetPayload.
absl::StatusOr<v1::Event> EventOf(const SqliteConnection& connection, Sequence sequence, absl::string_view blob);
// From events.payload.
void SetPayload(const SqliteQuery& row, int column, v1::Event& event);

// Adds what `blob` holds to `message`.
absl::Status MergeBlob(const SqliteConnection& connection, absl::string_view blob,
                       google::protobuf::MessageLite& message);

}  // namespace herald

#endif  // HERALD_STORE_SQLITE_ROWS_H_
