#include "src/engine/delivery_control.h"

#include <gtest/gtest.h>

#include <string>

#include "src/base/protobuf_time.h"
#include "tests/engine/dispatcher_fixture.h"

namespace herald {
namespace {

class DeliveryControlTest : public DispatcherTest {
 protected:
  absl::StatusOr<v1::Delivery> Retry(const std::string& name, bool force = false) {
    v1::RetryDeliveryRequest request;
    request.set_name(name);
    request.set_force(force);
    absl::StatusOr<v1::Delivery> retried = absl::UnknownError("no answer");
    engine_->control.Retry(kTenant, request, [&](absl::StatusOr<v1::Delivery> answer) { retried = std::move(answer); });
    Run();
    return retried;
  }
  absl::StatusOr<v1::Delivery> Cancel(const std::string& name) {
    v1::CancelDeliveryRequest request;
    request.set_name(name);
    absl::StatusOr<v1::Delivery> cancelled = absl::UnknownError("no answer");
    engine_->control.Cancel(kTenant, request,
                            [&](absl::StatusOr<v1::Delivery> answer) { cancelled = std::move(answer); });
    Run();
    return cancelled;
  }
  absl::StatusOr<int64_t> CancelAll(const v1::CancelDeliveriesRequest& request) {
    absl::StatusOr<v1::CancelDeliveriesResponse> response = absl::UnknownError("no answer");
    engine_->control.CancelAll(
        kTenant, request, [&](absl::StatusOr<v1::CancelDeliveriesResponse> answer) { response = std::move(answer); });
    Run();
    if (!response.ok()) return response.status();
    return response->cancelled_count();
  }
  // The name of the one delivery of a new event.
  std::string NewDelivery(const std::string& event = R"({"type": "A"})") {
    const auto answer = Dispatch(event);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer->deliveries(0).name();
  }
  v1::Delivery Find(const std::string& name) {
    v1::GetDeliveryRequest request;
    request.set_name(name);
    return *engine_->history.GetDelivery(kTenant, request);
  }
  void Answer(int status) {
    sender_.answer = [status](const HttpRequest&) { return ScriptedSender::Status(status); };
  }
  void Hang() {
    sender_.answer = [](const HttpRequest&) { return std::nullopt; };
  }
};

TEST_F(DeliveryControlTest, RetriesAtOnceWhateverTheScheduleSays) {
  Answer(503);
  ASSERT_TRUE(Create("a").ok());
  const std::string name = NewDelivery();
  Answer(200);
  const auto retried = Retry(name);
  ASSERT_TRUE(retried.ok()) << retried.status();
  EXPECT_EQ(retried->state(), v1::Delivery::RETRYING);
  EXPECT_EQ(FromProto(retried->next_attempt_time()), clock_.Now());
  EXPECT_EQ(Find(name).state(), v1::Delivery::SUCCEEDED);
  EXPECT_EQ(Find(name).attempt_count(), 2);
}

TEST_F(DeliveryControlTest, AFailedDeliveryGetsAllAttemptsOfItsPolicyAnew) {
  options_.disable_after = absl::ZeroDuration();
  Restart();
  Answer(503);
  ASSERT_TRUE(Create("a").ok());
  const std::string name = NewDelivery();
  Advance(absl::Seconds(5));
  Advance(absl::Seconds(60));
  ASSERT_EQ(Find(name).state(), v1::Delivery::FAILED);
  Advance(absl::Hours(24 * 30));  // far past max_age
  ASSERT_TRUE(Retry(name).ok());
  EXPECT_EQ(Find(name).state(), v1::Delivery::RETRYING);
  EXPECT_EQ(FromProto(Find(name).next_attempt_time()), clock_.Now() + absl::Seconds(5)) << "from the schedule's start";
  Advance(absl::Seconds(5));
  Advance(absl::Seconds(60));
  EXPECT_EQ(Find(name).state(), v1::Delivery::FAILED);
  EXPECT_EQ(Find(name).attempt_count(), 6);
  EXPECT_EQ(Find(name).last_result().name(), name + "/invocations/6");
}

TEST_F(DeliveryControlTest, SendsAgainWhatSucceededOnlyByForce) {
  ASSERT_TRUE(Create("a").ok());
  const std::string name = NewDelivery();
  EXPECT_EQ(ReasonOf(Retry(name).status()), v1::WRONG_STATE);
  EXPECT_EQ(sender_.sent.size(), 1U);
  EXPECT_TRUE(Retry(name, /*force=*/true).ok());
  EXPECT_EQ(sender_.sent.size(), 2U);
  EXPECT_EQ(Header(sender_.sent[0], "webhook-id"), Header(sender_.sent[1], "webhook-id"));
  EXPECT_EQ(ReasonOf(Retry("deliveries/dlv_0123456789abc").status()), v1::DELIVERY_NOT_FOUND);
  EXPECT_EQ(ReasonOf(Retry("webhooks/a").status()), v1::INVALID_FIELDS);
}

TEST_F(DeliveryControlTest, ARetryOfAHeldWebhookWaitsUntilItIsActive) {
  Answer(400);
  ASSERT_TRUE(Create("a").ok());
  const std::string name = NewDelivery();
  SetState("a", v1::Webhook::INACTIVE);
  Answer(200);
  ASSERT_TRUE(Retry(name).ok());
  EXPECT_EQ(sender_.sent.size(), 1U);
  SetState("a", v1::Webhook::ACTIVE);
  EXPECT_EQ(Find(name).state(), v1::Delivery::SUCCEEDED);
}

TEST_F(DeliveryControlTest, CancelsWhatWaitsInMemory) {
  Hang();
  ASSERT_TRUE(Create("a", R"(, "max_in_flight": 1)").ok());
  NewDelivery();
  const std::string waiting = NewDelivery();
  const std::string last = NewDelivery();
  const auto cancelled = Cancel(waiting);
  ASSERT_TRUE(cancelled.ok()) << cancelled.status();
  EXPECT_EQ(cancelled->state(), v1::Delivery::CANCELLED);
  EXPECT_EQ(ReasonOf(Cancel(waiting).status()), v1::WRONG_STATE);
  Answer(200);
  sender_.hanging.at(0)(ScriptedSender::Status(200));
  Run();
  EXPECT_EQ(sender_.sent.size(), 2U);
  EXPECT_EQ(Find(waiting).state(), v1::Delivery::CANCELLED);
  EXPECT_EQ(Find(last).state(), v1::Delivery::SUCCEEDED);
}

TEST_F(DeliveryControlTest, AnAttemptUnderWayLosesToACancellation) {
  Hang();
  ASSERT_TRUE(Create("a").ok());
  const std::string name = NewDelivery();
  ASSERT_TRUE(Cancel(name).ok());
  sender_.hanging.at(0)(ScriptedSender::Status(200));
  Run();
  EXPECT_EQ(Find(name).state(), v1::Delivery::CANCELLED);
  EXPECT_EQ(Find(name).attempt_count(), 0);
}

TEST_F(DeliveryControlTest, WhatIsCancelledAndRetriedWhileUnderWayIsNotLost) {
  Hang();
  ASSERT_TRUE(Create("a").ok());
  const std::string name = NewDelivery();
  clock_.Advance(absl::Seconds(1));
  // All in one batch: the attempt comes home, and meanwhile its delivery is cancelled and opened again.
  v1::CancelDeliveryRequest cancel;
  cancel.set_name(name);
  engine_->control.Cancel(kTenant, cancel, [](const absl::StatusOr<v1::Delivery>&) {});
  v1::RetryDeliveryRequest retry;
  retry.set_name(name);
  retry.set_force(true);
  engine_->control.Retry(kTenant, retry, [](const absl::StatusOr<v1::Delivery>&) {});
  sender_.hanging.at(0)(ScriptedSender::Status(503));
  Answer(200);
  Run();
  EXPECT_EQ(Find(name).state(), v1::Delivery::SUCCEEDED);
}

TEST_F(DeliveryControlTest, CancellingTheFirstOfAKeySendsTheNext) {
  Answer(503);
  ASSERT_TRUE(Create("a").ok());
  const std::string first = NewDelivery(R"({"type": "A", "ordering_key": "k"})");
  const std::string second = NewDelivery(R"({"type": "A", "ordering_key": "k"})");
  Answer(200);
  ASSERT_TRUE(Cancel(first).ok());
  EXPECT_EQ(Find(second).state(), v1::Delivery::SUCCEEDED);
}

TEST_F(DeliveryControlTest, CancelsAllOfAWebhookHoweverMany) {
  Hang();
  ASSERT_TRUE(Create("a").ok());
  constexpr int kCount = 1100;  // more than one transaction cancels
  for (int i = 0; i < kCount; ++i) ASSERT_TRUE(Dispatch().ok());
  v1::CancelDeliveriesRequest request;
  request.set_webhook("webhooks/a");
  *request.mutable_range()->mutable_end_time() = ToProto(clock_.Now());
  EXPECT_EQ(*CancelAll(request), 0) << "none is so old";
  request.clear_range();
  EXPECT_EQ(*CancelAll(request), kCount);
  EXPECT_TRUE(Deliveries(v1::Delivery::PENDING).empty());
  const size_t sent = sender_.sent.size();
  for (const HttpSender::Done& done : std::exchange(sender_.hanging, {})) done(ScriptedSender::Status(200));
  Run();
  EXPECT_EQ(sender_.sent.size(), sent) << "nothing of it is left in memory";
  EXPECT_TRUE(Deliveries(v1::Delivery::SUCCEEDED).empty());
  request.set_webhook("webhooks/b");
  EXPECT_EQ(ReasonOf(CancelAll(request).status()), v1::WEBHOOK_NOT_FOUND);
}

TEST_F(DeliveryControlTest, AWaitingCallerIsToldOfACancellation) {
  Hang();
  ASSERT_TRUE(Create("a").ok());
  DispatchAnswer answer;
  DispatchInto(answer, R"({"type": "A"})", /*wait=*/true);
  Run();
  ASSERT_FALSE(answer.has_value());
  ASSERT_TRUE(Cancel(Deliveries().at(0).name()).ok());
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ((*answer)->deliveries(0).state(), v1::Delivery::CANCELLED);
}

}  // namespace
}  // namespace herald
