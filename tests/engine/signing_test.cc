// Signing secrets from their making to their end, and the requests that they sign.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/protobuf_time.h"
#include "src/core/errors.h"
#include "src/core/signature.h"
#include "tests/engine/engine_fixture.h"

namespace herald {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr char kOwnSecret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

class SigningTest : public EngineTest {
 protected:
  // The values of the secrets that sign, the current one first.
  std::vector<std::string> Secrets(const std::string& id = "a") {
    const auto secrets = engine_->registry.GetSigningSecret(kTenant, "webhooks/" + id);
    EXPECT_TRUE(secrets.ok()) << secrets.status();
    return secrets.ok() ? Values(*secrets) : std::vector<std::string>();
  }
  static std::vector<std::string> Values(const v1::SigningSecret& shown) {
    std::vector<std::string> values;
    for (const v1::Signing::Secret& secret : shown.secrets()) values.push_back(secret.value());
    return values;
  }

  absl::StatusOr<v1::SigningSecret> Rotate(const std::string& more = "") {
    const auto request = FromJson<v1::RotateSigningSecretRequest>(R"({"name": "webhooks/a")" + more + "}");
    absl::StatusOr<v1::SigningSecret> rotated = absl::UnknownError("no answer");
    engine_->registry.RotateSigningSecret(
        kTenant, request, [&](absl::StatusOr<v1::SigningSecret> answer) { rotated = std::move(answer); });
    Run();
    return rotated;
  }

  absl::StatusOr<v1::Webhook> SetScheme(v1::Signing::Scheme scheme) {
    v1::Webhook webhook;
    webhook.set_name("webhooks/a");
    webhook.mutable_signing()->set_scheme(scheme);
    return Update(webhook, {"signing.scheme"});
  }

