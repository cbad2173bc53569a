#include "src/core/authentication.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "src/core/field_mask.h"
#include "src/core/judge.h"
#include "src/core/redact.h"
#include "tests/core/sentences.h"
#include "tests/core/webhook_testing.h"

namespace herald {
namespace {

using ::google::protobuf::util::MessageDifferencer;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using ::testing::StartsWith;

constexpr char kBasic[] = R"({"basic": {"username": "herald", "password": "stored-password"}})";
constexpr char kBearer[] = R"({"bearer": {"token": "stored-token"}})";
constexpr char kHeaderKey[] = R"({"header_key": {"name": "X-Api-Key", "value": "SSWS stored-key"}})";
constexpr char kOAuth2[] = R"({"oauth2": {"token_url": "https://login.example.com/token?tenant=1",
                               "client_id": "herald", "client_secret": "stored secret", "scopes": ["a", "b"]}})";

v1::Authentication Authentication(const std::string& json) {
  v1::Authentication authentication;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &authentication).ok()) << json;
  return authentication;
}

v1::Webhook Webhook(const std::string& authentication) {
  v1::Webhook webhook = SlackWebhook();
  *webhook.mutable_authentication() = Authentication(authentication);
  return webhook;
}

// What is wrong with a webhook that authenticates so; but for the url of tokens.
std::vector<std::string> Violations(const v1::Webhook& webhook) {
  FieldViolations violations;
  ValidateWebhook(webhook, DefaultLimits(), "webhook", violations);
  return Sentences(violations);
}

CompiledWebhook::Rendered Rendered(const v1::Webhook& webhook) {
  const JsonDocument event = *JsonDocument::Parse("{}");
  return *Compiled(webhook)->Render("{}", event.root(), "dlv_1", "Herald", absl::UnixEpoch());
}

TEST(Authentication, SendsItsHeaderAndShowsAMask) {
  const struct {
    const char* authentication;
    const char* name;
    const char* value;
  } kCases[] = {
      {R"({"basic": {"username": "Aladdin", "password": "open sesame"}})", "authorization",
       "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="},  // RFC 7617
      {R"({"basic": {"username": "sk_test", "password": ""}})", "authorization", "Basic c2tfdGVzdDo="},
      {R"({"basic": {"username": "test", "password": "123£"}})", "authorization", "Basic dGVzdDoxMjPCow=="},
      {kBearer, "authorization", "Bearer stored-token"},
      {kHeaderKey, "x-api-key", "SSWS stored-key"},
      {R"({"header_key": {"name": "accept-token", "value": "{{not a tag}}"}})", "accept-token", "{{not a tag}}"},
  };
  for (const auto& c : kCases) {
    const CompiledWebhook::Rendered rendered = Rendered(Webhook(c.authentication));
    EXPECT_THAT(rendered.request.headers, Contains(Pair(c.name, c.value))) << c.authentication;
    EXPECT_EQ(rendered.captured.headers().at(c.name), "***");
    EXPECT_EQ(rendered.request.token_client, nullptr);
  }
}

TEST(Authentication, LeavesTheHeaderOfAnAccessTokenToTheSender) {
  const CompiledWebhook::Rendered rendered = Rendered(Webhook(kOAuth2));
  EXPECT_THAT(rendered.request.headers, Not(Contains(Pair("authorization", ::testing::_))));
  EXPECT_EQ(rendered.captured.headers().at("authorization"), "***");
  ASSERT_NE(rendered.request.token_client, nullptr);
  EXPECT_EQ(rendered.request.token_client->request.url, "https://login.example.com/token?tenant=1");
  EXPECT_EQ(rendered.request.token_client->request.timeout, absl::Seconds(10));
}

TEST(Authentication, TakesWhatIsRight) {
  for (const char* authentication : {kBasic, kBearer, kHeaderKey, kOAuth2}) {
    EXPECT_THAT(Violations(Webhook(authentication)), IsEmpty()) << authentication;
    EXPECT_NE(Compiled(Webhook(authentication)), nullptr);
  }
  EXPECT_EQ(WithDefaults(Webhook(kOAuth2)).authentication().oauth2().client_authentication(),
            v1::Authentication::OAuth2ClientCredentials::BASIC_HEADER);
}

