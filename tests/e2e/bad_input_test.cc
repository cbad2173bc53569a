// What the server says to bad input: one status that names every bad field, and nothing is changed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tests/e2e/herald_process.h"

namespace herald {
namespace {

using ::testing::HasSubstr;

struct Failure {
  grpc::Status status;
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest bad_request;

  // The sentence at `field`; empty when there is none.
  std::string At(const std::string& field) const {
    for (const auto& violation : bad_request.field_violations()) {
      if (violation.field() == field) return violation.description();
    }
    return "";
  }
};

Failure FailureOf(const grpc::Status& status) {
  Failure failure;
  failure.status = status;
  google::rpc::Status details;
  EXPECT_TRUE(details.ParseFromString(status.error_details()));
  for (const auto& detail : details.details()) {
    if (detail.Is<google::rpc::ErrorInfo>()) detail.UnpackTo(&failure.info);
    if (detail.Is<google::rpc::BadRequest>()) detail.UnpackTo(&failure.bad_request);
  }
  EXPECT_EQ(failure.info.domain(), "herald");
  return failure;
}

class BadInputTest : public ::testing::Test {
 protected:
  static v1::Webhook Good(const std::string& display_name = "Good") {
    v1::Webhook webhook;
    webhook.set_display_name(display_name);
    webhook.add_triggers("RequestCreated");
    webhook.set_url("https://example.com/hook");
    return webhook;
  }

  grpc::Status Create(const v1::Webhook& webhook, const std::string& id = "") {
    v1::CreateWebhookRequest request;
    *request.mutable_webhook() = webhook;
    request.set_webhook_id(id);
    v1::Webhook created;
    grpc::ClientContext context;
    return herald_.webhooks().CreateWebhook(&context, request, &created);
  }

  grpc::Status Update(const v1::Webhook& webhook, const std::vector<std::string>& mask) {
    v1::UpdateWebhookRequest request;
    *request.mutable_webhook() = webhook;
    for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
    v1::Webhook updated;
    grpc::ClientContext context;
    return herald_.webhooks().UpdateWebhook(&context, request, &updated);
  }

  grpc::Status Dispatch(const v1::Event& event) {
    v1::DispatchEventRequest request;
    *request.mutable_event() = event;
    v1::DispatchEventResponse response;
    grpc::ClientContext context;
    return herald_.events().DispatchEvent(&context, request, &response);
  }