  static std::string Header(const HttpRequest& request, const std::string& name) {
    for (const auto& [header, value] : request.headers) {
      if (header == name) return value;
    }
    return "";
  }
  // What the request's signatures must be by `secrets`.
  static std::string SignatureBy(const std::vector<std::string>& secrets, const HttpRequest& request) {
    std::string signatures;
    for (const std::string& secret : secrets) {
      absl::StrAppend(&signatures, signatures.empty() ? "" : " ",
                      SigningKey::Parse(secret)->Sign(absl::StrCat(Header(request, "webhook-id"), ".",
                                                                   Header(request, "webhook-timestamp"), ".",
                                                                   request.body.value_or(""))));
    }
    return signatures;
  }
  // Sends an event and expects its signatures to be by `secrets`.
  void ExpectSigns(const std::vector<std::string>& secrets) {
    ASSERT_TRUE(Dispatch().ok());
    const HttpRequest& request = sender_.sent.back();
    EXPECT_EQ(Header(request, "webhook-signature"), SignatureBy(secrets, request));
  }
};

TEST_F(SigningTest, ANewWebhookSignsAndShowsNoSecret) {
  const auto created = Create("a");
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ(created->signing().scheme(), v1::Signing::HMAC_SHA256);
  ASSERT_EQ(created->signing().secrets_size(), 1);
  EXPECT_EQ(created->signing().secrets(0).value(), "***");
  EXPECT_EQ(FromProto(created->signing().secrets(0).create_time()), clock_.Now());
  const std::vector<std::string> secrets = Secrets();
  EXPECT_THAT(secrets, ElementsAre(StartsWith("whsec_")));
  ExpectSigns(secrets);
}

TEST_F(SigningTest, SecretsOfARequestAreIgnored) {
  ASSERT_TRUE(Create("a", absl::StrCat(R"(, "signing": {"secrets": [{"value": ")", kOwnSecret, R"("}]})")).ok());
  const std::vector<std::string> before = Secrets();
  EXPECT_THAT(before, AllOf(SizeIs(1), Not(ElementsAre(kOwnSecret))));
  v1::Webhook edit;
  edit.set_name("webhooks/a");
  edit.mutable_signing()->add_secrets()->set_value(kOwnSecret);
  ASSERT_TRUE(Update(edit, {}).ok());
  EXPECT_EQ(Secrets(), before);
  EXPECT_EQ(ReasonOf(Update(edit, {"signing.secrets"}).status()), v1::INVALID_FIELDS);
}

TEST_F(SigningTest, EveryWebhookHasASecretOfItsOwn) {
  ASSERT_TRUE(Create("a").ok());
  ASSERT_TRUE(Create("b").ok());
  EXPECT_NE(Secrets("a"), Secrets("b"));
}

TEST_F(SigningTest, EveryAttemptHasItsOwnTimeAndOneId) {
  sender_.answer = [](const HttpRequest&) { return ScriptedSender::Status(503); };
  ASSERT_TRUE(Create("a").ok());
  ASSERT_TRUE(Dispatch().ok());
  Advance(absl::Seconds(5));
  ASSERT_EQ(sender_.sent.size(), 2U);
  EXPECT_EQ(Header(sender_.sent[0], "webhook-timestamp"), "1700000000");
  EXPECT_EQ(Header(sender_.sent[1], "webhook-timestamp"), "1700000005");
  EXPECT_EQ(Header(sender_.sent[0], "webhook-id"), Header(sender_.sent[1], "webhook-id"));
  for (const HttpRequest& request : sender_.sent) {
    EXPECT_EQ(Header(request, "webhook-signature"), SignatureBy(Secrets(), request));
  }
}

TEST_F(SigningTest, FormerSecretsSignUntilTheOverlapEnds) {
  const auto created = Create("a");
  const std::string first = Secrets().at(0);
  const auto rotated = Rotate(R"(, "overlap": "3600s")");
  ASSERT_TRUE(rotated.ok()) << rotated.status();
  EXPECT_EQ(rotated->webhook(), "webhooks/a");
  const std::vector<std::string> both = Values(*rotated);
  EXPECT_THAT(both, ElementsAre(Not(first), first));
  EXPECT_EQ(Secrets(), both);
  EXPECT_EQ(FromProto(rotated->secrets(1).expire_time()), clock_.Now() + absl::Hours(1));
  EXPECT_NE(engine_->registry.Get(kTenant, "webhooks/a")->etag(), created->etag());
  ExpectSigns(both);
  Advance(absl::Hours(1) - absl::Seconds(1));
  ExpectSigns(both);
  Advance(absl::Seconds(1));
  ExpectSigns({both[0]});
  EXPECT_THAT(Secrets(), ElementsAre(both[0]));
}

TEST_F(SigningTest, TheOverlapIsADayUnlessItIsGiven) {
  ASSERT_TRUE(Create("a").ok());
  EXPECT_EQ(FromProto(Rotate()->secrets(1).expire_time()), clock_.Now() + absl::Hours(24));
  EXPECT_THAT(Values(*Rotate(R"(, "overlap": "0s")")), SizeIs(1));
  EXPECT_EQ(ReasonOf(Rotate(R"(, "overlap": "604801s")").status()), v1::INVALID_FIELDS);
  EXPECT_EQ(ReasonOf(Rotate(R"(, "overlap": "-1s")").status()), v1::INVALID_FIELDS);
}

TEST_F(SigningTest, ExpiredSecretsGoWithTheNextChange) {
  ASSERT_TRUE(Create("a").ok());
  ASSERT_TRUE(Rotate(R"(, "overlap": "3600s")").ok());
  Advance(absl::Hours(1));
  EXPECT_EQ(engine_->registry.Get(kTenant, "webhooks/a")->signing().secrets_size(), 2);
  v1::Webhook edit;
  edit.set_name("webhooks/a");
  edit.set_description("changed");
  EXPECT_EQ(Update(edit, {})->signing().secrets_size(), 1);
}

TEST_F(SigningTest, AtMostFourSecretsSign) {
  ASSERT_TRUE(Create("a").ok());
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(Rotate().ok());
  EXPECT_EQ(ReasonOf(Rotate().status()), v1::WRONG_STATE);
  EXPECT_EQ(ReasonOf(SetScheme(v1::Signing::ED25519).status()), v1::WRONG_STATE);
  EXPECT_THAT(Secrets(), SizeIs(4));
  EXPECT_TRUE(Rotate(R"(, "overlap": "0s")").ok());
}

TEST_F(SigningTest, RotatesOnlyTheVersionThatItsCallerKnows) {
  const auto created = Create("a");
  ASSERT_TRUE(Rotate(absl::StrCat(R"(, "etag": ")", created->etag(), "\"")).ok());
  EXPECT_EQ(ReasonOf(Rotate(absl::StrCat(R"(, "etag": ")", created->etag(), "\"")).status()), v1::ETAG_MISMATCH);
  EXPECT_THAT(Secrets(), SizeIs(2));
}