TEST(Authentication, NamesEachBadField) {
  const std::string long_text(4097, 'x');
  const struct {
    std::string authentication;
    std::vector<std::string> fields;
  } kCases[] = {
      {"{}", {": required"}},
      {R"({"basic": {}})", {".basic.username: required"}},
      {R"({"basic": {"username": "a:b\n", "password": "\u007f"}})",
       {".basic.username: holds a control", ".basic.username: holds a \":\"", ".basic.password: holds a control"}},
      {R"({"basic": {"username": ")" + std::string(1025, 'x') + R"(", "password": ")" + long_text + R"("}})",
       {".basic.username: has 1025 bytes", ".basic.password: has 4097 bytes"}},
      {R"({"bearer": {}})", {".bearer.token: required"}},
      {R"({"bearer": {"token": "Bearer x"}})", {".bearer.token: a token has visible"}},
      {R"({"bearer": {"token": "{{@secret.token}}"}})", {".bearer.token: is sent as it is written"}},
      {R"({"header_key": {}})", {".header_key.name: required", ".header_key.value: required"}},
      {R"({"header_key": {"name": "Host", "value": "a\r\nb: c"}})",
       {".header_key.name: host is refused", ".header_key.value: holds a control"}},
      {R"({"header_key": {"name": "no name", "value": "x"}})", {".header_key.name: a header's name has"}},
      {R"({"header_key": {"name": "webhook-id", "value": "x"}})", {".header_key.name: webhook-id is refused"}},
      {R"({"header_key": {"name": "content-type", "value": "x"}})", {".header_key.name: content-type is refused"}},
      {R"({"oauth2": {"scopes": ["a b", "", "a\"b", "ok"], "client_authentication": 9}})",
       {".oauth2.client_id: required", ".oauth2.client_secret: required", ".oauth2.scopes[0]: a scope",
        ".oauth2.scopes[1]: a scope", ".oauth2.scopes[2]: a scope", ".oauth2.client_authentication: 9 is no way"}},
  };
  for (const auto& c : kCases) {
    std::vector<::testing::Matcher<std::string>> expected;
    for (const std::string& field : c.fields) expected.emplace_back(StartsWith("webhook.authentication" + field));
    EXPECT_THAT(Violations(Webhook(c.authentication)), ::testing::ElementsAreArray(expected)) << c.authentication;
  }
}

TEST(Authentication, RefusesAHeaderThatItWouldSendTwice) {
  v1::Webhook webhook = Webhook(kBasic);
  (*webhook.mutable_headers())["Authorization"] = "Bearer x";
  (*webhook.mutable_headers())["x-api-key"] = "x";
  EXPECT_THAT(Violations(webhook),
              ElementsAre(StartsWith("webhook.headers[\"Authorization\"]: authentication sends this header")));
  *webhook.mutable_authentication() = Authentication(kHeaderKey);
  EXPECT_THAT(Violations(webhook),
              ElementsAre(StartsWith("webhook.headers[\"x-api-key\"]: authentication sends this header")));
}

TEST(Authentication, HoldsTheUrlOfTokensToTheRulesOfUrls) {
  const struct {
    const char* url;
    const char* sentence;
  } kCases[] = {
      {"", "required"},
      {"http://login.example.com/token", "http"},
      {"https://127.0.0.1/token", "127.0.0.1"},
      {"https://login.example.com:8443/token", "8443"},
      {"https://user@login.example.com/token", "user name"},
      {"https://login.example.com/{{data.tenant}}", "tag"},
  };
  for (const auto& c : kCases) {
    v1::Webhook webhook = Webhook(kOAuth2);
    webhook.mutable_authentication()->mutable_oauth2()->set_token_url(c.url);
    FieldViolations violations;
    EXPECT_EQ(TryCompile(webhook, violations), nullptr);
    EXPECT_THAT(Sentences(violations),
                ElementsAre(AllOf(StartsWith("webhook.authentication.oauth2.token_url: "), HasSubstr(c.sentence))));
  }
}

TEST(Authentication, ShowsNoSecretAndTakesItsOwnAnswerBack) {
  for (const char* authentication : {kBasic, kBearer, kHeaderKey, kOAuth2}) {
    const v1::Webhook stored = Webhook(authentication);
    const v1::Webhook masked = Masked(stored);
    EXPECT_THAT(masked.DebugString(), Not(HasSubstr("stored"))) << authentication;
    FieldViolations violations;
    EXPECT_TRUE(MessageDifferencer::Equals(Unmasked(masked, &stored, "webhook", violations), stored));
    EXPECT_TRUE(violations.empty());
    const SplitWebhook parts = Split(stored);
    EXPECT_THAT(parts.open.DebugString(), Not(HasSubstr("stored")));
    EXPECT_TRUE(MessageDifferencer::Equals(Join(parts.open, parts.sealed), stored));
  }
}

// What becomes of the masked webhook, edited, at the one field of its authentication.
std::string Refusal(const v1::Webhook& edited, const v1::Webhook* stored) {
  FieldViolations violations;
  const v1::Webhook unmasked = Unmasked(edited, stored, "webhook", violations);
  EXPECT_THAT(unmasked.authentication().DebugString(), Not(HasSubstr("stored")));
  std::string refusal;
  for (const std::string& sentence : Sentences(violations)) {
    if (sentence.find("authentication") != std::string::npos) refusal += sentence;
  }
  return refusal;
}

