#include "src/engine/publisher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "src/core/errors.h"
#include "tests/engine/engine_fixture.h"

namespace herald {
namespace {

class PublisherTest : public EngineTest {};

TEST_F(PublisherTest, MakesADeliveryForEachWebhookThatMatches) {
  ASSERT_TRUE(Create("a").ok());
  ASSERT_TRUE(Create("b", R"(, "filters": [{"path": "$.data.env", "values": ["prod"]}])").ok());
  ASSERT_TRUE(Create("c", R"(, "state": "INACTIVE")").ok());
  const auto staging = Dispatch(R"({"type": "A", "data": {"env": "staging"}})");
  ASSERT_TRUE(staging.ok());
  EXPECT_EQ(staging->delivery_count(), 1);
  EXPECT_EQ(staging->deliveries(0).webhook(), "webhooks/a");
  EXPECT_FALSE(staging->event().has_data_json());
  EXPECT_EQ(Dispatch(R"({"type": "A", "data": {"env": "prod"}})")->delivery_count(), 2);
}

TEST_F(PublisherTest, TakesAnIdOnce) {
  ASSERT_TRUE(Create("a").ok());
  const auto first = Dispatch(R"({"type": "A", "id": "one", "data": {"x": 1, "y": 2}})");
  const auto again = Dispatch(R"({"type": "A", "id": "one", "data": {"y": 2, "x": 1}})");
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->duplicate());
  ASSERT_EQ(again->deliveries_size(), 1);
  EXPECT_EQ(again->deliveries(0).name(), first->deliveries(0).name());
  EXPECT_EQ(ReasonOf(Dispatch(R"({"type": "A", "id": "one", "data": {"x": 2}})").status()), v1::EVENT_ID_REUSED);
  EXPECT_EQ(sender_.sent.size(), 1U);
}

TEST_F(PublisherTest, RefusesToFanOutTooFarBeforeAnythingIsStored) {
  limits_.set_fan_out_max(1);
  Restart();
  ASSERT_TRUE(Create("a").ok());
  ASSERT_TRUE(Create("b").ok());
  EXPECT_EQ(ReasonOf(Dispatch(R"({"type": "A", "id": "one"})").status()), v1::TOO_MANY_DELIVERIES);
  EXPECT_FALSE(store_.FindEvent("default", "one").ok());
}

TEST_F(PublisherTest, StoresNothingWhenItOnlyValidates) {
  ASSERT_TRUE(Create("a").ok());
  DispatchAnswer answer;
  DispatchInto(answer, R"({"type": "A", "id": "one"})", false, /*validate_only=*/true);
  Run();
  ASSERT_TRUE(answer.has_value() && answer->ok());
  EXPECT_EQ((*answer)->delivery_count(), 1);
  EXPECT_FALSE(store_.FindEvent("default", "one").ok());
}

TEST_F(PublisherTest, SaysOfAnIdThatIsTakenWhatDispatchingItWouldSay) {
  ASSERT_TRUE(Create("a").ok());
  const auto first = Dispatch(R"({"type": "A", "id": "one", "data": {"x": 1}})");
  DispatchAnswer same;
  DispatchInto(same, R"({"type": "A", "id": "one", "data": {"x": 1}})", false, /*validate_only=*/true);
  DispatchAnswer other;
  DispatchInto(other, R"({"type": "A", "id": "one", "data": {"x": 2}})", false, /*validate_only=*/true);
  Run();
  ASSERT_TRUE(same.has_value() && same->ok());
  EXPECT_TRUE((*same)->duplicate());
  EXPECT_EQ((*same)->deliveries(0).name(), first->deliveries(0).name());
  ASSERT_TRUE(other.has_value());
  EXPECT_EQ(ReasonOf(other->status()), v1::EVENT_ID_REUSED);
}

TEST_F(PublisherTest, AnswersABatchItemByItem) {
  ASSERT_TRUE(Create("a").ok());
  v1::BatchDispatchEventsRequest request;
  request.add_events()->set_type("A");
  request.add_events()->set_type("not a type");
  request.add_events()->set_type("A");
  std::optional<absl::StatusOr<v1::BatchDispatchEventsResponse>> answer;
  engine_->publisher.DispatchBatch(
      "default", request, [&](absl::StatusOr<v1::BatchDispatchEventsResponse> given) { answer = std::move(given); });
  Run();
  ASSERT_TRUE(answer.has_value() && answer->ok());
  ASSERT_EQ((*answer)->results_size(), 3);
  EXPECT_EQ((*answer)->results(0).delivery_count(), 1);
  EXPECT_FALSE((*answer)->results(1).has_event());
  EXPECT_EQ((*answer)->results(1).error().code(), static_cast<int>(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ((*answer)->results(2).delivery_count(), 1);
  EXPECT_EQ(sender_.sent.size(), 2U);
}

TEST_F(PublisherTest, WaitsForTheFirstAttempts) {
  sender_.answer = [](const HttpRequest&) { return std::nullopt; };
  ASSERT_TRUE(Create("a").ok());
  DispatchAnswer answer;
  DispatchInto(answer, R"({"type": "A"})", /*wait=*/true);
  Run();
  EXPECT_FALSE(answer.has_value());
  sender_.hanging.at(0)(ScriptedSender::Status(503));
  Run();
  ASSERT_TRUE(answer.has_value() && answer->ok());
  EXPECT_EQ((*answer)->deliveries(0).state(), v1::Delivery::RETRYING);
}

TEST_F(PublisherTest, WaitsNoLongerThanItMay) {
  sender_.answer = [](const HttpRequest&) { return std::nullopt; };
  ASSERT_TRUE(Create("a").ok());
  DispatchAnswer answer;
  DispatchInto(answer, R"({"type": "A"})", /*wait=*/true);
  Advance(absl::Seconds(29));
  EXPECT_FALSE(answer.has_value());
  Advance(absl::Seconds(1));
  ASSERT_TRUE(answer.has_value() && answer->ok());
  EXPECT_EQ((*answer)->deliveries(0).state(), v1::Delivery::PENDING);
}

TEST_F(PublisherTest, WaitsForNothingOfAWebhookThatIsDeleted) {
  sender_.answer = [](const HttpRequest&) { return std::nullopt; };
  ASSERT_TRUE(Create("a").ok());
  DispatchAnswer answer;
  DispatchInto(answer, R"({"type": "A"})", /*wait=*/true);
  Run();
  ASSERT_TRUE(Delete("a").ok());
  ASSERT_TRUE(answer.has_value() && answer->ok());
  EXPECT_EQ((*answer)->deliveries(0).state(), v1::Delivery::CANCELLED);
}

TEST_F(PublisherTest, WaitsForADuplicateThatIsStillUnderWay) {
  sender_.answer = [](const HttpRequest&) { return std::nullopt; };
  ASSERT_TRUE(Create("a").ok());
  ASSERT_TRUE(Dispatch(R"({"type": "A", "id": "one"})").ok());
  DispatchAnswer answer;
  DispatchInto(answer, R"({"type": "A", "id": "one"})", /*wait=*/true);
  Run();
  EXPECT_FALSE(answer.has_value());
  sender_.hanging.at(0)(ScriptedSender::Status(200));
  Run();
  ASSERT_TRUE(answer.has_value() && answer->ok());
  EXPECT_TRUE((*answer)->duplicate());
  EXPECT_EQ((*answer)->deliveries(0).state(), v1::Delivery::SUCCEEDED);
}

TEST_F(PublisherTest, SaysThatNothingWasDoneWhenTheStoreRefuses) {
  ASSERT_TRUE(Create("a").ok());
  store_.refuses = true;
  EXPECT_EQ(ReasonOf(Dispatch(R"({"type": "A", "id": "one"})").status()), v1::STORE_UNAVAILABLE);
  store_.refuses = false;
  EXPECT_FALSE(Dispatch(R"({"type": "A", "id": "one"})")->duplicate());
}

}  // namespace
}  // namespace herald
