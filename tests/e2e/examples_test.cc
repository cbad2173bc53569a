// Every file in examples/ is sent through the real server to a receiver that answers as the real system is documented
// to.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "src/base/json.h"
#include "tests/e2e/herald_process.h"

namespace herald {
namespace {

using ::testing::HasSubstr;

struct Example {
  const char* folder;
  const char* host;
  ScriptedAnswer success;
  const char* in_body;  // what must stand in the request's body
  const char* header;   // a header that must be there, "" for none
  const char* header_value;
};

const std::vector<Example>& Examples() {
  static const auto* const examples = new std::vector<Example>{
      {"slack", "hooks.slack.com", {.status = 200, .body = "ok"}, "\"text\"", "", ""},
      {"slack-blocks", "hooks.slack.com", {.status = 200, .body = "ok"}, "\"blocks\"", "", ""},
      {"teams-workflow", "prod-1.westus.logic.azure.com", {.status = 202}, "AdaptiveCard", "", ""},
      {"teams-classic", "example.webhook.office.com", {.status = 200, .body = "1"}, "\"title\"", "", ""},
      {"jira",
       "example.atlassian.net",
       {.status = 201, .body = R"({"id":"1","key":"IT-7","self":"x"})"},
       "\"issuetype\"",
       "authorization",
       "Basic "},
      {"servicenow",
       "example.service-now.com",
       {.status = 201, .body = R"({"result":{"sys_id":"a","number":"INC1","state":"1"}})"},
       "\"short_description\"",
       "authorization",
       "Basic "},
      {"okta-workflows",
       "example.workflows.okta.com",
       {.status = 200, .body = "{}"},
       "\"event_type\"",
       "x-api-client-token",
       "REPLACE-CLIENT-TOKEN"},
      {"pagerduty",
       "events.pagerduty.com",
       {.status = 202, .body = R"({"status":"success","message":"Event processed","dedup_key":"x"})"},
       "\"routing_key\"",
       "",
       ""},
      {"discord", "discord.com", {.status = 204}, "\"content\"", "", ""},
      {"datadog-logs",
       "http-intake.logs.datadoghq.com",
       {.status = 202, .body = "{}"},
       "\"message\"",
       "dd-api-key",
       "REPLACE-API-KEY"},
  };
  return *examples;
}

class ExamplesTest : public ::testing::Test {
 protected:
  static std::vector<std::string> Hosts() {
    std::vector<std::string> hosts;
    for (const Example& example : Examples()) hosts.emplace_back(example.host);
    return hosts;
  }

  v1::Webhook Create(const std::string& folder) {
    v1::CreateWebhookRequest request;
    request.set_webhook_id(folder);
    *request.mutable_webhook() = FromJson<v1::Webhook>(ReadFile("examples/" + folder + "/webhook.json"));
    v1::Webhook created;
    grpc::ClientContext context;
    const grpc::Status status = herald_.webhooks().CreateWebhook(&context, request, &created);
    EXPECT_TRUE(status.ok()) << folder << ": " << status.error_message();
    EXPECT_EQ(created.warnings_size(), 0) << folder << ": " << created.ShortDebugString();
    return created;
  }

  v1::DispatchEventResponse Dispatch(const std::string& folder) {
    v1::DispatchEventRequest request;
    *request.mutable_event() = FromJson<v1::Event>(ReadFile("examples/" + folder + "/event.json"));
    request.set_wait(true);
    v1::DispatchEventResponse response;
    grpc::ClientContext context;
    const grpc::Status status = herald_.events().DispatchEvent(&context, request, &response);
    EXPECT_TRUE(status.ok()) << folder << ": " << status.error_message();
    return response;
  }

  // The delivery of the event to the webhook of `folder`, others (of earlier examples) left aside.
  static v1::Delivery DeliveryTo(const std::string& folder, const v1::DispatchEventResponse& response) {
    for (const v1::Delivery& delivery : response.deliveries()) {
      if (delivery.webhook() == "webhooks/" + folder) return delivery;
    }
    ADD_FAILURE() << folder << " got no delivery: " << response.ShortDebugString();
    return {};
  }

  void Delete(const std::string& folder) {
    v1::DeleteWebhookRequest request;
    request.set_name("webhooks/" + folder);
    google::protobuf::Empty empty;
    grpc::ClientContext context;
    EXPECT_TRUE(herald_.webhooks().DeleteWebhook(&context, request, &empty).ok()) << folder;
  }

  v1::Delivery SendOnce(const std::string& folder, const ScriptedAnswer& answer) {
    receiver_.Handle([answer](const ReceivedRequest&) { return answer; });
    Create(folder);
    v1::Delivery delivery = DeliveryTo(folder, Dispatch(folder));
    Delete(folder);
    return delivery;
  }