TEST(Authentication, NoEditMovesItsSecret) {
  for (const char* authentication : {kBasic, kBearer, kHeaderKey, kOAuth2}) {
    const v1::Webhook stored = Webhook(authentication);
    v1::Webhook edited = Masked(stored);
    edited.set_url("https://evil.example/in");
    EXPECT_THAT(Refusal(edited, &stored), HasSubstr("the url's scheme, host or port changed")) << authentication;
    EXPECT_THAT(Refusal(Masked(stored), nullptr), HasSubstr("none is stored here"));
  }
  const v1::Webhook stored = Webhook(kOAuth2);
  v1::Webhook edited = Masked(stored);
  edited.mutable_authentication()->mutable_oauth2()->set_token_url("https://evil.example/token");
  EXPECT_THAT(Refusal(edited, &stored), StartsWith("webhook.authentication.oauth2.client_secret: token_url's scheme"));
  edited = Webhook(R"({"basic": {"username": "x", "password": "***"}})");
  EXPECT_THAT(Refusal(edited, &stored), StartsWith("webhook.authentication.basic.password: \"***\" stands for"));
}

TEST(Authentication, AnUpdateMaskReachesItsFields) {
  const v1::Webhook stored = Webhook(kOAuth2);
  v1::Webhook edit;
  edit.mutable_authentication()->mutable_oauth2()->add_scopes("c");
  google::protobuf::FieldMask mask;
  mask.add_paths("authentication.oauth2.scopes");
  FieldViolations violations;
  v1::Webhook merged = ApplyMask(Masked(stored), edit, mask, "update_mask", violations);
  merged = Unmasked(merged, &stored, "webhook", violations);
  EXPECT_TRUE(violations.empty());
  EXPECT_EQ(merged.authentication().oauth2().client_secret(), "stored secret");
  EXPECT_THAT(merged.authentication().oauth2().scopes(), ElementsAre("c"));
  mask.set_paths(0, "authentication");
  edit.clear_authentication();
  merged = ApplyMask(Masked(stored), edit, mask, "update_mask", violations);
  EXPECT_FALSE(merged.has_authentication());
}

TEST(Authentication, NoAnswerShowsWhatWasSent) {
  const struct {
    const char* authentication;
    const char* echoed;
  } kCases[] = {
      {kBasic, "stored-password"},
      {kBasic, "aGVyYWxkOnN0b3JlZC1wYXNzd29yZA=="},  // herald:stored-password
      {kBasic, "aGVyYWxkOnN0b3JlZC1wYXNzd29yZA"},    // without padding
      {kBasic, "c3RvcmVkLXBhc3N3b3Jk"},              // stored-password
      {R"({"basic": {"username": "u", "password": "1234567"}})", "dToxMjM0NTY3"},
      {kBearer, "stored-token"},
      {kHeaderKey, "SSWS stored-key"},
      {kHeaderKey, "stored-key"},
      {kOAuth2, "stored secret"},
      {kOAuth2, "stored%20secret"},
      {kOAuth2, "aGVyYWxkOnN0b3JlZCUyMHNlY3JldA=="},  // herald:stored%20secret
  };
  for (const auto& c : kCases) {
    HttpExchange exchange;
    exchange.end = HttpExchange::End::kAnswered;
    exchange.response = HttpResponse{400, {{"x-echo", c.echoed}}, std::string("got ") + c.echoed, true};
    v1::InvocationResult result;
    Judge(*Compiled(Webhook(c.authentication)), exchange, DefaultLimits(), result);
    EXPECT_THAT(result.DebugString(), Not(HasSubstr(c.echoed))) << c.authentication;
    EXPECT_EQ(result.response().body(), "got ***");
  }
}

TEST(Authentication, NoAnswerShowsAnAccessToken) {
  v1::Webhook webhook = Webhook(kOAuth2);
  *webhook.add_response_validators() = MakeValidator("$.data", "ok");
  HttpExchange exchange;
  exchange.end = HttpExchange::End::kAnswered;
  exchange.response = HttpResponse{200, {}, "token-1234 or dG9rZW4tMTIzNA==", true};
  exchange.secrets = FormsOfSecret("token-1234");
  exchange.note = "; it was so before";
  v1::InvocationResult result;
  Judge(*Compiled(webhook), exchange, DefaultLimits(), result);
  EXPECT_EQ(result.response().body(), "*** or ***");
  EXPECT_THAT(result.DebugString(), Not(HasSubstr("token-1234")));
  EXPECT_THAT(result.message(), ::testing::EndsWith("; it was so before"));
}

}  // namespace
}  // namespace herald
