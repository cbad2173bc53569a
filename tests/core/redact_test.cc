#include "src/core/redact.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/protobuf/util/message_differencer.h"
#include "src/core/field_mask.h"
#include "tests/core/sentences.h"

namespace herald {
namespace {

using ::google::protobuf::util::MessageDifferencer;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

v1::Webhook Stored() {
  v1::Webhook webhook;
  webhook.set_display_name("Slack");
  webhook.set_url("https://hooks.slack.com/services/T0/B0/XXXXXXXXXXXXXXXXXXXXXXXX");
  (*webhook.mutable_headers())["Authorization"] = "Bearer stored-token";
  (*webhook.mutable_headers())["Accept-Language"] = "de";
  (*webhook.mutable_secrets())["token"] = "stored-secret";
  v1::Signing::Secret& secret = *webhook.mutable_signing()->add_secrets();
  secret.set_value("whsec_kept-key");
  secret.set_public_key("whpk_shown");
  return webhook;
}

std::vector<std::string> Violations(const v1::Webhook& edited, const v1::Webhook* stored) {
  FieldViolations violations;
  Unmasked(edited, stored, "webhook", violations);
  return Sentences(violations);
}

TEST(Redact, MasksPathAndQueryOfAUrl) {
  const struct {
    const char* url;
    const char* masked;
  } kCases[] = {
      {"https://hooks.slack.com/services/T0/B0/X", "https://hooks.slack.com/***"},
      {"https://hooks.slack.com?token=x", "https://hooks.slack.com/***"},
      {"https://a.example:443/x?y=z", "https://a.example:443/***"},
      {"https://a.example/{{data.id}}", "https://a.example/***"},
      {"https://a.example", "https://a.example"},
      {"https://a.example/", "https://a.example/"},
      {"https://a.example/x/{{@secret.token}}", "https://a.example/x/{{@secret.token}}"},
      {"https://a.example/x/{{ upper @secret.token }}", "https://a.example/x/{{ upper @secret.token }}"},
      {"https://a.example/@secret.token/{{x}}", "https://a.example/***"},
      {"https://a.example/{{x}}@secret.token", "https://a.example/***"},
      {"https//:hooks.slack.com/x", "https/***"},
      {"", ""},
  };
  for (const auto& c : kCases) EXPECT_EQ(MaskedUrl(c.url), c.masked) << c.url;
}

TEST(Redact, TellsSecretHeaders) {
  for (const char* name : {"authorization", "x-api-key", "cookie", "acceptance"}) EXPECT_TRUE(IsSecretHeader(name));
  for (const char* name : {"accept", "accept-language", "content-language", "cache-control"}) {
    EXPECT_FALSE(IsSecretHeader(name));
  }
}

TEST(Redact, ShowsAWebhookWithoutWhatIsSecret) {
  const v1::Webhook masked = Masked(Stored());
  EXPECT_EQ(masked.url(), "https://hooks.slack.com/***");
  EXPECT_EQ(masked.headers().at("Authorization"), "***");
  EXPECT_EQ(masked.headers().at("Accept-Language"), "de");
  EXPECT_EQ(masked.secrets().at("token"), "***");
  EXPECT_EQ(masked.signing().secrets(0).value(), "***");
  EXPECT_EQ(masked.signing().secrets(0).public_key(), "whpk_shown");
  EXPECT_EQ(masked.display_name(), "Slack");
}

TEST(Redact, WhatIsShownCanBeSentBack) {
  const v1::Webhook stored = Stored();
  FieldViolations violations;
  const v1::Webhook unmasked = Unmasked(Masked(stored), &stored, "webhook", violations);
  EXPECT_TRUE(violations.empty());
  EXPECT_TRUE(MessageDifferencer::Equals(unmasked, stored));
}

TEST(Redact, EditsStandBesideMasks) {
  const v1::Webhook stored = Stored();
  v1::Webhook edited = Masked(stored);
  edited.set_url("HTTPS://Hooks.Slack.com:443/***");
  edited.mutable_headers()->erase("Authorization");
  (*edited.mutable_headers())["AUTHORIZATION"] = "***";
  (*edited.mutable_headers())["x-new"] = "new";
  (*edited.mutable_secrets())["token"] = "new-secret";
  FieldViolations violations;
  const v1::Webhook unmasked = Unmasked(edited, &stored, "webhook", violations);
  EXPECT_TRUE(violations.empty());
  EXPECT_EQ(unmasked.url(), "HTTPS://Hooks.Slack.com:443/services/T0/B0/XXXXXXXXXXXXXXXXXXXXXXXX");
  EXPECT_EQ(unmasked.headers().at("AUTHORIZATION"), "Bearer stored-token");
  EXPECT_EQ(unmasked.headers().at("x-new"), "new");
  EXPECT_EQ(unmasked.secrets().at("token"), "new-secret");
}

TEST(Redact, NoEditSendsAStoredSecretToAnotherHost) {
  const v1::Webhook stored = Stored();
  for (const char* url :
       {"https://evil.example/***", "http://hooks.slack.com/***", "https://hooks.slack.com:8443/***",
        "https://hooks.slack.com@evil.example/***", "https://hooks.slack.com.evil.example/***",
        "https://evil.example\\@hooks.slack.com/***", "https://hooks.slack.com./***", "https:///***", "/***", "***"}) {
    v1::Webhook edited = Masked(stored);
    edited.set_url(url);
    EXPECT_EQ(Violations(edited, &stored).size(), 3u) << url;
    FieldViolations violations;
    const std::string unmasked = Unmasked(edited, &stored, "webhook", violations).DebugString();
    EXPECT_THAT(unmasked, Not(HasSubstr("stored-"))) << url;
    EXPECT_THAT(unmasked, Not(HasSubstr("services"))) << url;
  }
}

TEST(Redact, AChangedHostNamesEveryFieldWithAMask) {
  const v1::Webhook stored = Stored();
  v1::Webhook edited = Masked(stored);
  edited.set_url("https://evil.example/new");
  EXPECT_THAT(Violations(edited, &stored),
              testing::ElementsAre(
                  HasSubstr("webhook.headers[\"Authorization\"]: the url's scheme, host or port changed, so give "
                            "this again, in full"),
                  HasSubstr("webhook.secrets[\"token\"]: the url's scheme, host or port changed")));
}

TEST(Redact, APartialUpdateThatChangesTheHostTakesNothingStoredAlong) {
  const v1::Webhook stored = Stored();
  v1::Webhook edited;
  edited.set_url("https://evil.example/new");
  FieldViolations violations;
  const v1::Webhook merged = ApplyMask(Masked(stored), edited, {}, "update_mask", violations);
  EXPECT_TRUE(violations.empty());
  EXPECT_THAT(Violations(merged, &stored),
              testing::ElementsAre(HasSubstr("webhook.headers[\"Authorization\"]: the url's scheme, host or port"),
                                   HasSubstr("webhook.secrets[\"token\"]: the url's scheme, host or port")));
}

TEST(Redact, APartialUpdateKeepsWhatIsStored) {
  const v1::Webhook stored = Stored();
  v1::Webhook edited;
  edited.set_description("changed");
  FieldViolations violations;
  const v1::Webhook updated =
      Unmasked(ApplyMask(Masked(stored), edited, {}, "update_mask", violations), &stored, "webhook", violations);
  EXPECT_TRUE(violations.empty());
  EXPECT_EQ(updated.url(), stored.url());
  EXPECT_EQ(updated.headers().at("Authorization"), "Bearer stored-token");
  EXPECT_EQ(updated.secrets().at("token"), "stored-secret");
}

TEST(Redact, SigningSecretsAreThoseStoredWhateverARequestHas) {
  const v1::Webhook stored = Stored();
  v1::Webhook edited;
  edited.mutable_signing()->set_scheme(v1::Signing::ED25519);
  edited.mutable_signing()->add_secrets()->set_value("whsec_of-the-request");
  for (const v1::Webhook* known : {&stored, static_cast<const v1::Webhook*>(nullptr)}) {
    FieldViolations violations;
    const v1::Webhook unmasked = Unmasked(edited, known, "webhook", violations);
    EXPECT_TRUE(violations.empty());
    EXPECT_EQ(unmasked.signing().scheme(), v1::Signing::ED25519);
    EXPECT_EQ(unmasked.signing().secrets_size(), known == nullptr ? 0 : 1);
    EXPECT_THAT(unmasked.DebugString(), Not(HasSubstr("of-the-request")));
  }
}

TEST(Redact, AnUpdateOfTheSchemeKeepsTheSecrets) {
  const v1::Webhook stored = Stored();
  v1::Webhook edited;
  edited.mutable_signing()->set_scheme(v1::Signing::NONE);
  edited.mutable_signing()->add_secrets()->set_value("whsec_of-the-request");
  for (const char* path : {"", "signing", "signing.scheme", "*"}) {
    google::protobuf::FieldMask mask;
    if (*path != '\0') mask.add_paths(path);
    FieldViolations violations;
    const v1::Webhook merged = ApplyMask(Masked(stored), edited, mask, "update_mask", violations);
    EXPECT_TRUE(violations.empty()) << path;
    EXPECT_EQ(merged.signing().scheme(), v1::Signing::NONE) << path;
    ASSERT_EQ(merged.signing().secrets_size(), 1) << path;
    EXPECT_EQ(merged.signing().secrets(0).value(), "***") << path;
  }
}

TEST(Redact, AnUpdateMaskNamesNoSigningSecrets) {
  google::protobuf::FieldMask mask;
  mask.add_paths("signing.secrets");
  FieldViolations violations;
  ApplyMask(Stored(), v1::Webhook(), mask, "update_mask", violations);
  EXPECT_THAT(Sentences(violations),
              testing::ElementsAre("update_mask: \"signing.secrets\" is output only; leave it out"));
}

TEST(Redact, AMaskNeedsSomethingStored) {
  const v1::Webhook stored = Stored();
  v1::Webhook edited = stored;
  (*edited.mutable_headers())["x-new"] = "***";
  (*edited.mutable_secrets())["new"] = "***";
  EXPECT_THAT(
      Violations(edited, &stored),
      testing::ElementsAre(HasSubstr("webhook.headers[\"x-new\"]: \"***\" stands for a stored value and none is"),
                           HasSubstr("webhook.secrets[\"new\"]: \"***\" stands for a stored value and none is")));
  EXPECT_THAT(Violations(Masked(stored), nullptr),
              testing::ElementsAre(HasSubstr("webhook.url: \"***\""), HasSubstr("webhook.headers[\"Authorization\"]"),
                                   HasSubstr("webhook.secrets[\"token\"]")));
}

TEST(Redact, AUrlWithoutAPathHasNothingToStandFor) {
  v1::Webhook stored;
  stored.set_url("https://a.example");
  v1::Webhook edited;
  edited.set_url("https://a.example/***");
  EXPECT_THAT(Violations(edited, &stored), testing::ElementsAre(HasSubstr("webhook.url: \"***\" stands for a stored")));
}

TEST(Redact, AMaskIsTheWholeValue) {
  const v1::Webhook stored = Stored();
  v1::Webhook edited = stored;
  edited.set_url("https://hooks.slack.com/***?x={{@secret.token}}");
  (*edited.mutable_headers())["Authorization"] = "Bearer ***";
  EXPECT_THAT(Violations(edited, &stored),
              testing::ElementsAre(HasSubstr("webhook.url: \"***\" stands for the whole"),
                                   HasSubstr("webhook.headers[\"Authorization\"]: \"***\" stands for the whole")));
}

TEST(Redact, SplitKeepsSecretsApartAndJoinMendsIt) {
  const v1::Webhook webhook = Stored();
  const SplitWebhook parts = Split(webhook);
  for (const char* secret : {"XXXX", "stored-token", "stored-secret", "kept-key"}) {
    EXPECT_THAT(parts.open.DebugString(), Not(HasSubstr(secret)));
  }
  EXPECT_EQ(parts.sealed.display_name(), "");
  EXPECT_TRUE(MessageDifferencer::Equals(Join(parts.open, parts.sealed), webhook));
}

TEST(Redact, ReplacesEchoedSecrets) {
  const std::vector<std::string> secrets = {"abcdefgh", "efghijkl", "short", "abcdefgh-longer"};
  const struct {
    const char* text;
    const char* masked;
  } kCases[] = {
      {"nothing", "nothing"},
      {"abcdefgh", "***"},
      {"<abcdefgh> and <abcdefgh>", "<***> and <***>"},
      {"abcdefgh-longer!", "***!"},
      {"abcdefghijkl", "***"},
      {"abcdefghabcdefgh", "******"},
      {"short", "short"},
      {"", ""},
  };
  for (const auto& c : kCases) EXPECT_EQ(WithoutSecrets(c.text, secrets), c.masked) << c.text;
}

TEST(Redact, LooksForSecretsInTheFormsInWhichTheyComeBack) {
  v1::Webhook webhook = Stored();
  (*webhook.mutable_secrets())["quoted"] = "pass\"word/1";
  webhook.set_url("https://a.example/flow/0123456789abcdef/run?sig=signature%2F1&v=1");
  const std::vector<std::string> secrets = SecretsOf(webhook);
  for (const char* echo :
       {"whsec_kept-key", "kept-key", "stored-secret", "Bearer stored-token", "stored-token", "pass\"word/1",
        "pass\\\"word/1", "pass%22word%2F1", "/flow/0123456789abcdef/run?sig=signature%2F1&v=1",
        "/flow/0123456789abcdef/run", "0123456789abcdef", "signature%2F1"}) {
    EXPECT_EQ(WithoutSecrets(echo, secrets), "***") << echo;
  }
  (*webhook.mutable_secrets())["login"] = "me@example.com:token";
  for (const char* echo : {"bWVAZXhhbXBsZS5jb206dG9rZW4=", "bWVAZXhhbXBsZS5jb206dG9rZW4"}) {
    EXPECT_EQ(WithoutSecrets(echo, SecretsOf(webhook)), "***") << echo;
  }
  EXPECT_THAT(secrets, Not(Contains("flow")));
  EXPECT_THAT(secrets, Not(Contains("de")));
}

TEST(Redact, AUrlWithASecretTagIsNotSecretItself) {
  v1::Webhook webhook;
  webhook.set_url("https://a.example/0123456789abcdef/{{@secret.token}}");
  EXPECT_TRUE(SecretsOf(webhook).empty());
}

}  // namespace
}  // namespace herald
