#include "src/core/signature.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <cstdlib>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace herald {
namespace {

constexpr char kHmacPrefix[] = "whsec_";
constexpr char kPrivatePrefix[] = "whsk_";
constexpr char kPublicPrefix[] = "whpk_";
constexpr size_t kHmacBytesMin = 24;
constexpr size_t kHmacBytesMax = 64;
constexpr size_t kHmacBytes = 32;  // of a signature
constexpr size_t kEd25519HalfBytes = 32;
constexpr size_t kEd25519SignatureBytes = 64;

// A mistake of the caller, or OpenSSL without memory or without SHA-256 and Ed25519: nothing can be sent then.
void Require(bool succeeded) {
  if (!succeeded) std::abort();
}

const unsigned char* Bytes(absl::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

template <size_t kSize>
std::string Base64(const std::array<unsigned char, kSize>& bytes) {
  return absl::Base64Escape(absl::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

// Nothing but for what Base64Escape gives: no line breaks, no missing padding, no stray bits.
std::optional<std::string> FromBase64(absl::string_view text) {
  std::string bytes;
  if (!absl::Base64Unescape(text, &bytes) || absl::Base64Escape(bytes) != text) return std::nullopt;
  return bytes;
}

std::string SignHmac(EVP_MAC_CTX& ready, absl::string_view content) {
  const std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)> context(EVP_MAC_CTX_dup(&ready), &EVP_MAC_CTX_free);
  std::array<unsigned char, kHmacBytes> mac{};
  size_t size = 0;
  Require(context != nullptr && EVP_MAC_update(context.get(), Bytes(content), content.size()) == 1 &&
          EVP_MAC_final(context.get(), mac.data(), &size, mac.size()) == 1 && size == mac.size());
  return absl::StrCat("v1,", Base64(mac));
}

std::string SignEd25519(EVP_PKEY& key, absl::string_view content) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  std::array<unsigned char, kEd25519SignatureBytes> signature{};
  size_t size = signature.size();
  Require(context != nullptr && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, &key) == 1 &&
          EVP_DigestSign(context.get(), signature.data(), &size, Bytes(content), content.size()) == 1 &&
          size == signature.size());
  return absl::StrCat("v1a,", Base64(signature));
}

}  // namespace

std::string SignedContent(absl::string_view webhook_id, absl::Time time, absl::string_view body) {
  return absl::StrCat(webhook_id, ".", absl::ToUnixSeconds(time), ".", body);
}

SigningKey SigningKey::Hmac(absl::string_view bytes) {
  SigningKey key;
  key.scheme_ = v1::Signing::HMAC_SHA256;
  key.secret_ = absl::StrCat(kHmacPrefix, absl::Base64Escape(bytes));
  const std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> mac(EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr),
                                                              &EVP_MAC_free);
  Require(mac != nullptr);
  key.hmac_ = std::shared_ptr<EVP_MAC_CTX>(EVP_MAC_CTX_new(mac.get()), &EVP_MAC_CTX_free);
  char digest[] = "SHA256";
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                               OSSL_PARAM_construct_end()};
  Require(key.hmac_ != nullptr && EVP_MAC_init(key.hmac_.get(), Bytes(bytes), bytes.size(), params) == 1);
  return key;
}

SigningKey SigningKey::Ed25519(absl::string_view private_half) {
  SigningKey key;
  key.scheme_ = v1::Signing::ED25519;
  key.ed25519_ = std::shared_ptr<EVP_PKEY>(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, Bytes(private_half), private_half.size()),
      &EVP_PKEY_free);
  std::string public_half(kEd25519HalfBytes, '\0');
  size_t size = public_half.size();
  Require(key.ed25519_ != nullptr &&
          EVP_PKEY_get_raw_public_key(key.ed25519_.get(), reinterpret_cast<unsigned char*>(public_half.data()),
                                      &size) == 1 &&
          size == public_half.size());
  key.secret_ = absl::StrCat(kPrivatePrefix, absl::Base64Escape(absl::StrCat(private_half, public_half)));
  key.public_key_ = absl::StrCat(kPublicPrefix, absl::Base64Escape(public_half));
  return key;
}

absl::StatusOr<SigningKey> SigningKey::Parse(absl::string_view secret) {
  if (absl::StartsWith(secret, kPublicPrefix)) {
    return absl::InvalidArgumentError("is a public key; give the secret one, which begins with whsk_");
  }
  absl::string_view text = secret;
  const bool is_ed25519 = absl::ConsumePrefix(&text, kPrivatePrefix);
  if (!is_ed25519) absl::ConsumePrefix(&text, kHmacPrefix);
  const std::optional<std::string> bytes = FromBase64(text);
  if (!bytes.has_value()) {
    return absl::InvalidArgumentError("is no secret; give whsec_ or whsk_ and padded base64, with nothing around them");
  }
  if (!is_ed25519) {
    if (bytes->size() >= kHmacBytesMin && bytes->size() <= kHmacBytesMax) return Hmac(*bytes);
    return absl::InvalidArgumentError(absl::StrCat("is whsec_ and ", bytes->size(), " bytes in base64; ", kHmacBytesMin,
                                                   " to ", kHmacBytesMax, " are allowed"));
  }
  if (bytes->size() != 2 * kEd25519HalfBytes) {
    return absl::InvalidArgumentError(absl::StrCat("is whsk_ and ", bytes->size(), " bytes in base64; ",
                                                   2 * kEd25519HalfBytes,
                                                   " are required: the private key and its public key"));
  }
  SigningKey key = Ed25519(bytes->substr(0, kEd25519HalfBytes));
  if (key.secret() == secret) return key;
  return absl::InvalidArgumentError("holds a public key that does not belong to its private key; make a new pair");
}

SigningKey SigningKey::Make(v1::Signing::Scheme scheme, absl::string_view random) {
  Require(random.size() == kRandomBytes);
  return scheme == v1::Signing::ED25519 ? Ed25519(random) : Hmac(random);
}

std::string SigningKey::Sign(absl::string_view content) const {
  return ed25519_ != nullptr ? SignEd25519(*ed25519_, content) : SignHmac(*hmac_, content);
}

}  // namespace herald