  TestCa ca_;
  Receiver receiver_{Receiver::Options{.ca = &ca_, .hosts = Hosts()}};
  HeraldProcess herald_{HeraldProcess::Options{.ca = &ca_, .receiver = &receiver_, .hosts = Hosts()}};
};

TEST_F(ExamplesTest, AreDelivered) {
  for (const Example& example : Examples()) {
    const v1::Delivery delivery = SendOnce(example.folder, example.success);
    EXPECT_EQ(delivery.state(), v1::Delivery::SUCCEEDED) << example.folder << ": " << delivery.ShortDebugString();
    ASSERT_GT(receiver_.request_count(), 0);
    const ReceivedRequest sent = receiver_.requests().back();
    EXPECT_EQ(sent.Header("host"), example.host);
    EXPECT_THAT(sent.body, HasSubstr(example.in_body)) << example.folder;
    EXPECT_TRUE(JsonDocument::Parse(sent.body, {.refuse_duplicate_names = true}).ok())
        << example.folder << ": " << sent.body;
    EXPECT_EQ("deliveries/" + std::string(sent.Header("webhook-id")), delivery.name());
    if (example.header[0] != '\0') {
      EXPECT_THAT(std::string(sent.Header(example.header)), HasSubstr(example.header_value));
    }
  }
}

TEST_F(ExamplesTest, SeeTheRefusalsOfTheRealSystems) {
  const struct {
    const char* folder = nullptr;
    ScriptedAnswer answer;
    v1::Delivery::State state = v1::Delivery::STATE_UNSPECIFIED;
    v1::InvocationResult::Outcome outcome = v1::InvocationResult::OUTCOME_UNSPECIFIED;
    const char* message = nullptr;
  } kCases[] = {
      {"slack",
       {.status = 400, .body = "invalid_payload"},
       v1::Delivery::FAILED,
       v1::InvocationResult::HTTP_FAILED,
       "invalid_payload"},
      {"slack",
       {.status = 404, .body = "no_service"},
       v1::Delivery::FAILED,
       v1::InvocationResult::HTTP_FAILED,
       "hooks.slack.com answered 404: no_service"},
      {"slack",
       {.status = 429, .headers = {{"retry-after", "30"}}},
       v1::Delivery::RETRYING,
       v1::InvocationResult::HTTP_FAILED,
       "429"},
      {"slack",
       {.status = 200, .body = "not quite"},
       v1::Delivery::FAILED,
       v1::InvocationResult::VALIDATION_FAILED,
       "not quite"},
      {"teams-classic",
       {.status = 200, .body = "Webhook message delivery failed with error: 429"},
       v1::Delivery::RETRYING,
       v1::InvocationResult::VALIDATION_FAILED,
       "delivery failed"},
      {"discord",
       {.status = 429, .headers = {{"retry-after", "64"}}, .body = R"({"retry_after":64.57})"},
       v1::Delivery::RETRYING,
       v1::InvocationResult::HTTP_FAILED,
       "429"},
      {"servicenow",
       {.status = 201, .body = R"({"result":{"state":"2"}})"},
       v1::Delivery::FAILED,
       v1::InvocationResult::VALIDATION_FAILED,
       "$.data.result.state"},
      {"jira", {.status = 401, .body = "Unauthorized"}, v1::Delivery::FAILED, v1::InvocationResult::HTTP_FAILED, "401"},
      {"pagerduty",
       {.status = 202, .body = R"({"status":"invalid event"})"},
       v1::Delivery::FAILED,
       v1::InvocationResult::VALIDATION_FAILED,
       "invalid event"},
  };
  for (const auto& one : kCases) {
    const v1::Delivery delivery = SendOnce(one.folder, one.answer);
    EXPECT_EQ(delivery.state(), one.state) << one.folder << ": " << delivery.ShortDebugString();
    EXPECT_EQ(delivery.last_result().outcome(), one.outcome) << one.folder;
    EXPECT_THAT(delivery.last_result().message(), HasSubstr(one.message)) << one.folder;
  }
}

TEST_F(ExamplesTest, WaitAsLongAsRetryAfterAsks) {
  const v1::Delivery delivery = SendOnce("slack", {.status = 429, .headers = {{"retry-after", "3600"}}});
  const auto wait = delivery.next_attempt_time().seconds() - delivery.create_time().seconds();
  EXPECT_GE(wait, 3599);
  EXPECT_LE(wait, 3660);
}

}  // namespace
}  // namespace herald
