#include "src/engine/tester.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "src/core/errors.h"
#include "tests/engine/engine_fixture.h"

namespace herald {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class TesterTest : public EngineTest {
 protected:
  absl::StatusOr<v1::InvocationResult> Test(const v1::TestWebhookRequest& request,
                                            absl::Duration time_left = absl::InfiniteDuration()) {
    absl::StatusOr<v1::InvocationResult> result = absl::UnknownError("no answer");
    engine_->tester.Test("default", request, time_left,
                         [&](absl::StatusOr<v1::InvocationResult> given) { result = std::move(given); });
    return result;
  }
};

TEST_F(TesterTest, SendsTheSampleAtOnceAndStoresNothing) {
  ASSERT_TRUE(Create("a", R"(, "state": "INACTIVE")").ok());
  v1::TestWebhookRequest request;
  request.set_name("webhooks/a");
  const auto result = Test(request);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_TRUE(result->test());
  EXPECT_EQ(result->outcome(), v1::InvocationResult::SUCCEEDED);
  EXPECT_THAT(*sender_.sent.at(0).body, HasSubstr("RequestCreated"));
  EXPECT_TRUE(Deliveries().empty());
}

TEST_F(TesterTest, TriesAWebhookThatWasNeverSaved) {
  v1::TestWebhookRequest request;
  request.mutable_webhook()->set_url("https://new.example.com/in");
  EXPECT_TRUE(Test(request).ok()) << Test(request).status();
  request.mutable_webhook()->set_url("https://new.example.com/***");
  EXPECT_EQ(ReasonOf(Test(request).status()), v1::INVALID_FIELDS);
}

TEST_F(TesterTest, EndsBeforeItsCallersDeadline) {
  ASSERT_TRUE(Create("a").ok());
  v1::TestWebhookRequest request;
  request.set_name("webhooks/a");
  ASSERT_TRUE(Test(request, absl::Seconds(3)).ok());
  EXPECT_LT(sender_.sent.at(0).timeout, absl::Seconds(3));
  ASSERT_TRUE(Test(request).ok());
  EXPECT_EQ(sender_.sent.at(1).timeout, absl::Seconds(10));
}

TEST_F(TesterTest, PreviewsWithoutSending) {
  ASSERT_TRUE(
      Create(
          "a",
          R"(, "body_template": "{\"id\": \"{{data.friendly_id}}\"}", "filters": [{"path": "$.data.x", "operator": "EXISTS"}])")
          .ok());
  v1::PreviewWebhookRequest request;
  request.set_name("webhooks/a");
  const auto preview = engine_->tester.Preview("default", request);
  ASSERT_TRUE(preview.ok()) << preview.status();
  EXPECT_EQ(preview->request().body(), R"({"id": "AR-123"})");
  EXPECT_EQ(preview->positions(0).position(), "JSON string");
  EXPECT_FALSE(preview->verdicts(2).passed());
  EXPECT_TRUE(sender_.sent.empty());
}

TEST_F(TesterTest, ExplainsThoseThatWouldFireFirst) {
  ASSERT_TRUE(Create("a", R"(, "state": "INACTIVE")").ok());
  ASSERT_TRUE(Create("b").ok());
  v1::ExplainEventRequest request;
  request.mutable_event()->set_type("A");
  request.set_page_size(1);
  const auto first = engine_->explainer.Explain("default", request);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->explanations(0).webhook(), "webhooks/b");
  EXPECT_TRUE(first->explanations(0).would_fire());
  request.set_page_token(first->next_page_token());
  const auto second = engine_->explainer.Explain("default", request);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->explanations(0).webhook(), "webhooks/a");
  EXPECT_EQ(second->explanations(0).verdicts(0).rule(), "state");
  EXPECT_FALSE(second->explanations(0).verdicts(0).passed());
}

// "field: sentence" of each violation.
std::vector<std::string> Violations(const absl::Status& status) {
  std::vector<std::string> out;
  const google::rpc::BadRequest bad_request = BadRequestOf(status);
  for (const auto& violation : bad_request.field_violations()) {
    out.push_back(violation.field() + ": " + violation.description());
  }
  return out;
}

TEST_F(TesterTest, NamesThePartThatCannotBeRendered) {
  v1::PreviewWebhookRequest request;
  v1::Webhook& webhook = *request.mutable_webhook();
  webhook.set_url("https://a.example.com/{{date event_type '%Y'}}");
  EXPECT_THAT(Violations(engine_->tester.Preview("default", request).status()),
              ElementsAre(StartsWith("webhook.url: line 1, column 25: ")));
  webhook.set_url("https://a.example.com/");
  (*webhook.mutable_headers())["x-id"] = "id {{date event_type '%Y'}}";
  EXPECT_THAT(Violations(engine_->tester.Preview("default", request).status()),
              ElementsAre(StartsWith("webhook.headers[\"x-id\"]: line 1, column 6: ")));
  webhook.clear_headers();
  webhook.set_body_template("{\n\"a\": \"{{date event_type '%Y'}}\"}");
  EXPECT_THAT(Violations(engine_->tester.Preview("default", request).status()),
              ElementsAre(StartsWith("webhook.body_template: line 2, column 9: ")));
}

TEST_F(TesterTest, NamesEveryBadFieldAtOnce) {
  v1::PreviewWebhookRequest preview;
  preview.mutable_webhook()->set_url("ftp://x");
  preview.mutable_webhook()->set_name("nonsense");
  preview.mutable_event()->set_data_json("{");
  const auto expected = ElementsAre(StartsWith("webhook.name: "), StartsWith("webhook.url: "),
                                    StartsWith("event.type: "), StartsWith("event.data_json: "));
  EXPECT_THAT(Violations(engine_->tester.Preview("default", preview).status()), expected);
  v1::TestWebhookRequest test;
  *test.mutable_webhook() = preview.webhook();
  *test.mutable_event() = preview.event();
  EXPECT_THAT(Violations(Test(test).status()), expected);
  test.set_name("nonsense");
  EXPECT_THAT(Violations(Test(test).status()),
              ElementsAre(StartsWith("name: "), StartsWith("event.type: "), StartsWith("event.data_json: ")));
}

TEST_F(TesterTest, NamesEveryBadFieldOfAnExplanationAtOnce) {
  v1::ExplainEventRequest request;
  request.mutable_event()->set_data_json("{");
  request.set_webhook("nonsense");
  request.set_page_size(-1);
  request.set_page_token("nonsense");
  EXPECT_THAT(Violations(engine_->explainer.Explain("default", request).status()),
              ElementsAre(StartsWith("event.type: "), StartsWith("event.data_json: "), StartsWith("webhook: "),
                          StartsWith("page_size: "), StartsWith("page_token: ")));
  request.set_event_name("events/none");
  request.set_webhook("webhooks/none");
  request.clear_page_token();
  EXPECT_THAT(Violations(engine_->explainer.Explain("default", request).status()),
              ElementsAre(StartsWith("page_size: ")));
  request.clear_page_size();
  EXPECT_EQ(ReasonOf(engine_->explainer.Explain("default", request).status()), v1::EVENT_NOT_FOUND);
}

}  // namespace
}  // namespace herald
