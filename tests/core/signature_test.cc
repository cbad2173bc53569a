#include "src/core/signature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "src/base/json.h"
#include "tests/support/shared_data.h"

namespace herald {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kHmac[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr char kPrivate[] =
    "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
constexpr char kPublic[] = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";

std::string Signed(absl::string_view secret, absl::string_view id, int64_t seconds, absl::string_view body) {
  const absl::StatusOr<SigningKey> key = SigningKey::Parse(secret);
  if (!key.ok()) return key.status().ToString();
  return key->Sign(SignedContent(id, absl::FromUnixSeconds(seconds), body));
}

TEST(Signature, IsThatOfStandardWebhooks) {
  const struct {
    const char* secret;
    const char* id;
    int64_t seconds;
    const char* body;
    const char* signature;
  } kCases[] = {
      {kHmac, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})",
       "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
      {kHmac, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "", "v1,v48jdbgvh29KJz2Qc+ghw8G6vG3nAKnujWBg8oM/62A="},
      {kHmac, "evt_1", 1, "{}", "v1,j+LL7xxemLoDFHK4bvCWEQrtmsoC/zp/ybluFkhwd/A="},
      {"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==", "evt_1",
       1700000000, R"({"a":1})", "v1,k5wDJwOiHNZkLq1i/+26J7K08XW7FHXYG7WXUTzzYF4="},
      {kPrivate, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})",
       "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg=="},
  };
  for (const auto& c : kCases) EXPECT_EQ(Signed(c.secret, c.id, c.seconds, c.body), c.signature);
}

