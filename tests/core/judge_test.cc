#include "src/core/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/base/utf8.h"
#include "src/core/response_document.h"
#include "tests/core/webhook_testing.h"

namespace herald {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Le;
using ::testing::Not;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using Result = v1::InvocationResult;

HttpExchange Answer(int status, absl::string_view body) {
  HttpExchange exchange;
  exchange.end = HttpExchange::End::kAnswered;
  exchange.response.emplace();
  exchange.response->status_code = status;
  exchange.response->body = std::string(body);
  return exchange;
}

Result Judged(const v1::Webhook& webhook, const HttpExchange& exchange, const v1::Limits& limits = DefaultLimits()) {
  Result result;
  Judge(*Compiled(webhook, limits), exchange, limits, result);
  return result;
}

// "HTTP_FAILED hooks.slack.com answered 404: no_service"
std::string Line(const Result& result) { return Result::Outcome_Name(result.outcome()) + " " + result.message(); }

v1::Webhook Validating(const std::vector<v1::ResponseValidator>& validators) {
  v1::Webhook webhook = SlackWebhook();
  for (const v1::ResponseValidator& validator : validators) *webhook.add_response_validators() = validator;
  return webhook;
}

TEST(Judge, ByStatus) {
  v1::Webhook webhook = SlackWebhook();
  webhook.add_success_statuses(409);
  webhook.add_success_statuses(302);
  const struct {
    int status;
    const char* body;
    const char* line;
  } kCases[] = {
      {200, "ok", "SUCCEEDED hooks.slack.com answered 200"},
      {299, "", "SUCCEEDED hooks.slack.com answered 299"},
      {409, "exists", "SUCCEEDED hooks.slack.com answered 409"},
      {302, "", "SUCCEEDED hooks.slack.com answered 302"},
      {199, "", "HTTP_FAILED hooks.slack.com answered 199"},
      {301, "moved",
       "HTTP_FAILED hooks.slack.com answered 301: redirects are not followed; set the url that it leads to"},
      {404, "no_service", "HTTP_FAILED hooks.slack.com answered 404: no_service"},
      {404, " <h1>not\n  found</h1> ", "HTTP_FAILED hooks.slack.com answered 404: <h1>not found</h1>"},
      {500, "\xff\xfe\x01", "HTTP_FAILED hooks.slack.com answered 500"},
      {503, "", "HTTP_FAILED hooks.slack.com answered 503"},
  };
  for (const auto& c : kCases) EXPECT_EQ(Line(Judged(webhook, Answer(c.status, c.body))), c.line);
}

TEST(Judge, ByValidators) {
  const struct {
    v1::ResponseValidator validator;
    int status;
    const char* body;
    const char* line;
  } kCases[] = {
      {MakeValidator("$.data", "ok"), 200, "ok", "SUCCEEDED hooks.slack.com answered 200"},
      {MakeValidator("$.data", "ok"), 200, "invalid_payload",
       R"(VALIDATION_FAILED hooks.slack.com answered 200, but $.data is "invalid_payload", not one of "ok")"},
      {MakeValidator("$.data", "ok"), 404, "ok", "HTTP_FAILED hooks.slack.com answered 404: ok"},
      {MakeValidator("$.data", "1"), 200, "1", "SUCCEEDED hooks.slack.com answered 200"},
      {MakeValidator("$.data.result.state", "1"), 201, R"({"result":{"state":"1"}})",
       "SUCCEEDED hooks.slack.com answered 201"},
      {MakeValidator("$.status", "202"), 202, "", "SUCCEEDED hooks.slack.com answered 202"},
      {MakeValidator("$.data", ""), 200, "", "SUCCEEDED hooks.slack.com answered 200"},
      {MakeValidator("$.data", "1"), 200,
       "\xEF\xBB\xBF"
       "1",
       "SUCCEEDED hooks.slack.com answered 200"},
  };
  for (const auto& c : kCases) EXPECT_EQ(Line(Judged(Validating({c.validator}), Answer(c.status, c.body))), c.line);
}

TEST(Judge, ShortensWhatWasExpected) {
  const Result result =
      Judged(Validating({MakeValidator("$.data.ok", std::string(70'000, 'x'))}), Answer(200, R"({"ok":"y"})"));
  ASSERT_EQ(result.validations_size(), 1);
  EXPECT_FALSE(result.validations(0).passed());
  EXPECT_THAT(result.validations(0).expected_values(), ElementsAre(SizeIs(Le(kSeenValueBytesMax))));
}

TEST(Judge, ShowsWhatEveryValidatorSaw) {
  v1::ResponseValidator exists;
  exists.set_json_path("$.data.key");
  const Result result = Judged(Validating({exists, MakeValidator("$.data.ok", "true"), MakeValidator("$.data.n", "2")}),
                               Answer(200, R"({"key":"JIRA-1","ok":false,"n":3})"));
  ASSERT_EQ(result.validations_size(), 3);
  EXPECT_EQ(result.validations(0).json_path(), "$.data.key");
  EXPECT_EQ(result.validations(0).operator_(), v1::Filter::EXISTS);
  EXPECT_TRUE(result.validations(0).passed());
  EXPECT_EQ(result.validations(0).message(), "");
  EXPECT_THAT(result.validations(0).actual_values(), ElementsAre("JIRA-1"));
  EXPECT_THAT(result.validations(1).expected_values(), ElementsAre("true"));
  EXPECT_THAT(result.validations(1).actual_values(), ElementsAre("false"));
  EXPECT_FALSE(result.validations(1).passed());
  EXPECT_THAT(result.validations(1).message(), HasSubstr("$.data.ok"));
  EXPECT_THAT(result.message(), HasSubstr(result.validations(1).message()));
  EXPECT_FALSE(result.validations(2).passed());
}

TEST(Judge, DoesNotValidateAFailure) {
  EXPECT_EQ(Judged(Validating({MakeValidator("$.data", "ok")}), Answer(500, "ok")).validations_size(), 0);
}

TEST(Judge, WithoutAnAnswer) {
  const struct {
    HttpExchange::End end;
    const char* line;
  } kCases[] = {
      {HttpExchange::End::kTimedOut, "TIMED_OUT what happened"},
      {HttpExchange::End::kConnectionFailed, "CONNECTION_FAILED what happened"},
      {HttpExchange::End::kBlocked, "BLOCKED what happened"},
      {HttpExchange::End::kCancelled, "CANCELLED what happened"},
  };
  for (const auto& c : kCases) {
    HttpExchange exchange;
    exchange.end = c.end;
    exchange.message = "what happened";
    const Result result = Judged(SlackWebhook(), exchange);
    EXPECT_EQ(Line(result), c.line);
    EXPECT_FALSE(result.has_response());
  }
}

TEST(Judge, KeepsWhatCameBeforeATimeOut) {
  HttpExchange exchange = Answer(200, "partial");
  exchange.end = HttpExchange::End::kTimedOut;
  exchange.message = "hooks.slack.com did not answer within 10s";
  exchange.response->body_complete = false;
  const Result result = Judged(Validating({MakeValidator("$.data", "partial")}), exchange);
  EXPECT_EQ(Line(result), "TIMED_OUT hooks.slack.com did not answer within 10s");
  EXPECT_EQ(result.response().body(), "partial");
  EXPECT_TRUE(result.response().body_truncated());
  EXPECT_EQ(result.validations_size(), 0);
}

TEST(Judge, CapturesTheAnswer) {
  HttpExchange exchange = Answer(200,
                                 "a\xff"
                                 "b");
  exchange.response->headers = {{"x-a", "1"}, {"content-type", "text/plain"}, {"x-a", "2"}, {"x-b", "\xff"}};
  exchange.remote_address = "203.0.113.7:443";
  exchange.http_version = "2";
  exchange.timing.connect = absl::Milliseconds(3);
  exchange.timing.total = absl::Milliseconds(1500);
  const Result result = Judged(SlackWebhook(), exchange);
  EXPECT_EQ(result.response().status_code(), 200);
  EXPECT_EQ(result.response().body(), "a\uFFFDb");
  EXPECT_EQ(result.response().body_bytes(), 3);
  EXPECT_FALSE(result.response().body_truncated());
  EXPECT_THAT(result.response().headers(),
              UnorderedElementsAre(Pair("x-a", "1, 2"), Pair("content-type", "text/plain"), Pair("x-b", "\uFFFD")));
  EXPECT_EQ(result.remote_address(), "203.0.113.7:443");
  EXPECT_EQ(result.http_version(), "2");
  EXPECT_EQ(result.timing().connect().nanos(), 3'000'000);
  EXPECT_EQ(result.timing().total().seconds(), 1);
  EXPECT_FALSE(result.timing().has_tls());
  EXPECT_FALSE(result.timing().has_name_lookup());
}

TEST(Judge, BoundsWhatItCaptures) {
  v1::Limits limits = DefaultLimits();
  limits.set_captured_body_bytes_max(4);
  HttpExchange exchange = Answer(200, "abcéd");
  for (int i = 0; i < 1000; ++i) exchange.response->headers.emplace_back("x-" + std::to_string(i), "v");
  exchange.response->headers.emplace_back("a", std::string(100'000, 'x'));
  const Result result = Judged(SlackWebhook(), exchange, limits);
  EXPECT_EQ(result.response().body(), "abc");
  EXPECT_TRUE(result.response().body_truncated());
  EXPECT_EQ(result.response().body_bytes(), 6);
  EXPECT_LE(result.response().headers_size(), 128);
  EXPECT_LE(result.response().headers().at("a").size(), 4096u);
}

TEST(Judge, ValidatorsSeeMoreThanIsCaptured) {
  v1::Limits limits = DefaultLimits();
  limits.set_captured_body_bytes_max(4);
  const Result result =
      Judged(Validating({MakeValidator("$.data.b", "2")}), Answer(200, R"({"a":"xxxxxxxx","b":2})"), limits);
  EXPECT_EQ(result.outcome(), Result::SUCCEEDED);
}

TEST(Judge, MasksEchoedSecretsEverywhere) {
  v1::Webhook webhook = Validating({MakeValidator("$.data.echo", "other")});
  (*webhook.mutable_secrets())["key"] = "planted-secrét";
  (*webhook.mutable_headers())["authorization"] = "Bearer planted-token";
  const std::string echo =
      R"({"echo":"planted-secrét","escaped":"planted-secr\u00e9t","path":"\/services\/T0\/B0\/XXXXXXXXXXXXXXXXXXXXXXXX"})";
  HttpExchange exchange = Answer(200, echo);
  exchange.response->headers = {{"x-echo", "planted-token"}, {"location", webhook.url()}};
  const Result result = Judged(webhook, exchange);
  EXPECT_EQ(result.outcome(), Result::VALIDATION_FAILED);
  EXPECT_THAT(result.validations(0).actual_values(), ElementsAre("***"));
  for (const char* secret : {"planted-secrét", "planted-token", "XXXX"}) {
    EXPECT_THAT(result.ShortDebugString(), Not(HasSubstr(secret))) << secret;
  }
  EXPECT_THAT(Judged(webhook, Answer(500, "bad token planted-token")).message(), HasSubstr("bad token ***"));
  HttpExchange failed;
  failed.end = HttpExchange::End::kConnectionFailed;
  failed.message = "cannot read /services/T0/B0/XXXXXXXXXXXXXXXXXXXXXXXX";
  EXPECT_EQ(Judged(webhook, failed).message(), "cannot read ***");
}

TEST(Judge, ASecretIsJudgedAsItCameAndShownAsAMask) {
  v1::Webhook webhook = Validating({MakeValidator("$.data.echo", "planted-secret")});
  (*webhook.mutable_secrets())["key"] = "planted-secret";
  const Result result = Judged(webhook, Answer(200, R"({"echo":"planted-secret"})"));
  EXPECT_EQ(result.outcome(), Result::SUCCEEDED);
  EXPECT_THAT(result.validations(0).actual_values(), ElementsAre("***"));
}

TEST(Judge, NoPartOfASecretStandsWhereTextIsCut) {
  v1::Webhook webhook = Validating({MakeValidator("$.data", "x")});
  (*webhook.mutable_secrets())["key"] = "planted-secret";
  v1::Limits limits = DefaultLimits();
  for (int before = 0; before < 300; ++before) {
    limits.set_captured_body_bytes_max(before + 5);
    const Result result =
        Judged(webhook, Answer(200, std::string(static_cast<size_t>(before), 'x') + "planted-secret"), limits);
    EXPECT_THAT(result.ShortDebugString(), Not(HasSubstr("plant"))) << before;
  }
}

std::string DocumentOf(const HttpResponse& response) { return ToJson(ResponseDocument(response, 32).root()); }

TEST(ResponseDocument, HoldsStatusHeadersAndData) {
  HttpResponse response;
  response.status_code = 200;
  response.headers = {{"b", "1"}, {"a", "x"}, {"b", "2"}};
  response.body = R"( {"n": 1.50} )";
  EXPECT_EQ(DocumentOf(response), R"({"status":200,"headers":{"a":"x","b":"1, 2"},"data":{"n":1.50}})");
  response.headers.clear();
  const struct {
    std::string body;
    const char* data;
  } kCases[] = {
      {"", R"("")"},
      {"ok", R"("ok")"},
      {"{", R"("{")"},
      {"null", "null"},
      {"\"ok\"", R"("ok")"},
      {"\xff", "\"\uFFFD\""},
      {std::string(40, '[') + std::string(40, ']'),
       R"("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")"},
  };
  for (const auto& c : kCases) {
    response.body = c.body;
    EXPECT_EQ(DocumentOf(response), std::string(R"({"status":200,"headers":{},"data":)") + c.data + "}");
  }
}

}  // namespace
}  // namespace herald
