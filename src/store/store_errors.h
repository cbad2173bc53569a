// The errors that every store reports in the same words.

#ifndef HERALD_STORE_STORE_ERRORS_H_
#define HERALD_STORE_STORE_ERRORS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "src/core/sequence.h"
#include "src/store/store.h"

namespace herald {

absl::Status WebhookIdTakenError(absl::string_view id);
absl::Status DisplayNameTakenError(absl::string_view display_name);
absl::Status WebhookLimitError(int webhooks_max);
absl::Status WebhookNotFoundError(absl::string_view id);
absl::Status EtagMismatchError(absl::string_view id);
absl::Status EventTypeTakenError(absl::string_view type);
absl::Status EventTypeLimitError(int event_types_max);
absl::Status EventTypeNotFoundError(absl::string_view type);
absl::Status EventTypeChangedError(absl::string_view type);
absl::Status EventIdReusedError(absl::string_view id);
absl::Status EventNotFoundError(absl::string_view id);
absl::Status DeliveryNotFoundError(Sequence delivery);
absl::Status ReplayNotFoundError(Sequence replay);
// For the engine alone: no caller sees it, so it has no reason.
absl::Status ClaimLostError(Sequence delivery);

// Why a delivery in `state` is not retried, or OK.
absl::Status CheckRetry(const RetryDelivery& write, v1::Delivery::State state, bool webhook_exists,
                        absl::string_view webhook_id);

}  // namespace herald

#endif  // HERALD_STORE_STORE_ERRORS_H_