  HeraldProcess herald_{HeraldProcess::Options{}};
};

TEST_F(BadInputTest, NamesTheFieldAndTheRemedyOfAWebhook) {
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {R"("url":"https//:hooks.slack.com/x")", "webhook.url", "write https://"},
      {R"("url":"https://example.com:8443/x")", "webhook.url", "port 8443 is not allowed"},
      {R"("url":"https://user:pw@example.com/x")", "webhook.url", "no user name or password"},
      {R"("url":"https://***")", "webhook.url", "***"},
      {R"("triggers":["Request Created!"])", "webhook.triggers[0]", "U+0020 at position 8 is not allowed in a trigger"},
      {R"("filters":[{"path":"$.data[","values":["x"]}])", "webhook.filters[0].path", "position"},
      {R"("filters":[{"path":"$.data","operator":"MATCHES","values":["("]}])", "webhook.filters[0].values[0]",
       "not an RE2 expression: missing ): ("},
      {R"("response_validators":[{"json_path":"$.body.ok"}])", "webhook.response_validators[0].json_path",
       "did you mean"},
      {R"("body_template":"{\"a\":\n {{#if x}}1}")", "webhook.body_template", "line 2, column"},
      {R"("body_template":"{\"a\":{{#if x}}1{{/if}}}")", "webhook.body_template", "add {{else}}null"},
      {R"("timeout":"61s")", "webhook.timeout", "1m1s; from 1s to 1m is allowed"},
      {R"("timeout":"0.5s")", "webhook.timeout", "500ms; from 1s to 1m is allowed"},
      {R"("headers":{"x-a":"b\r\nc: d"})", "webhook.headers[\"x-a\"]", "a header's value holds no line break"},
      {R"("headers":{"content-type":"text/plain"})", "webhook.headers[\"content-type\"]", "content_type"},
      {R"("secrets":{"token":"***"})", "webhook.secrets[\"token\"]", "***"},
      {R"("retry_policy":{"max_attempts":31})", "webhook.retry_policy.max_attempts", "31; from 1 to 30 is allowed"},
  };
  for (const auto& [json, field, sentence] : cases) {
    v1::Webhook webhook = Good();
    const v1::Webhook bad = FromJson<v1::Webhook>(absl::StrCat("{", json, "}"));
    if (bad.triggers_size() > 0) webhook.clear_triggers();
    webhook.MergeFrom(bad);
    const Failure failure = FailureOf(Create(webhook));
    EXPECT_EQ(failure.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << json;
    EXPECT_EQ(failure.info.reason(), "INVALID_FIELDS") << json;
    EXPECT_THAT(failure.At(field), HasSubstr(sentence)) << json << ": " << failure.bad_request.ShortDebugString();
  }
}

TEST_F(BadInputTest, NamesEveryFieldOfAWebhookInWhichAllAreWrong) {
  v1::Webhook webhook;
  webhook.set_display_name("!");
  webhook.set_description(std::string(2000, 'x'));
  webhook.set_state(static_cast<v1::Webhook::State>(99));
  webhook.set_method(static_cast<v1::Webhook::Method>(99));
  webhook.set_url("ftp://x");
  webhook.add_triggers("bad trigger");
  webhook.add_filters()->set_path("$[");
  (*webhook.mutable_headers())["bad header"] = "x";
  (*webhook.mutable_secrets())["bad secret"] = "x";
  webhook.set_content_type("image/png");
  webhook.set_body_template("{{");
  webhook.mutable_timeout()->set_seconds(1000);
  webhook.add_response_validators()->set_json_path("$.nothing");
  webhook.add_success_statuses(99);
  webhook.mutable_retry_policy()->set_max_attempts(31);
  webhook.mutable_rate_limit()->set_requests_per_second(-1);
  webhook.set_max_in_flight(-1);
  webhook.mutable_signing()->set_scheme(static_cast<v1::Signing::Scheme>(99));
  webhook.mutable_authentication()->mutable_bearer();
  (*webhook.mutable_labels())["Bad Label"] = "x";
  const grpc::Status status = Create(webhook, "BAD ID");
  EXPECT_LE(status.error_details().size(), 4096U);
  const Failure failure = FailureOf(status);
  for (const char* field : {"webhook_id",
                            "webhook.display_name",
                            "webhook.description",
                            "webhook.state",
                            "webhook.method",
                            "webhook.url",
                            "webhook.triggers[0]",
                            "webhook.filters[0].path",
                            "webhook.headers[\"bad header\"]",
                            "webhook.secrets[\"bad secret\"]",
                            "webhook.content_type",
                            "webhook.timeout",
                            "webhook.response_validators[0].json_path",
                            "webhook.success_statuses[0]",
                            "webhook.retry_policy.max_attempts",
                            "webhook.rate_limit.requests_per_second",
                            "webhook.max_in_flight",
                            "webhook.signing.scheme",
                            "webhook.authentication.bearer.token",
                            "webhook.labels[\"Bad Label\"]"}) {
    EXPECT_NE(failure.At(field), "") << field << ": " << failure.bad_request.ShortDebugString();
  }
}

TEST_F(BadInputTest, ListsEveryBadFieldWithinTheSizeThatClientsTake) {
  v1::Webhook webhook;
  webhook.set_display_name("!");
  webhook.set_description(std::string(2000, 'x'));
  webhook.set_url("ftp://x");
  webhook.set_content_type("image/png");
  webhook.set_body_template("{{");
  webhook.mutable_timeout()->set_seconds(1000);
  for (int i = 0; i < 100; ++i) {
    webhook.add_triggers(absl::StrCat("bad trigger ", i));
    (*webhook.mutable_headers())[absl::StrCat("bad header ", i)] = "\n";
    webhook.add_filters()->set_path("$[");
    webhook.add_response_validators()->set_json_path("$.nothing");
  }
  const grpc::Status status = Create(webhook, "BAD ID");
  EXPECT_LE(status.error_details().size(), 4096U);
  const Failure failure = FailureOf(status);
  EXPECT_GE(failure.bad_request.field_violations_size(), 10);
  EXPECT_THAT(failure.bad_request.field_violations().rbegin()->description(), HasSubstr("more fields are wrong"));
  EXPECT_NE(failure.At("webhook_id"), "");
}

TEST_F(BadInputTest, RefusesWhatIsTakenAndWhatIsNotThere) {
  ASSERT_TRUE(Create(Good(), "one").ok());
  EXPECT_EQ(FailureOf(Create(Good("Other"), "one")).info.reason(), "WEBHOOK_ID_TAKEN");
  const Failure taken = FailureOf(Create(Good("gOOD"), "two"));
  EXPECT_EQ(taken.info.reason(), "DISPLAY_NAME_TAKEN");
  EXPECT_THAT(taken.status.error_message(), HasSubstr("gOOD"));
  v1::Webhook edit;
  edit.set_name("webhooks/none");
  EXPECT_EQ(FailureOf(Update(edit, {"description"})).info.reason(), "WEBHOOK_NOT_FOUND");
  edit.set_name("nonsense");
  EXPECT_NE(FailureOf(Update(edit, {"description"})).At("webhook.name"), "");
  edit.set_name("webhooks/one");
  EXPECT_THAT(FailureOf(Update(edit, {"colour"})).At("update_mask"), HasSubstr("\"colour\" names no field"));
  edit.set_etag("wrong");
  const Failure mismatch = FailureOf(Update(edit, {"description"}));
  EXPECT_EQ(mismatch.status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(mismatch.info.reason(), "ETAG_MISMATCH");
  EXPECT_THAT(mismatch.status.error_message(), HasSubstr("read it again"));
}

TEST_F(BadInputTest, LetsNoEditSendAStoredSecretToANewHost) {
  v1::Webhook webhook = Good();
  (*webhook.mutable_headers())["authorization"] = "Bearer secret-of-the-first-host";
  ASSERT_TRUE(Create(webhook, "one").ok());
  v1::Webhook edit;
  edit.set_name("webhooks/one");
  edit.set_url("https://evil.example.com/***");
  (*edit.mutable_headers())["authorization"] = "***";
  const Failure failure = FailureOf(Update(edit, {"url", "headers"}));
  EXPECT_THAT(failure.At("webhook.url"), HasSubstr("host")) << failure.bad_request.ShortDebugString();
  EXPECT_THAT(failure.At("webhook.headers[\"authorization\"]"), HasSubstr("host"))
      << failure.bad_request.ShortDebugString();
}

TEST_F(BadInputTest, NamesTheFieldOfAnEvent) {
  const std::string deep = std::string(33, '[') + std::string(33, ']');
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {"{", "event.data_json", "line 1"},
      {R"({"a":1,"a":2})", "event.data_json", "comes twice"},
      {deep, "event.data_json", "32"},
      {"\"" + std::string((1 << 20) + 1, 'x') + "\"", "event.data_json", "1048576"},
  };
  for (const auto& [data, field, sentence] : cases) {
    v1::Event event;
    event.set_type("RequestCreated");
    event.set_data_json(data);
    const Failure failure = FailureOf(Dispatch(event));
    EXPECT_THAT(failure.At(field), HasSubstr(sentence)) << data.substr(0, 40) << failure.bad_request.ShortDebugString();
  }
  v1::Event event;
  event.set_type("herald.own");
  event.set_id("not / good");
  const Failure failure = FailureOf(Dispatch(event));
  EXPECT_NE(failure.At("event.type"), "");
  EXPECT_NE(failure.At("event.id"), "");
}

TEST_F(BadInputTest, RefusesForeignPageTokensAndTenants) {
  v1::ListWebhooksRequest request;
  request.set_page_token("nonsense");
  v1::ListWebhooksResponse response;
  grpc::ClientContext context;
  EXPECT_THAT(FailureOf(herald_.webhooks().ListWebhooks(&context, request, &response)).At("page_token"),
              HasSubstr("not a token of this list"));
  grpc::ClientContext other;
  other.AddMetadata("herald-tenant", "somebody-else");
  const Failure failure = FailureOf(herald_.webhooks().ListWebhooks(&other, v1::ListWebhooksRequest(), &response));
  EXPECT_EQ(failure.status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(failure.info.reason(), "TENANT_NOT_ALLOWED");
}

TEST_F(BadInputTest, TakesAnEventIdOnceWithTheSameContent) {
  v1::Event event;
  event.set_id("order-1");
  event.set_type("RequestCreated");
  event.set_data_json(R"({"a":1,"b":2})");
  ASSERT_TRUE(Dispatch(event).ok());
  event.set_data_json(R"({ "b": 2, "a": 1 })");
  EXPECT_TRUE(Dispatch(event).ok());
  event.set_data_json(R"({"a":1,"b":3})");
  EXPECT_EQ(FailureOf(Dispatch(event)).info.reason(), "EVENT_ID_REUSED");
}

}  // namespace
}  // namespace herald