TEST(Signature, TakesWholeSeconds) {
  EXPECT_EQ(SignedContent("dlv_1", absl::FromUnixMillis(1'999), "{}"), "dlv_1.1.{}");
}

TEST(Signature, SignsAlikeTimeAndAgain) {
  const SigningKey key = SigningKey::Parse(kHmac).value();
  const std::string once = key.Sign("a");
  EXPECT_NE(once, key.Sign("b"));
  EXPECT_EQ(once, key.Sign("a"));
}

TEST(SigningKey, ShowsWhatTheReceiverNeeds) {
  const SigningKey hmac = SigningKey::Parse(kHmac).value();
  EXPECT_EQ(hmac.scheme(), v1::Signing::HMAC_SHA256);
  EXPECT_EQ(hmac.secret(), kHmac);
  EXPECT_EQ(hmac.public_key(), "");
  const SigningKey ed25519 = SigningKey::Parse(kPrivate).value();
  EXPECT_EQ(ed25519.scheme(), v1::Signing::ED25519);
  EXPECT_EQ(ed25519.secret(), kPrivate);
  EXPECT_EQ(ed25519.public_key(), kPublic);
}

TEST(SigningKey, TakesBase64AloneForASharedSecret) { EXPECT_EQ(SigningKey::Parse(kHmac + 6)->secret(), kHmac); }

TEST(SigningKey, RefusesWithAReasonAndWithoutTheText) {
  const struct {
    const char* secret;
    const char* sentence;
  } kCases[] = {
      {"", "is whsec_ and 0 bytes in base64; 24 to 64 are allowed"},
      {"whsec_", "is whsec_ and 0 bytes in base64; 24 to 64 are allowed"},
      {"whsec_bm90LXZhbGlkCg==", "is whsec_ and 10 bytes in base64"},
      {"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0A=",
       "is whsec_ and 65 bytes in base64"},
      {"whsec_%", "is no secret; give whsec_ or whsk_ and padded base64"},
      {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", "is no secret"},
      {" whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "is no secret"},
      {"WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "is no secret"},
      {"whsec_whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "is no secret"},
      {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAA", "is no secret"},    // no padding
      {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAB==", "is no secret"},  // stray bits
      {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2La_aSw", "is no secret"},      // base64url
      {kPublic, "is a public key; give the secret one"},
      {"whsk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=", "is whsk_ and 32 bytes in base64; 64 are required"},
      {"whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlaaaaaaaaaaAJ6p9lMicMFs6Kvg==",
       "holds a public key that does not belong to its private key"},
  };
  for (const auto& c : kCases) {
    const absl::Status status = SigningKey::Parse(c.secret).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << c.secret;
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.sentence)) << c.secret;
    EXPECT_LE(status.message().size(), 200u);
    const bool is_long = std::string(c.secret).size() > 12;
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr(is_long ? c.secret + 8 : "whpk")));
  }
}

TEST(SigningKey, MakesKeysThatParse) {
  const std::string random = "0123456789abcdef0123456789abcdef";
  for (const auto scheme : {v1::Signing::HMAC_SHA256, v1::Signing::ED25519}) {
    const SigningKey made = SigningKey::Make(scheme, random);
    EXPECT_EQ(made.scheme(), scheme);
    const SigningKey parsed = SigningKey::Parse(made.secret()).value();
    EXPECT_EQ(parsed.public_key(), made.public_key());
    EXPECT_EQ(parsed.Sign("content"), made.Sign("content"));
  }
  EXPECT_EQ(SigningKey::Make(v1::Signing::HMAC_SHA256, random).secret(),
            absl::StrCat("whsec_", absl::Base64Escape(random)));
}

// What a receiver decides, as the specification says it, for the vectors of others.
bool ReceiverAccepts(const SigningKey& key, const JsonValue& vector) {
  std::string id;
  std::string timestamp;
  std::string signatures;
  for (const JsonMember& header : vector.Find("headers")->members()) {
    const std::string name = absl::AsciiStrToLower(header.name);
    std::string& value = name == "webhook-id" ? id : name == "webhook-timestamp" ? timestamp : signatures;
    value = std::string(header.value.string());
  }
  int64_t seconds = 0;
  if (id.empty() || !absl::SimpleAtoi(timestamp, &seconds)) return false;
  const double now = vector.Find("now")->number();
  if (std::abs(now - static_cast<double>(seconds)) > vector.Find("tolerance_seconds")->number()) return false;
  const std::string content = SignedContent(id, absl::FromUnixSeconds(seconds), vector.Find("payload")->string());
  const std::vector<std::string> given = absl::StrSplit(signatures, ' ');
  return std::find(given.begin(), given.end(), key.Sign(content)) != given.end();
}

class SharedVectors : public testing::Test {
 protected:
  void SetUp() override {
    if (!document_.has_value()) GTEST_SKIP() << NoSharedData(kFile);
  }
  absl::Span<const JsonValue> All(const char* name) { return document_->root().Find(name)->items(); }

  static constexpr char kFile[] = "standard-webhooks/vectors.json";
  const std::optional<JsonDocument> document_ = SharedData(kFile);
};

TEST_F(SharedVectors, EverySignatureIsTheSame) {
  for (const JsonValue& vector : All("sign")) {
    std::string body;
    if (const JsonValue* repeat = vector.Find("payload_repeat")) {
      body.assign(static_cast<size_t>(repeat->Find("count")->number()), repeat->Find("char")->string()[0]);
    } else {
      body = std::string(vector.Find("payload")->string());
    }
    const absl::string_view secret = vector.Find("secret")->string();
    EXPECT_EQ(
        Signed(secret, vector.Find("id")->string(), static_cast<int64_t>(vector.Find("timestamp")->number()), body),
        vector.Find("signature")->string())
        << vector.Find("name")->string();
    const JsonValue* public_key = vector.Find("public_key");
    EXPECT_EQ(SigningKey::Parse(secret)->public_key(), public_key == nullptr ? "" : public_key->string());
  }
}

TEST_F(SharedVectors, EverySecretIsJudgedAsItSays) {
  for (const JsonValue& vector : All("secrets")) {
    const absl::string_view secret = vector.Find("secret")->string();
    const absl::StatusOr<SigningKey> key = SigningKey::Parse(secret);
    EXPECT_EQ(key.ok(), vector.Find("valid")->bool_value()) << secret << ": " << key.status();
    if (!key.ok()) continue;
    EXPECT_EQ(key->secret(), secret);
    EXPECT_EQ(key->scheme() == v1::Signing::ED25519, vector.Find("kind")->string() == "ed25519");
  }
}

TEST_F(SharedVectors, ReceiversDecideByTheSameSignatures) {
  for (const JsonValue& vector : All("verify")) {
    const absl::StatusOr<SigningKey> key = SigningKey::Parse(vector.Find("secret")->string());
    ASSERT_TRUE(key.ok()) << key.status();
    EXPECT_EQ(ReceiverAccepts(*key, vector), vector.Find("valid")->bool_value()) << vector.Find("name")->string();
  }
}

}  // namespace
}  // namespace herald
