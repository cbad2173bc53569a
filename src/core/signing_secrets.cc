#include "src/core/signing_secrets.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/protobuf_time.h"
#include "src/core/errors.h"

namespace herald {
namespace {

// A secret has a public key when, and only when, it is of ED25519.
v1::Signing::Scheme SchemeOf(const v1::Signing::Secret& secret) {
  return secret.public_key().empty() ? v1::Signing::HMAC_SHA256 : v1::Signing::ED25519;
}

}  // namespace

absl::Time ExpiryOf(const v1::Signing::Secret& secret) {
  return secret.has_expire_time() ? FromProto(secret.expire_time()) : absl::InfiniteFuture();
}

void DropExpiredSecrets(absl::Time now, v1::Signing& signing) {
  auto& secrets = *signing.mutable_secrets();
  secrets.erase(std::remove_if(secrets.begin(), secrets.end(),
                               [now](const v1::Signing::Secret& secret) { return ExpiryOf(secret) <= now; }),
                secrets.end());
}

absl::Status RotateSecret(const SigningKey& key, absl::Duration overlap, absl::Time now, v1::Signing& signing) {
  v1::Signing rotated;
  rotated.set_scheme(signing.scheme());
  v1::Signing::Secret& current = *rotated.add_secrets();
  current.set_value(key.secret());
  current.set_public_key(key.public_key());
  *current.mutable_create_time() = ToProto(now);
  for (const v1::Signing::Secret& former : signing.secrets()) {
    v1::Signing::Secret& kept = *rotated.add_secrets();
    kept = former;
    *kept.mutable_expire_time() = ToProto(std::min(ExpiryOf(former), now + overlap));
  }
  DropExpiredSecrets(now, rotated);
  if (rotated.secrets_size() > kSigningSecretsMax) {
    return MakeError(absl::StatusCode::kFailedPrecondition, v1::WRONG_STATE,
                     absl::StrCat(kSigningSecretsMax,
                                  " secrets sign already; wait until one expires, or rotate with a short overlap"));
  }
  signing = std::move(rotated);
  return absl::OkStatus();
}

absl::Status FollowScheme(absl::string_view random, absl::Time now, v1::Signing& signing) {
  if (signing.scheme() == v1::Signing::NONE) {
    signing.clear_secrets();
    return absl::OkStatus();
  }
  DropExpiredSecrets(now, signing);
  if (!signing.secrets().empty() && SchemeOf(signing.secrets(0)) == signing.scheme()) return absl::OkStatus();
  return RotateSecret(SigningKey::Make(signing.scheme(), random), kSigningOverlapDefault, now, signing);
}

}  // namespace herald