TEST_F(SigningTest, RotationsAtOnceAllHold) {
  ASSERT_TRUE(Create("a").ok());
  v1::RotateSigningSecretRequest request;
  request.set_name("webhooks/a");
  int answered = 0;
  for (int i = 0; i < 2; ++i) {
    engine_->registry.RotateSigningSecret(kTenant, request, [&](const absl::StatusOr<v1::SigningSecret>& rotated) {
      EXPECT_TRUE(rotated.ok()) << rotated.status();
      ++answered;
    });
  }
  Run();
  EXPECT_EQ(answered, 2);
  EXPECT_THAT(Secrets(), SizeIs(3));
}

TEST_F(SigningTest, TakesASecretThatIsGiven) {
  ASSERT_TRUE(Create("a").ok());
  const std::string given = absl::StrCat(R"(, "secret": ")", kOwnSecret, "\"");
  const auto rotated = Rotate(given);
  ASSERT_TRUE(rotated.ok()) << rotated.status();
  EXPECT_EQ(rotated->secrets(0).value(), kOwnSecret);
  for (const std::string& refused :
       {given, std::string(R"(, "secret": "whsec_spoiled!")"),
        absl::StrCat(R"(, "secret": ")",
                     SigningKey::Make(v1::Signing::ED25519, random_.Bytes(SigningKey::kRandomBytes)).secret(), "\"")}) {
    const absl::Status status = Rotate(refused).status();
    EXPECT_EQ(BadRequestOf(status).field_violations(0).field(), "secret");
    EXPECT_THAT(std::string(status.message()), AllOf(Not(HasSubstr("spoiled")), Not(HasSubstr("MfKQ"))));
  }
  EXPECT_THAT(Secrets(), SizeIs(2));
}

TEST_F(SigningTest, AnotherSchemeBringsASecretAtOnceAndTheOldOneSignsOn) {
  ASSERT_TRUE(Create("a").ok());
  const std::string first = Secrets().at(0);
  const auto updated = SetScheme(v1::Signing::ED25519);
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_THAT(updated->signing().secrets(0).public_key(), StartsWith("whpk_"));
  const std::vector<std::string> both = Secrets();
  EXPECT_THAT(both, ElementsAre(StartsWith("whsk_"), first));
  ExpectSigns(both);
  EXPECT_THAT(Header(sender_.sent.back(), "webhook-signature"), AllOf(StartsWith("v1a,"), HasSubstr(" v1,")));
  Advance(absl::Hours(24));
  ExpectSigns({both[0]});
}

TEST_F(SigningTest, WithoutASchemeNothingIsSigned) {
  ASSERT_TRUE(Create("a", R"(, "signing": {"scheme": "NONE"})").ok());
  ASSERT_TRUE(Dispatch().ok());
  EXPECT_EQ(Header(sender_.sent.back(), "webhook-signature"), "");
  EXPECT_EQ(Header(sender_.sent.back(), "webhook-timestamp"), "1700000000");
  EXPECT_EQ(ReasonOf(Rotate().status()), v1::WRONG_STATE);
  EXPECT_EQ(ReasonOf(engine_->registry.GetSigningSecret(kTenant, "webhooks/a").status()), v1::WRONG_STATE);
  EXPECT_EQ(ReasonOf(engine_->registry.GetSigningSecret(kTenant, "webhooks/b").status()), v1::WEBHOOK_NOT_FOUND);
  ASSERT_TRUE(SetScheme(v1::Signing::HMAC_SHA256).ok());
  ExpectSigns(Secrets());
}

TEST_F(SigningTest, SecretsSurviveARestart) {
  ASSERT_TRUE(Create("a").ok());
  ASSERT_TRUE(Rotate().ok());
  const std::vector<std::string> before = Secrets();
  Restart();
  EXPECT_EQ(Secrets(), before);
  ExpectSigns(before);
}

