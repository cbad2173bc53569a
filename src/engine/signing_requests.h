// What the calls about signing secrets do, as functions of the webhook and the request.
//
// Pure functions.

#ifndef HERALD_ENGINE_SIGNING_REQUESTS_H_
#define HERALD_ENGINE_SIGNING_REQUESTS_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "herald/v1/webhook_service.pb.h"

namespace herald {

// The webhook's signing after the rotation that `request` asks for; `random` as in SigningKey::Make. The errors are
// those of herald.v1.WebhookService.RotateSigningSecret.
absl::StatusOr<v1::Signing> Rotated(const v1::Webhook& webhook, const v1::RotateSigningSecretRequest& request,
                                    absl::string_view random, absl::Time now);

// The secrets that sign at `now`. FAILED_PRECONDITION: WRONG_STATE, when the webhook does not sign.
absl::StatusOr<v1::SigningSecret> SigningSecretOf(const v1::Webhook& webhook, absl::Time now);

}  // namespace herald

#endif  // HERALD_ENGINE_SIGNING_REQUESTS_H_
