// What holds attempts back: the rate limit, the breaker and disabled webhooks, seen through the dispatcher.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "src/base/protobuf_time.h"
#include "tests/engine/dispatcher_fixture.h"

namespace herald {
namespace {

// ---- Rate limit

TEST_F(DispatcherTest, BeginsNoMoreAttemptsThanTheRateAllows) {
  ASSERT_TRUE(Create("a", R"(, "rate_limit": {"requests_per_second": 10, "burst": 3})").ok());
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(Dispatch().ok());
  EXPECT_EQ(sender_.sent.size(), 3U);
  Advance(absl::Milliseconds(99));
  EXPECT_EQ(sender_.sent.size(), 3U);
  Advance(absl::Milliseconds(1));
  EXPECT_EQ(sender_.sent.size(), 4U);
  for (int i = 0; i < 30; ++i) Advance(absl::Milliseconds(100));
  EXPECT_EQ(sender_.sent.size(), 30U);
  EXPECT_EQ(Deliveries(v1::Delivery::SUCCEEDED).size(), 30U);
}

TEST_F(DispatcherTest, SendsSlowlyWhatTakesLongerThanItsClaim) {
  ASSERT_TRUE(Create("a", R"(, "rate_limit": {"requests_per_second": 0.02})").ok());
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(Dispatch().ok());
  for (int seconds = 0; seconds < 200; ++seconds) Advance(absl::Seconds(1));
  EXPECT_EQ(sender_.sent.size(), 3U);
  EXPECT_EQ(Deliveries(v1::Delivery::SUCCEEDED).size(), 3U);
}

// ---- Breaker

class BreakerTest : public DispatcherTest {
 protected:
  // A webhook whose receiver is down, after the breaker has opened.
  void Break() {
    sender_.answer = [this](const HttpRequest&) { return ScriptedSender::Status(status_); };
    ASSERT_TRUE(Create("a").ok());
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(Dispatch().ok());
    ASSERT_EQ(sender_.sent.size(), 10U);
    ASSERT_EQ(Health().breaker(), v1::WebhookHealth::OPEN);
  }
  // A webhook that asks for Herald's own events alone.
  void CreateWatcher() {
    ASSERT_TRUE(Create("watcher").ok());
    v1::Webhook watcher;
    watcher.set_name("webhooks/watcher");
    watcher.add_triggers("herald.*");
    ASSERT_TRUE(Update(watcher, {"triggers"}).ok());
  }
  v1::WebhookHealth Health() const { return engine_->registry.Get(kTenant, "webhooks/a")->health(); }