TEST_F(SigningTest, AWebhookSavedBeforeThereWereSecretsGetsOneAtTheStart) {
  WriteBatch batch;
  v1::Webhook old = FromJson<v1::Webhook>(
      R"({"name": "webhooks/a", "uid": "u", "etag": "e", "display_name": "a", "triggers": ["*"],
          "url": "https://a.example.com/in", "state": "ACTIVE", "method": "POST", "content_type": "application/json"})");
  batch.push_back(CreateWebhook{kTenant, old, 0, {}});
  ASSERT_TRUE(memory_.Apply(batch).ok());
  Restart();
  const std::vector<std::string> secrets = Secrets();
  EXPECT_THAT(secrets, ElementsAre(StartsWith("whsec_")));
  EXPECT_EQ(engine_->registry.Get(kTenant, "webhooks/a")->etag(), "e") << "nothing that people set has changed";
  Restart();
  EXPECT_EQ(Secrets(), secrets) << "it was not stored";
  ExpectSigns(secrets);
}

TEST_F(SigningTest, AWebhookThatIsNotValidAnyMoreIsMendedBeforeItIsRotated) {
  ASSERT_TRUE(Create("a").ok());
  limits_.set_url_bytes_max(5);
  Restart();
  EXPECT_EQ(ReasonOf(Rotate().status()), v1::INVALID_FIELDS);
  limits_ = DefaultLimits();
  Restart();
  EXPECT_EQ(engine_->registry.Get(kTenant, "webhooks/a")->state(), v1::Webhook::ACTIVE);
}

class TestedSigningTest : public SigningTest {
 protected:
  v1::InvocationResult Test(const v1::TestWebhookRequest& request) {
    v1::InvocationResult result;
    engine_->tester.Test(kTenant, request, absl::InfiniteDuration(),
                         [&](absl::StatusOr<v1::InvocationResult> given) { result = *std::move(given); });
    return result;
  }
};

TEST_F(TestedSigningTest, ATestOfASavedWebhookIsSignedLikeADelivery) {
  ASSERT_TRUE(Create("a").ok());
  v1::TestWebhookRequest request;
  request.set_name("webhooks/a");
  const v1::InvocationResult result = Test(request);
  const std::string signature = SignatureBy(Secrets(), sender_.sent.at(0));
  EXPECT_EQ(Header(sender_.sent[0], "webhook-signature"), signature);
  EXPECT_EQ(result.request().headers().at("webhook-signature"), signature);
}

TEST_F(TestedSigningTest, ATestOfAnEditSignsByWhatIsStored) {
  ASSERT_TRUE(Create("a").ok());
  v1::TestWebhookRequest request;
  *request.mutable_webhook() = *engine_->registry.Get(kTenant, "webhooks/a");
  request.mutable_webhook()->mutable_signing()->set_scheme(v1::Signing::ED25519);
  Test(request);
  EXPECT_EQ(Header(sender_.sent.at(0), "webhook-signature"), SignatureBy(Secrets(), sender_.sent[0]));
  request.mutable_webhook()->mutable_signing()->set_scheme(v1::Signing::NONE);
  Test(request);
  EXPECT_EQ(Header(sender_.sent.at(1), "webhook-signature"), "");
}

TEST_F(TestedSigningTest, ATestOfWhatWasNeverSavedIsNotSigned) {
  v1::TestWebhookRequest request;
  request.mutable_webhook()->set_url("https://new.example.com/in");
  request.mutable_webhook()->mutable_signing()->add_secrets()->set_value(kOwnSecret);
  Test(request);
  EXPECT_NE(Header(sender_.sent.at(0), "webhook-timestamp"), "");
  EXPECT_EQ(Header(sender_.sent.at(0), "webhook-signature"), "");
}

TEST_F(TestedSigningTest, APreviewGivesNoSignatureAway) {
  ASSERT_TRUE(Create("a").ok());
  v1::PreviewWebhookRequest request;
  request.set_name("webhooks/a");
  EXPECT_FALSE(engine_->tester.Preview(kTenant, request)->request().headers().contains("webhook-signature"));
}

}  // namespace
}  // namespace herald
