#include "src/core/compiled_webhook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "src/base/utf8.h"
#include "src/core/signature.h"
#include "tests/core/sentences.h"
#include "tests/core/webhook_testing.h"

namespace herald {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

constexpr char kEvent[] = R"({"data":{"id":"a/b","name":"O\"Brien","n":7,"evil":"x\ny"},"event_type":"x"})";

absl::StatusOr<CompiledWebhook::Rendered> RenderedBy(const CompiledWebhook& webhook,
                                                     absl::string_view event_json = kEvent) {
  const JsonDocument event = JsonDocument::Parse(event_json).value();
  return webhook.Render(event_json, event.root(), "dlv_1", "Herald/1", absl::FromUnixSeconds(1'700'000'000));
}

constexpr char kSigningSecret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

v1::Webhook SignedWebhook() {
  v1::Webhook webhook = SlackWebhook();
  webhook.mutable_signing()->add_secrets()->set_value(kSigningSecret);
  return webhook;
}

std::vector<std::string> Violations(const v1::Webhook& webhook) {
  FieldViolations violations;
  const auto compiled = TryCompile(webhook, violations);
  EXPECT_EQ(compiled == nullptr, !violations.empty());
  return Sentences(violations);
}

TEST(CompiledWebhook, NamesTheFieldAndSaysWhatIsAllowed) {
  const struct {
    std::function<void(v1::Webhook&)> spoil;
    const char* sentence;
  } kCases[] = {
      {[](v1::Webhook& w) { w.clear_url(); }, "webhook.url: required: where to send"},
      {[](v1::Webhook& w) { w.set_url("https://a.example/" + std::string(2048, 'x')); },
       "webhook.url: has 2066 bytes; at most 2048 are allowed"},
      {[](v1::Webhook& w) { w.set_url("https//:hooks.slack.com/x"); }, "webhook.url: "},
      {[](v1::Webhook& w) { w.set_url("http://a.example/x"); }, "webhook.url: begin with https://"},
      {[](v1::Webhook& w) { w.set_url("https://a.example:8443/x"); }, "webhook.url: port 8443 is not allowed"},
      {[](v1::Webhook& w) { w.set_url("https://user:pw@a.example/x"); }, "webhook.url: no user name or password"},
      {[](v1::Webhook& w) { w.set_url("https://a.example/{{data.id}}#x"); }, "webhook.url: leave out \"#\""},
      {[](v1::Webhook& w) { w.set_url("https://{{data.host}}/x"); },
       "webhook.url: scheme, host and port are fixed text"},
      {[](v1::Webhook& w) { w.set_url("https://a.example{{data.path}}"); },
       "webhook.url: scheme, host and port are fixed text"},
      {[](v1::Webhook& w) { w.set_url("https://a.example:{{data.port}}/"); },
       "webhook.url: scheme, host and port are fixed text"},
      {[](v1::Webhook& w) { w.set_url("{{data.url}}"); }, "webhook.url: scheme, host and port are fixed text"},
      {[](v1::Webhook& w) { w.set_url("https://127.0.0.1/x"); }, "webhook.url: 127.0.0.1 is in 127.0.0.0/8"},
      {[](v1::Webhook& w) { w.set_url("https://a.example/{{data.id"); }, "webhook.url: line 1, column"},
      {[](v1::Webhook& w) { w.set_url("https://a.example/{{{data.id}}}"); },
       "webhook.url: line 1, column 19: no raw tags here"},
      {[](v1::Webhook& w) { w.set_url("https://a.example/{{@secret.key}}"); },
       "webhook.url: {{@secret.key}} is used and secrets has no \"key\"; add it there"},
      {[](v1::Webhook& w) { (*w.mutable_headers())["X-Key"] = "{{@secret.key}}"; },
       "webhook.headers[\"X-Key\"]: {{@secret.key}} is used and secrets has no \"key\"; add it there"},
      {[](v1::Webhook& w) { (*w.mutable_headers())["X-Key"] = "{{data.id"; },
       "webhook.headers[\"X-Key\"]: line 1, column"},
      {[](v1::Webhook& w) { w.set_body_template("{\"a\": {{data.id"); }, "webhook.body_template: line 1, column"},
      {[](v1::Webhook& w) { w.set_body_template("{\"a\": \"{{@secret.key}}\"}"); },
       "webhook.body_template: {{@secret.key}} is used and secrets has no \"key\"; add it there"},
      {[](v1::Webhook& w) { w.set_body_template("{\n\"a\": {{#if data.n}}1{{else}}\"x{{/if}}}"); },
       "webhook.body_template: line 2, column"},
      {[](v1::Webhook& w) { w.set_body_template(std::string(65'537, ' ')); }, "webhook.body_template: "},
      {[](v1::Webhook& w) { *w.add_filters() = MakeFilter("$.a[", "x"); }, "webhook.filters[0].path: position"},
      {[](v1::Webhook& w) {
         *w.add_filters() = MakeFilter("$.a", "x");
         *w.add_filters() = MakeFilter("$.a", "(");
         w.mutable_filters(1)->set_operator_(v1::Filter::MATCHES);
       },
       "webhook.filters[1].values[0]: "},
      {[](v1::Webhook& w) { *w.add_response_validators() = MakeValidator("$.ok", "x"); },
       "webhook.response_validators[0].json_path: start with $.data, $.status or $.headers; did you mean $.data.ok?"},
  };
  for (const auto& c : kCases) {
    v1::Webhook webhook = SlackWebhook();
    c.spoil(webhook);
    EXPECT_THAT(Violations(webhook), ElementsAre(StartsWith(c.sentence)));
  }
}

TEST(CompiledWebhook, FindsEverythingAtOnce) {
  v1::Webhook webhook = SlackWebhook();
  webhook.set_url("ftp://a.example");
  (*webhook.mutable_headers())["a"] = "{{data.id";
  (*webhook.mutable_headers())["b"] = "{{@secret.b}}";
  webhook.set_body_template("{{data.id");
  *webhook.add_filters() = MakeFilter("a", "x");
  *webhook.add_response_validators() = MakeValidator("a", "x");
  EXPECT_THAT(
      Violations(webhook),
      ElementsAre(StartsWith("webhook.url: "), StartsWith("webhook.headers[\"a\"]: "),
                  StartsWith("webhook.headers[\"b\"]: "), StartsWith("webhook.body_template: "),
                  StartsWith("webhook.filters[0].path: "), StartsWith("webhook.response_validators[0].json_path: ")));
}

TEST(CompiledWebhook, TakesTagsWithBracesInTexts) {
  v1::Webhook webhook = SlackWebhook();
  for (const char* url : {"https://a.example/{{default data.x \"}} #\"}}", "https://a.example/{{!-- a }} # --}}x",
                          "https://a.example/{{! it's }}x", "https://a.example/?a={{data.id}}&b={{data.n}}"}) {
    webhook.set_url(url);
    for (const std::string& sentence : Violations(webhook)) EXPECT_THAT(sentence, Not(HasSubstr("leave out"))) << url;
  }
}

TEST(CompiledWebhook, WarnsOfFiltersThatStartWithNoNameOfAnEvent) {
  v1::Webhook webhook = SlackWebhook();
  for (const char* path : {"$.data.x", "$.event_type", "$.subject", "$..x", "$", "$['attributes'].y"}) {
    webhook.add_filters()->set_path(path);
  }
  webhook.add_warnings("of somebody else");
  for (v1::Filter& filter : *webhook.mutable_filters()) filter.set_operator_(v1::Filter::EXISTS);
  EXPECT_THAT(Compiled(webhook)->webhook().warnings(), IsEmpty());
  webhook.mutable_filters(1)->set_path("$.requester.email");
  EXPECT_THAT(
      Compiled(webhook)->webhook().warnings(),
      ElementsAre("filters[1].path: no event has \"requester\" at its top, and so \"$.requester.email\" selects "
                  "nothing; what the sender gave is under $.data"));
}

TEST(CompiledWebhook, WarnsOfTemplatesThatReadWhatNoEventHas) {
  v1::Webhook webhook = SlackWebhook();
  webhook.set_body_template(R"({"a":{{data.x}},"b":[{{#each data.list}}{{name}},{{@root.event_id}}{{/each}}],
  "c":"{{#if source}}{{subject}}{{else}}{{attributes.y}}{{/if}}{{#with data}}{{x}}{{../event_time}}{{/with}}"})");
  EXPECT_THAT(Compiled(webhook)->webhook().warnings(), IsEmpty());
  webhook.set_body_template(R"({"a":{{evnt_type}},
  "b":"{{#each data.list}}{{@root.requester}}{{else}}{{upper nobody.name}}{{/each}}"})");
  webhook.set_url("https://a.example/{{dat.id}}");
  (*webhook.mutable_headers())["x-id"] = "{{ids}}";
  EXPECT_THAT(
      Compiled(webhook)->webhook().warnings(),
      ElementsAre("url: line 1, column 21: no event has \"dat\" at its top, and so this is empty; did you mean data?",
                  "headers[\"x-id\"]: line 1, column 3: no event has \"ids\" at its top, and so this is empty; "
                  "what the sender gave is under data",
                  "body_template: line 1, column 8: no event has \"evnt_type\" at its top, and so this is empty; "
                  "did you mean event_type?",
                  HasSubstr("no event has \"nobody\""), HasSubstr("no event has \"requester\"")));
}

TEST(CompiledWebhook, SendsTheEventItselfWithoutATemplate) {
  const auto webhook = Compiled(SlackWebhook());
  const CompiledWebhook::Rendered rendered = RenderedBy(*webhook).value();
  EXPECT_EQ(rendered.request.method, "POST");
  EXPECT_EQ(rendered.request.url, "https://hooks.slack.com/services/T0/B0/XXXXXXXXXXXXXXXXXXXXXXXX");
  EXPECT_EQ(rendered.request.body, kEvent);
  EXPECT_EQ(rendered.request.timeout, absl::Seconds(10));
  EXPECT_THAT(rendered.request.headers,
              ElementsAre(Pair("content-type", "application/json"), Pair("user-agent", "Herald/1"),
                          Pair("webhook-id", "dlv_1"), Pair("webhook-timestamp", "1700000000")));
  EXPECT_EQ(rendered.captured.method(), "POST");
  EXPECT_EQ(rendered.captured.url(), "https://hooks.slack.com/***");
  EXPECT_EQ(rendered.captured.body(), kEvent);
  EXPECT_FALSE(rendered.captured.body_truncated());
  EXPECT_THAT(rendered.captured.headers(),
              UnorderedElementsAre(Pair("content-type", "application/json"), Pair("user-agent", "Herald/1"),
                                   Pair("webhook-id", "dlv_1"), Pair("webhook-timestamp", "1700000000")));
}

TEST(CompiledWebhook, GetAndDeleteHaveABodyOnlyWithATemplate) {
  v1::Webhook webhook = SlackWebhook();
  for (const auto method : {v1::Webhook::GET, v1::Webhook::DELETE}) {
    webhook.set_method(method);
    webhook.clear_body_template();
    const CompiledWebhook::Rendered without = RenderedBy(*Compiled(webhook)).value();
    EXPECT_FALSE(without.request.body.has_value());
    EXPECT_THAT(without.request.headers, ElementsAre(Pair("user-agent", "Herald/1"), Pair("webhook-id", "dlv_1"),
                                                     Pair("webhook-timestamp", "1700000000")));
    webhook.set_body_template("{\"id\": \"{{data.id}}\"}");
    const CompiledWebhook::Rendered with = RenderedBy(*Compiled(webhook)).value();
    EXPECT_EQ(with.request.body, "{\"id\": \"a/b\"}");
    EXPECT_EQ(with.request.headers.front().first, "content-type");
  }
}

TEST(CompiledWebhook, APreviewHasNoId) {
  const JsonDocument event = JsonDocument::Parse(kEvent).value();
  const auto rendered =
      Compiled(SignedWebhook())->Render(kEvent, event.root(), "", "Herald/1", absl::FromUnixSeconds(1));
  EXPECT_THAT(rendered->request.headers,
              ElementsAre(Pair("content-type", "application/json"), Pair("user-agent", "Herald/1")));
  EXPECT_EQ(rendered->captured.headers().size(), 2u);
}

std::string SignatureBy(const CompiledWebhook::Rendered& rendered) {
  for (const auto& [name, value] : rendered.request.headers) {
    if (name == "webhook-signature") return value;
  }
  return "none";
}

TEST(CompiledWebhook, SignsIdTimeAndBodyAsTheyGoOut) {
  const CompiledWebhook::Rendered rendered = RenderedBy(*Compiled(SignedWebhook())).value();
  const std::string expected =
      SigningKey::Parse(kSigningSecret)->Sign(absl::StrCat("dlv_1.1700000000.", rendered.request.body.value()));
  EXPECT_EQ(SignatureBy(rendered), expected);
  EXPECT_EQ(rendered.captured.headers().at("webhook-signature"), expected);
  EXPECT_THAT(rendered.captured.DebugString(), Not(HasSubstr("whsec_")));
}

TEST(CompiledWebhook, SignsAnEmptyBodyWhereNoneIsSent) {
  v1::Webhook webhook = SignedWebhook();
  webhook.set_method(v1::Webhook::GET);
  EXPECT_EQ(SignatureBy(RenderedBy(*Compiled(webhook)).value()),
            SigningKey::Parse(kSigningSecret)->Sign("dlv_1.1700000000."));
}

TEST(CompiledWebhook, SignsByEachSecretUntilItExpires) {
  v1::Webhook webhook = SignedWebhook();
  v1::Signing::Secret& other = *webhook.mutable_signing()->add_secrets();
  other.set_value(kSigningSecret);
  for (const int64_t left : {1, 0}) {
    other.mutable_expire_time()->set_seconds(1'700'000'000 + left);
    const std::vector<std::string> signatures =
        absl::StrSplit(SignatureBy(RenderedBy(*Compiled(webhook)).value()), ' ');
    EXPECT_EQ(signatures, std::vector<std::string>(left == 1 ? 2 : 1, signatures[0]));
  }
}

TEST(CompiledWebhook, SignsNothingWhenTheSchemeIsNone) {
  v1::Webhook webhook = SignedWebhook();
  webhook.mutable_signing()->set_scheme(v1::Signing::NONE);
  EXPECT_EQ(SignatureBy(RenderedBy(*Compiled(webhook)).value()), "none");
}

TEST(CompiledWebhook, ASpoiledSigningSecretIsNamedAndNotShown) {
  v1::Webhook webhook = SignedWebhook();
  webhook.mutable_signing()->mutable_secrets(0)->set_value("whsec_spoiled!");
  const std::vector<std::string> sentences = Violations(webhook);
  EXPECT_THAT(sentences, ElementsAre(StartsWith("webhook.signing.secrets[0]: is no secret")));
  EXPECT_THAT(sentences[0], Not(HasSubstr("spoiled")));
}

v1::Webhook WithSecrets() {
  v1::Webhook webhook = SlackWebhook();
  (*webhook.mutable_secrets())["key"] = "se/cret\"1";
  webhook.set_url("https://a.example/x/{{data.id}}?key={{@secret.key}}");
  (*webhook.mutable_headers())["Authorization"] = "Bearer {{@secret.key}}";
  (*webhook.mutable_headers())["X-Plain"] = "planted-in-a-header";
  (*webhook.mutable_headers())["Accept"] = "text/{{data.n}}";
  (*webhook.mutable_headers())["Accept-Language"] = "{{@secret.key}}";
  webhook.set_body_template("{\"key\": \"{{@secret.key}}\", \"name\": \"{{data.name}}\"}");
  return webhook;
}

TEST(CompiledWebhook, SendsSecrets) {
  const CompiledWebhook::Rendered rendered = RenderedBy(*Compiled(WithSecrets())).value();
  EXPECT_EQ(rendered.request.url, "https://a.example/x/a%2Fb?key=se%2Fcret%221");
  EXPECT_EQ(rendered.request.body, R"({"key": "se/cret\"1", "name": "O\"Brien"})");
  EXPECT_THAT(rendered.request.headers,
              ElementsAre(Pair("content-type", "application/json"), Pair("user-agent", "Herald/1"),
                          Pair("webhook-id", "dlv_1"), Pair("webhook-timestamp", "1700000000"),
                          Pair("accept", "text/7"), Pair("accept-language", "se/cret\"1"),
                          Pair("authorization", "Bearer se/cret\"1"), Pair("x-plain", "planted-in-a-header")));
}

TEST(CompiledWebhook, ShowsNoSecret) {
  const CompiledWebhook::Rendered rendered = RenderedBy(*Compiled(WithSecrets())).value();
  EXPECT_EQ(rendered.captured.url(), "https://a.example/x/a%2Fb?key=***");
  EXPECT_EQ(rendered.captured.body(), R"({"key": "***", "name": "O\"Brien"})");
  EXPECT_EQ(rendered.captured.headers().at("authorization"), "***");
  EXPECT_EQ(rendered.captured.headers().at("x-plain"), "***");
  EXPECT_EQ(rendered.captured.headers().at("accept"), "text/7");
  EXPECT_EQ(rendered.captured.headers().at("accept-language"), "***");
  EXPECT_THAT(rendered.captured.DebugString(), Not(HasSubstr("se/cret")));
  EXPECT_THAT(rendered.captured.DebugString(), Not(HasSubstr("se%2Fcret")));
}

TEST(CompiledWebhook, MasksAUrlWithoutASecretTagWhole) {
  v1::Webhook webhook = SlackWebhook();
  webhook.set_url("https://a.example/token/{{data.id}}");
  const CompiledWebhook::Rendered rendered = RenderedBy(*Compiled(webhook)).value();
  EXPECT_EQ(rendered.request.url, "https://a.example/token/a%2Fb");
  EXPECT_EQ(rendered.captured.url(), "https://a.example/***");
}

TEST(CompiledWebhook, SaysWhichFieldCannotBeRendered) {
  v1::Webhook webhook = SlackWebhook();
  (*webhook.mutable_headers())["X-Evil"] = "{{data.evil}}";
  const auto rendered = RenderedBy(*Compiled(webhook));
  EXPECT_EQ(rendered.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(rendered.status().message()), StartsWith("headers[\"x-evil\"]: line 1, column 1: "));
}

TEST(CompiledWebhook, CountsColumnsInTheWholeUrl) {
  v1::Webhook webhook = SlackWebhook();
  webhook.set_url("https://a.example/{{date data.evil '%Y'}}");
  const absl::Status status = RenderedBy(*Compiled(webhook)).status();
  EXPECT_THAT(std::string(status.message()), StartsWith("url: line 1, column 21: "));
  EXPECT_EQ(FailedPart(status), "url");
}

TEST(CompiledWebhook, ShowsTheMaskAloneWhereAMaskCannotBeRendered) {
  v1::Webhook webhook = SlackWebhook();
  (*webhook.mutable_secrets())["a"] = "planted-a";
  (*webhook.mutable_secrets())["b"] = "planted-b";
  webhook.set_body_template("{\"{{@secret.a}}\": 1, \"{{@secret.b}}\": 2}");
  const CompiledWebhook::Rendered rendered = RenderedBy(*Compiled(webhook)).value();
  EXPECT_EQ(rendered.request.body, "{\"planted-a\": 1, \"planted-b\": 2}");
  EXPECT_EQ(rendered.captured.body(), "***");
}

TEST(CompiledWebhook, BoundsUrlAndHeaders) {
  const std::string event = "{\"data\":{\"long\":\"" + std::string(8192, 'x') + "\"}}";
  v1::Webhook webhook = SlackWebhook();
  (*webhook.mutable_headers())["X-Long"] = "{{data.long}}";
  EXPECT_TRUE(RenderedBy(*Compiled(webhook), event).ok());
  (*webhook.mutable_headers())["X-Long"] = "{{data.long}}x";
  EXPECT_EQ(RenderedBy(*Compiled(webhook), event).status().message(),
            "headers[\"x-long\"]: has 8193 bytes when rendered; at most 8192 are allowed");
  webhook.clear_headers();
  webhook.set_url("https://a.example/{{data.long}}");
  EXPECT_EQ(RenderedBy(*Compiled(webhook), event).status().message(),
            "url: has 8210 bytes when rendered; at most 8192 are allowed");
}

TEST(CompiledWebhook, BoundsTheBody) {
  v1::Limits limits = DefaultLimits();
  limits.set_rendered_body_bytes_max(sizeof(kEvent) - 1);
  EXPECT_TRUE(RenderedBy(*Compiled(SlackWebhook(), limits)).ok());
  limits.set_rendered_body_bytes_max(sizeof(kEvent) - 2);
  const auto rendered = RenderedBy(*Compiled(SlackWebhook(), limits));
  EXPECT_EQ(rendered.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(rendered.status().message()), StartsWith("event: has "));
}

TEST(CompiledWebhook, CutsTheCapturedBodyAtACodePoint) {
  v1::Limits limits = DefaultLimits();
  limits.set_captured_body_bytes_max(12);
  const std::string event = R"({"data":"éé"})";
  const CompiledWebhook::Rendered rendered = RenderedBy(*Compiled(SlackWebhook(), limits), event).value();
  EXPECT_EQ(rendered.captured.body(), R"({"data":"é)");
  EXPECT_TRUE(rendered.captured.body_truncated());
  EXPECT_EQ(rendered.request.body, event);
}

TEST(CompiledWebhook, KnowsThePositionsOfItsBody) {
  v1::Webhook webhook = SlackWebhook();
  EXPECT_THAT(Compiled(webhook)->body_positions(), IsEmpty());
  webhook.set_body_template("{\"n\": {{data.n}}}");
  const std::vector<Template::Position> positions = Compiled(webhook)->body_positions();
  ASSERT_EQ(positions.size(), 1u);
  EXPECT_EQ(positions[0].column, 7);
  EXPECT_EQ(positions[0].tag, "{{data.n}}");
}

TEST(CompiledWebhook, AnInertOneIsShownAndSendsNothing) {
  const auto inert = CompiledWebhook::Inert(SlackWebhook(), "webhook.url: begin with https://");
  EXPECT_EQ(inert->webhook().state(), v1::Webhook::INACTIVE);
  EXPECT_THAT(inert->webhook().warnings(), ElementsAre("webhook.url: begin with https://"));
  const auto rendered = RenderedBy(*inert);
  EXPECT_EQ(rendered.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(rendered.status().message(), "webhook.url: begin with https://");
}

}  // namespace
}  // namespace herald
