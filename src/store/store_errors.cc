#include "src/store/store_errors.h"

#include "absl/strings/str_cat.h"
#include "src/core/errors.h"
#include "src/core/names.h"

namespace herald {

absl::Status WebhookIdTakenError(absl::string_view id) {
  return MakeError(absl::StatusCode::kAlreadyExists, v1::WEBHOOK_ID_TAKEN,
                   absl::StrCat(WebhookName(id), " exists; choose another webhook_id"));
}

absl::Status DisplayNameTakenError(absl::string_view display_name) {
  return MakeError(
      absl::StatusCode::kAlreadyExists, v1::DISPLAY_NAME_TAKEN,
      absl::StrCat("another webhook is named \"", display_name, "\", case aside; choose another display_name"));
}

absl::Status WebhookLimitError(int webhooks_max) {
  return MakeError(absl::StatusCode::kResourceExhausted, v1::LIMIT_REACHED,
                   absl::StrCat("there are ", webhooks_max, " webhooks, the most allowed; delete one first"));
}

absl::Status WebhookNotFoundError(absl::string_view id) {
  return MakeError(absl::StatusCode::kNotFound, v1::WEBHOOK_NOT_FOUND, absl::StrCat("there is no ", WebhookName(id)));
}

absl::Status EtagMismatchError(absl::string_view id) {
  return MakeError(absl::StatusCode::kAborted, v1::ETAG_MISMATCH,
                   absl::StrCat(WebhookName(id), " was changed meanwhile; read it again, then repeat the change"));
}

absl::Status EventTypeTakenError(absl::string_view type) {
  return MakeError(absl::StatusCode::kAlreadyExists, v1::EVENT_TYPE_TAKEN,
                   absl::StrCat(EventTypeName(type), " exists; choose another event_type_id"));
}

absl::Status EventTypeLimitError(int event_types_max) {
  return MakeError(absl::StatusCode::kResourceExhausted, v1::LIMIT_REACHED,
                   absl::StrCat("there are ", event_types_max, " event types, the most allowed; delete one first"));
}

absl::Status EventTypeNotFoundError(absl::string_view type) {
  return MakeError(absl::StatusCode::kNotFound, v1::EVENT_TYPE_NOT_FOUND,
                   absl::StrCat("there is no ", EventTypeName(type)));
}

absl::Status EventTypeChangedError(absl::string_view type) {
  return MakeError(absl::StatusCode::kAborted, v1::ETAG_MISMATCH,
                   absl::StrCat(EventTypeName(type), " was changed meanwhile; read it again, then repeat the change"));
}

absl::Status EventIdReusedError(absl::string_view id) {
  return MakeError(absl::StatusCode::kAlreadyExists, v1::EVENT_ID_REUSED,
                   absl::StrCat(EventName(id), " was accepted before; give another event another id"));
}

absl::Status EventNotFoundError(absl::string_view id) {
  return MakeError(absl::StatusCode::kNotFound, v1::EVENT_NOT_FOUND, absl::StrCat("there is no ", EventName(id)));
}

absl::Status DeliveryNotFoundError(Sequence delivery) {
  return MakeError(absl::StatusCode::kNotFound, v1::DELIVERY_NOT_FOUND,
                   absl::StrCat("there is no ", DeliveryName(delivery)));
}

absl::Status ReplayNotFoundError(Sequence replay) {
  return MakeError(absl::StatusCode::kNotFound, v1::REPLAY_NOT_FOUND, absl::StrCat("there is no ", ReplayName(replay)));
}

absl::Status ClaimLostError(Sequence delivery) {
  return absl::AbortedError(absl::StrCat("the claim on ", DeliveryName(delivery), " is no longer held"));
}

absl::Status CheckRetry(const RetryDelivery& write, v1::Delivery::State state, bool webhook_exists,
                        absl::string_view webhook_id) {
  if (!webhook_exists) return WebhookNotFoundError(webhook_id);
  if (write.force || (state != v1::Delivery::SUCCEEDED && state != v1::Delivery::CANCELLED)) return absl::OkStatus();
  return MakeError(absl::StatusCode::kFailedPrecondition, v1::WRONG_STATE,
                   absl::StrCat(DeliveryName(write.delivery), " is ", v1::Delivery::State_Name(state),
                                "; set force to send it again all the same"));
}

}  // namespace herald
