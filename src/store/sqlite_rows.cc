#include "src/store/sqlite_rows.h"

#include <google/protobuf/io/coded_stream.h>

#include "src/base/protobuf_time.h"
#include "src/base/status_macros.h"
#include "src/core/names.h"

namespace herald {

v1::Delivery DeliveryOf(const SqliteQuery& row) {
  v1::Delivery delivery;
  const Sequence sequence = row.Int(0);
  delivery.set_name(DeliveryName(sequence));
  delivery.set_event(EventName(row.Blob(1)));
  delivery.set_webhook(WebhookName(row.Blob(2)));
  delivery.set_webhook_uid(row.Text(3));
  delivery.set_event_type(row.Text(4));
  delivery.set_state(static_cast<v1::Delivery::State>(row.Int(5)));
  delivery.set_attempt_count(static_cast<int32_t>(row.Int(6)));
  *delivery.mutable_create_time() = ToProto(TimeOfSequence(sequence));
  *delivery.mutable_update_time() = ToProto(absl::FromUnixMicros(row.Int(7)));
  if (!row.IsNull(8)) *delivery.mutable_next_attempt_time() = ToProto(absl::FromUnixMicros(row.Int(8)));
  return delivery;
}

absl::StatusOr<v1::Event> EventOf(const SqliteConnection& connection, Sequence sequence, absl::string_view blob) {
  v1::Event event;
  HERALD_RETURN_IF_ERROR(MergeBlob(connection, blob, event));
  event.set_name(EventName(event.id()));
  *event.mutable_accept_time() = ToProto(TimeOfSequence(sequence));
  return event;
}

void SetPayload(const SqliteQuery& row, int column, v1::Event& event) {
  if (!row.IsNull(column)) event.set_data_json(row.Text(column));
}

absl::Status MergeBlob(const SqliteConnection& connection, absl::string_view blob,
                       google::protobuf::MessageLite& message) {
  google::protobuf::io::CodedInputStream stream(reinterpret_cast<const uint8_t*>(blob.data()),
                                                static_cast<int>(blob.size()));
  if (message.MergeFromCodedStream(&stream)) return absl::OkStatus();
  return SqliteError(connection.path(), SQLITE_CORRUPT, "a message in it is damaged");
}

}  // namespace herald