  int status_ = 503;
};

TEST_F(BreakerTest, HoldsDeliveriesBackWithoutSpendingAttempts) {
  Break();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(Dispatch().ok());
  Advance(absl::Milliseconds(4999));
  EXPECT_EQ(sender_.sent.size(), 10U);
  int untried = 0;
  for (const v1::Delivery& delivery : Deliveries(v1::Delivery::PENDING)) untried += delivery.attempt_count() == 0;
  EXPECT_EQ(untried, 5);
  EXPECT_EQ(FromProto(Health().probe_time()), clock_.Now() + absl::Milliseconds(1));
}

TEST_F(BreakerTest, ProbesAloneAndSendsTheRestOnceAnswered) {
  Break();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(Dispatch().ok());
  Advance(absl::Seconds(5));
  EXPECT_EQ(sender_.sent.size(), 11U) << "one probe, which fails";
  Advance(absl::Milliseconds(9999));
  EXPECT_EQ(sender_.sent.size(), 11U);
  status_ = 200;
  Advance(absl::Milliseconds(1));
  EXPECT_EQ(Health().breaker(), v1::WebhookHealth::CLOSED);
  EXPECT_EQ(Health().consecutive_failures(), 0);
  for (int i = 0; i < 10; ++i) Advance(absl::Seconds(1));
  EXPECT_EQ(Deliveries(v1::Delivery::PENDING).size(), 0U);
  EXPECT_GE(Deliveries(v1::Delivery::SUCCEEDED).size(), 14U);
}

TEST_F(BreakerTest, StaysOpenAcrossARestart) {
  Break();
  Restart();
  ASSERT_TRUE(Dispatch().ok());
  EXPECT_EQ(sender_.sent.size(), 10U);
  EXPECT_EQ(Health().breaker(), v1::WebhookHealth::OPEN);
  EXPECT_EQ(Health().consecutive_failures(), 10);
  status_ = 200;
  for (int i = 0; i < 10; ++i) Advance(absl::Seconds(1));
  EXPECT_EQ(Health().breaker(), v1::WebhookHealth::CLOSED);
}

TEST_F(BreakerTest, AClosedOneCountsFromNoneAfterARestart) {
  Break();
  status_ = 404;  // an answer, and a failure
  Advance(absl::Seconds(5));
  ASSERT_EQ(Health().breaker(), v1::WebhookHealth::CLOSED);
  Restart();
  ASSERT_GE(Health().consecutive_failures(), 10) << "failures of every kind";
  status_ = 503;
  for (int i = 0; i < 9; ++i) ASSERT_TRUE(Dispatch().ok());
  EXPECT_EQ(Health().breaker(), v1::WebhookHealth::CLOSED);
  ASSERT_TRUE(Dispatch().ok());
  EXPECT_EQ(Health().breaker(), v1::WebhookHealth::OPEN);
}

TEST_F(BreakerTest, AMendedWebhookIsProbedAtOnce) {
  Break();
  status_ = 200;
  v1::Webhook mended;
  mended.set_name("webhooks/a");
  mended.set_description("mended");
  ASSERT_TRUE(Dispatch().ok());
  ASSERT_TRUE(Update(mended, {"description"}).ok());
  EXPECT_EQ(Health().breaker(), v1::WebhookHealth::CLOSED);
}

TEST_F(BreakerTest, OneBrokenReceiverHoldsBackNoOther) {
  Break();
  ASSERT_TRUE(Create("b").ok());
  status_ = 200;
  ASSERT_TRUE(Dispatch().ok());
  EXPECT_EQ(SentTo("b"), 1);
  EXPECT_EQ(SentTo("a"), 10);
}

// ---- Disabling

TEST_F(BreakerTest, DisablesAtOnceWhenTheReceiverIsGone) {
  ASSERT_TRUE(Create("a").ok());
  CreateWatcher();
  sender_.answer = [](const HttpRequest& request) {
    return ScriptedSender::Status(HostOfUrl(request.url) == "a.example.com" ? 410 : 200);
  };
  ASSERT_TRUE(Dispatch().ok());
  v1::Webhook disabled = *engine_->registry.Get(kTenant, "webhooks/a");
  EXPECT_EQ(disabled.state(), v1::Webhook::DISABLED);
  EXPECT_EQ(disabled.disabled_reason(), v1::Webhook::GONE);
  EXPECT_EQ(FromProto(disabled.disable_time()), clock_.Now());
  // Both events of Herald's own came, and nothing but them.
  EXPECT_EQ(SentTo("watcher"), 2);
  std::vector<std::string> types;
  for (const HttpRequest& request : sender_.sent) {
    if (HostOfUrl(request.url) != "watcher.example.com") continue;
    types.push_back(std::string(JsonDocument::Parse(*request.body)->root().Find("event_type")->string()));
  }
  EXPECT_THAT(types, ::testing::UnorderedElementsAre("herald.delivery.failed", "herald.webhook.disabled"));

  // What comes meanwhile is held, and goes when people have mended it.
  ASSERT_TRUE(Dispatch().ok());
  EXPECT_EQ(SentTo("a"), 1);
  sender_.answer = [](const HttpRequest&) { return ScriptedSender::Status(200); };
  SetState("a", v1::Webhook::ACTIVE);
  EXPECT_EQ(SentTo("a"), 2);
  const v1::Webhook mended = *engine_->registry.Get(kTenant, "webhooks/a");
  EXPECT_EQ(mended.disabled_reason(), v1::Webhook::DISABLED_REASON_UNSPECIFIED);
  EXPECT_FALSE(mended.has_disable_time());
}

TEST_F(BreakerTest, DisablesWhatFailedForFiveDays) {
  sender_.answer = [](const HttpRequest&) { return ScriptedSender::Status(404); };
  ASSERT_TRUE(Create("a").ok());
  for (int day = 0; day < 5; ++day) {
    ASSERT_TRUE(Dispatch().ok());
    EXPECT_EQ(engine_->registry.Get(kTenant, "webhooks/a")->state(), v1::Webhook::ACTIVE) << day;
    if (day == 2) Restart();
    Advance(absl::Hours(24));
  }
  ASSERT_TRUE(Dispatch().ok());
  EXPECT_EQ(engine_->registry.Get(kTenant, "webhooks/a")->disabled_reason(), v1::Webhook::FAILING);
  SetState("a", v1::Webhook::ACTIVE);
  ASSERT_TRUE(Dispatch().ok());
  EXPECT_EQ(engine_->registry.Get(kTenant, "webhooks/a")->state(), v1::Webhook::ACTIVE) << "it has five days again";
}

TEST_F(BreakerTest, DisablesNothingWhenToldNotTo) {
  options_.disable_on_gone = false;
  options_.disable_after = absl::ZeroDuration();
  Restart();
  sender_.answer = [](const HttpRequest&) { return ScriptedSender::Status(410); };
  ASSERT_TRUE(Create("a").ok());
  for (int day = 0; day < 10; ++day) {
    ASSERT_TRUE(Dispatch().ok());
    Advance(absl::Hours(24));
  }
  EXPECT_EQ(engine_->registry.Get(kTenant, "webhooks/a")->state(), v1::Webhook::ACTIVE);
}

TEST_F(BreakerTest, AFailedDeliveryOfAnOwnEventMakesNoFurtherEvent) {
  sender_.answer = [](const HttpRequest&) { return ScriptedSender::Status(404); };
  CreateWatcher();
  ASSERT_TRUE(Create("a").ok());
  ASSERT_TRUE(Dispatch().ok());
  Advance(absl::Hours(1));
  EXPECT_EQ(SentTo("a"), 1);
  EXPECT_EQ(SentTo("watcher"), 1);
}

}  // namespace
}  // namespace herald
