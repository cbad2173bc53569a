#include "src/engine/signing_requests.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/protobuf_time.h"
#include "src/base/status_macros.h"
#include "src/core/errors.h"
#include "src/core/field_checks.h"
#include "src/core/signing_secrets.h"

namespace herald {
namespace {

absl::Status CheckSigns(const v1::Webhook& webhook) {
  if (webhook.signing().scheme() != v1::Signing::NONE) return absl::OkStatus();
  return MakeError(absl::StatusCode::kFailedPrecondition, v1::WRONG_STATE,
                   absl::StrCat(webhook.name(), " has signing.scheme NONE; change it to HMAC_SHA256 or ED25519 first"));
}

// The key given, or a new one.
absl::StatusOr<SigningKey> KeyFor(const v1::Signing& signing, const std::string& secret, absl::string_view random) {
  if (secret.empty()) return SigningKey::Make(signing.scheme(), random);
  HERALD_ASSIGN_OR_RETURN(SigningKey key, SigningKey::Parse(secret));
  if (key.scheme() != signing.scheme()) {
    return absl::InvalidArgumentError(
        absl::StrCat("is a secret of ", v1::Signing::Scheme_Name(key.scheme()), " and the webhook's signing.scheme is ",
                     v1::Signing::Scheme_Name(signing.scheme()), "; give one of that, or change the scheme first"));
  }
  for (const v1::Signing::Secret& other : signing.secrets()) {
    if (other.value() == key.secret())
      return absl::InvalidArgumentError("is one of the webhook's already; give another");
  }
  return key;
}

}  // namespace

absl::StatusOr<v1::Signing> Rotated(const v1::Webhook& webhook, const v1::RotateSigningSecretRequest& request,
                                    absl::string_view random, absl::Time now) {
  HERALD_RETURN_IF_ERROR(CheckSigns(webhook));
  FieldViolations violations;
  const absl::StatusOr<SigningKey> key = KeyFor(webhook.signing(), request.secret(), random);
  if (!key.ok()) violations.Add("secret", key.status().message());
  if (request.has_overlap()) {
    CheckDuration(request.overlap(), {.min = absl::ZeroDuration(), .max = kSigningOverlapMax}, "overlap", violations);
  }
  if (!violations.empty()) return violations.ToStatus();
  const absl::Duration overlap = request.has_overlap() ? FromProto(request.overlap()) : kSigningOverlapDefault;
  v1::Signing signing = webhook.signing();
  HERALD_RETURN_IF_ERROR(RotateSecret(*key, overlap, now, signing));
  return signing;
}

absl::StatusOr<v1::SigningSecret> SigningSecretOf(const v1::Webhook& webhook, absl::Time now) {
  HERALD_RETURN_IF_ERROR(CheckSigns(webhook));
  v1::Signing signing = webhook.signing();
  DropExpiredSecrets(now, signing);
  v1::SigningSecret shown;
  shown.set_webhook(webhook.name());
  *shown.mutable_secrets() = std::move(*signing.mutable_secrets());
  return shown;
}

}  // namespace herald
