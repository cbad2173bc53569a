// Signatures of Standard Webhooks 1.0.0 (https://www.standardwebhooks.com): "v1", HMAC-SHA256 by a secret that both
// sides have, and "v1a", Ed25519 by a private key whose public key the receiver has.
//
// A SigningKey is immutable and cheap to copy; thread rule: const calls only.

#ifndef HERALD_CORE_SIGNATURE_H_
#define HERALD_CORE_SIGNATURE_H_

#include <openssl/types.h>

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "herald/v1/webhook.pb.h"

namespace herald {

// What is signed: "{webhook-id}.{webhook-timestamp}.{body}", the time in whole seconds.
std::string SignedContent(absl::string_view webhook_id, absl::Time time, absl::string_view body);

class SigningKey {
 public:
  // "whsec_" and 24 to 64 bytes in base64, or "whsk_" and the 64 bytes of an Ed25519 key pair in base64: the private
  // half, then the public one that belongs to it. Base64 alone is taken for "whsec_". Base64 is that of RFC 4648,
  // padded. INVALID_ARGUMENT: any other text; the sentence holds nothing of it.
  static absl::StatusOr<SigningKey> Parse(absl::string_view secret);

  // A new key from kRandomBytes random bytes, which nobody can foretell. `scheme` is HMAC_SHA256 or ED25519.
  static constexpr size_t kRandomBytes = 32;
  static SigningKey Make(v1::Signing::Scheme scheme, absl::string_view random);

  v1::Signing::Scheme scheme() const { return scheme_; }
  // "whsec_…" or "whsk_…"
  const std::string& secret() const { return secret_; }
  // "whpk_…", for the receiver; empty of HMAC_SHA256.
  const std::string& public_key() const { return public_key_; }

  // "v1,…" or "v1a,…", of what SignedContent made.
  std::string Sign(absl::string_view content) const;

 private:
  SigningKey() = default;

  static SigningKey Hmac(absl::string_view bytes);
  static SigningKey Ed25519(absl::string_view private_half);

  v1::Signing::Scheme scheme_ = v1::Signing::SCHEME_UNSPECIFIED;
  std::string secret_;
  std::string public_key_;
  // One of the two, made ready once, since that costs more than signing.
  std::shared_ptr<EVP_MAC_CTX> hmac_;
  std::shared_ptr<EVP_PKEY> ed25519_;
};

}  // namespace herald

#endif  // HERALD_CORE_SIGNATURE_H_
