#include "src/engine/tester.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "src/core/errors.h"
#include "tests/engine/engine_fixture.h"

namespace herald {
namespace {

using ::testing::HasSubstr;

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

}  // namespace
}  // namespace herald
