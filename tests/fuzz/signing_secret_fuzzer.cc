// The parser of signing secrets on any text. What it takes prints as itself, parses again to the same key and signs;
// what it refuses, it refuses with a short sentence.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/base/utf8.h"
#include "src/core/signature.h"

namespace herald {
namespace {

void Require(bool holds, absl::string_view what) {
  if (holds) return;
  std::cerr << what << "\n";
  std::abort();
}

void CheckKey(const SigningKey& key, absl::string_view text) {
  Require(key.secret() == text || key.secret() == absl::StrCat("whsec_", text), "a secret prints as another");
  const bool is_ed25519 = key.scheme() == v1::Signing::ED25519;
  Require(is_ed25519 == absl::StartsWith(key.secret(), "whsk_"), "the prefix is not the scheme's");
  Require(is_ed25519 == absl::StartsWith(key.public_key(), "whpk_"), "a public key without need, or none");
  Require(!SigningKey::Parse(key.public_key()).ok(), "a public key passes for a secret");
  const absl::StatusOr<SigningKey> again = SigningKey::Parse(key.secret());
  Require(again.ok() && again->secret() == key.secret() && again->public_key() == key.public_key(),
          "what is printed does not parse to the same key");
  const std::string signature = key.Sign(text);
  Require(again->Sign(text) == signature, "the same key signs otherwise");
  Require(absl::StartsWith(signature, is_ed25519 ? "v1a," : "v1,"), "the signature has another version");
  Require(signature.size() == (is_ed25519 ? 4U + 88 : 3U + 44), "the signature has another size");
}

void Run(absl::string_view text) {
  const absl::StatusOr<SigningKey> key = SigningKey::Parse(text);
  if (key.ok()) return CheckKey(*key, text);
  const absl::string_view sentence = key.status().message();
  Require(IsValidUtf8(sentence) && sentence.size() <= 200, "the sentence is not a short text");
}

}  // namespace
}  // namespace herald

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  herald::Run(absl::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
