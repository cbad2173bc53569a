// The secrets with which a webhook's requests are signed: made, rotated, expired. The current one comes first; the
// former ones sign beside it until they expire, so that a receiver can change over without a gap.
//
// Pure functions.

#ifndef HERALD_CORE_SIGNING_SECRETS_H_
#define HERALD_CORE_SIGNING_SECRETS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "herald/v1/webhook.pb.h"
#include "src/core/signature.h"

namespace herald {

inline constexpr absl::Duration kSigningOverlapDefault = absl::Hours(24);
inline constexpr absl::Duration kSigningOverlapMax = absl::Hours(7 * 24);
inline constexpr int kSigningSecretsMax = 4;

// When `secret` no longer signs; the current one: never.
absl::Time ExpiryOf(const v1::Signing::Secret& secret);

// Drops the secrets that no longer sign at `now`.
void DropExpiredSecrets(absl::Time now, v1::Signing& signing);

// Makes `key` the current secret. The former ones sign for `overlap` more, or as long as they would have, if that is
// less; those that sign no longer are dropped. FAILED_PRECONDITION: WRONG_STATE, when more than 4 would sign; then
// `signing` stays as it is.
absl::Status RotateSecret(const SigningKey& key, absl::Duration overlap, absl::Time now, v1::Signing& signing);

// Gives `signing` the secrets that its scheme, which is set, asks for. NONE: none. Another scheme than the current
// secret's, or no secret yet: a new one (`random` as in SigningKey::Make), as after a rotation with the default
// overlap, with its errors.
absl::Status FollowScheme(absl::string_view random, absl::Time now, v1::Signing& signing);

}  // namespace herald

#endif  // HERALD_CORE_SIGNING_SECRETS_H_
