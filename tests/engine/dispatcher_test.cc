#include "src/engine/dispatcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/protobuf_time.h"
#include "src/core/url_policy.h"
#include "tests/engine/engine_fixture.h"

namespace herald {
namespace {

using ::testing::ElementsAre;

class DispatcherTest : public EngineTest {
 protected:
  int SentTo(const std::string& id) const {
    int count = 0;
    for (const HttpRequest& request : sender_.sent) count += HostOfUrl(request.url) == id + ".example.com" ? 1 : 0;
    return count;
  }
  static std::string Header(const HttpRequest& request, const std::string& name) {
    for (const auto& [header, value] : request.headers) {
      if (header == name) return value;
    }
    return "";
  }
};

TEST_F(DispatcherTest, DeliversWhatWasAccepted) {
  ASSERT_TRUE(Create("a").ok());
  ASSERT_TRUE(Dispatch().ok());
  ASSERT_EQ(sender_.sent.size(), 1U);
  const v1::Delivery delivery = Deliveries().at(0);
  EXPECT_EQ(delivery.state(), v1::Delivery::SUCCEEDED);
  EXPECT_EQ(delivery.attempt_count(), 1);
  EXPECT_EQ("deliveries/" + Header(sender_.sent[0], "webhook-id"), delivery.name());
}

TEST_F(DispatcherTest, TriesAgainExactlyWhenTheScheduleSaysAndThenGivesUp) {
  sender_.answer = [](const HttpRequest&) { return ScriptedSender::Status(503); };
  ASSERT_TRUE(Create("a").ok());
  ASSERT_TRUE(Dispatch().ok());
  EXPECT_EQ(Deliveries().at(0).state(), v1::Delivery::RETRYING);
  EXPECT_EQ(FromProto(Deliveries().at(0).next_attempt_time()), clock_.Now() + absl::Seconds(5));
  Advance(absl::Milliseconds(4999));
  EXPECT_EQ(sender_.sent.size(), 1U);
  Advance(absl::Milliseconds(1));
  EXPECT_EQ(sender_.sent.size(), 2U);
  Advance(absl::Milliseconds(59'999));
  EXPECT_EQ(sender_.sent.size(), 2U);
  Advance(absl::Milliseconds(1));
  EXPECT_EQ(sender_.sent.size(), 3U);
  EXPECT_EQ(Deliveries().at(0).state(), v1::Delivery::FAILED);
  Advance(absl::Hours(48));
  EXPECT_EQ(sender_.sent.size(), 3U);
  EXPECT_EQ(Header(sender_.sent[0], "webhook-id"), Header(sender_.sent[2], "webhook-id"));
}

TEST_F(DispatcherTest, SleepsOnWhenTheWallClockStepsBack) {
  sender_.answer = [](const HttpRequest&) { return ScriptedSender::Status(503); };
  ASSERT_TRUE(Create("a").ok());
  ASSERT_TRUE(Dispatch().ok());
  clock_.Step(-absl::Hours(1));
  Advance(absl::Seconds(10));
  EXPECT_EQ(sender_.sent.size(), 1U) << "due an hour later by this clock";
  for (int minute = 0; minute < 61; ++minute) Advance(absl::Minutes(1));
  EXPECT_GE(sender_.sent.size(), 2U);
}

TEST_F(DispatcherTest, HoldsWhatAnInactiveWebhookHasAndGoesOnOldestFirst) {
  sender_.answer = [](const HttpRequest&) { return ScriptedSender::Status(503); };
  ASSERT_TRUE(Create("a").ok());
  for (const char* id : {"e1", "e2", "e3"}) {
    ASSERT_TRUE(Dispatch(std::string(R"({"type": "A", "id": ")") + id + R"("})").ok());
    Advance(absl::Milliseconds(1));
  }
  SetState("a", v1::Webhook::INACTIVE);
  Advance(absl::Hours(1));
  EXPECT_EQ(sender_.sent.size(), 3U);
  ASSERT_TRUE(Dispatch(R"({"type": "A", "id": "missed"})").ok());
  sender_.sent.clear();
  sender_.answer = [](const HttpRequest&) { return ScriptedSender::Status(200); };
  SetState("a", v1::Webhook::ACTIVE);
  std::vector<std::string> events;
  for (const HttpRequest& request : sender_.sent) {
    events.push_back(std::string(JsonDocument::Parse(*request.body)->root().Find("event_id")->string()));
  }
  EXPECT_THAT(events, ElementsAre("e1", "e2", "e3"));
}

TEST_F(DispatcherTest, LetsAHungReceiverFillItsOwnLaneOnly) {
  sender_.answer = [](const HttpRequest& request) -> std::optional<HttpExchange> {
    if (HostOfUrl(request.url) == "hung.example.com") return std::nullopt;
    return ScriptedSender::Status(200);
  };
  ASSERT_TRUE(Create("hung", R"(, "max_in_flight": 2)").ok());
  ASSERT_TRUE(Create("well").ok());
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(Dispatch().ok());
  EXPECT_EQ(SentTo("hung"), 2);
  EXPECT_EQ(SentTo("well"), 10);
  // What ends makes room for what waits.
  sender_.hanging[0](ScriptedSender::Status(200));
  Run();
  EXPECT_EQ(SentTo("hung"), 3);
}

TEST_F(DispatcherTest, SendsWithoutReadingBackWhatItJustWrote) {
  ASSERT_TRUE(Create("a").ok());
  const int before = store_.claims;
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(Dispatch().ok());
  EXPECT_EQ(sender_.sent.size(), 20U);
  EXPECT_EQ(store_.claims, before);
}

TEST_F(DispatcherTest, KeepsTheOrderWhenTheBacklogPassesWhatMemoryHolds) {
  options_.doors.lane_held_max = 4;
  Restart();
  sender_.answer = [](const HttpRequest&) { return std::nullopt; };
  ASSERT_TRUE(Create("a", R"(, "max_in_flight": 1)").ok());
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(Dispatch(absl::StrCat(R"({"type": "A", "id": "e)", i, R"("})")).ok());
    clock_.Advance(absl::Milliseconds(1));
  }
  for (size_t i = 0; i < 20; ++i) {
    ASSERT_EQ(sender_.sent.size(), i + 1);
    sender_.hanging.at(i)(ScriptedSender::Status(200));
    Run();
    if (i == 10) {
      ASSERT_TRUE(Dispatch(R"({"type": "A", "id": "late"})").ok());
    }
  }
  std::vector<std::string> events;
  for (const HttpRequest& request : sender_.sent) {
    events.push_back(std::string(JsonDocument::Parse(*request.body)->root().Find("event_id")->string()));
  }
  for (size_t i = 0; i < 20; ++i) EXPECT_EQ(events[i], absl::StrCat("e", i));
  EXPECT_EQ(events.at(20), "late");
}

TEST_F(DispatcherTest, SendsOrderedDeliveriesOneAtATimeAcrossRetriesAndRestarts) {
  const std::string event = R"({"type": "A", "ordering_key": "k", "id": ")";
  sender_.answer = [](const HttpRequest&) { return ScriptedSender::Status(503); };
  ASSERT_TRUE(Create("a").ok());
  ASSERT_TRUE(Dispatch(event + R"(e1"})").ok());
  ASSERT_TRUE(Dispatch(event + R"(e2"})").ok());
  ASSERT_TRUE(Dispatch(R"({"type": "A", "ordering_key": "other"})").ok());
  EXPECT_EQ(sender_.sent.size(), 2U) << "e2 waits for e1, which will be tried again";
  Restart();
  ASSERT_TRUE(Dispatch(event + R"(e3"})").ok());
  EXPECT_EQ(sender_.sent.size(), 2U);
  sender_.answer = [](const HttpRequest&) { return ScriptedSender::Status(200); };
  sender_.sent.clear();
  Advance(absl::Seconds(5));
  std::vector<std::string> events;
  for (const HttpRequest& request : sender_.sent) {
    const auto body = JsonDocument::Parse(*request.body);
    events.push_back(std::string(body->root().Find("event_id")->string()));
  }
  EXPECT_THAT(events, ::testing::IsSupersetOf({"e1", "e2", "e3"}));
  std::erase_if(events, [](const std::string& id) { return id[0] != 'e' || id.size() > 2; });
  EXPECT_THAT(events, ElementsAre("e1", "e2", "e3"));
}

TEST_F(DispatcherTest, LetsTheNextOfAKeyPassWhenOneIsGivenUp) {
  sender_.answer = [this](const HttpRequest&) { return ScriptedSender::Status(sender_.sent.size() == 1 ? 400 : 200); };
  ASSERT_TRUE(Create("a").ok());
  ASSERT_TRUE(Dispatch(R"({"type": "A", "ordering_key": "k"})").ok());
  ASSERT_TRUE(Dispatch(R"({"type": "A", "ordering_key": "k"})").ok());
  EXPECT_EQ(Deliveries(v1::Delivery::FAILED).size(), 1U);
  EXPECT_EQ(Deliveries(v1::Delivery::SUCCEEDED).size(), 1U);
}

TEST_F(DispatcherTest, GivesBackWhatItCannotSendBeforeTheClaimEnds) {
  sender_.answer = [](const HttpRequest&) { return std::nullopt; };
  ASSERT_TRUE(Create("a", R"(, "max_in_flight": 1, "timeout": "60s")").ok());
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(Dispatch().ok());
  Advance(absl::Seconds(60));
  sender_.hanging.at(0)(ScriptedSender::Status(200));
  Run();
  ASSERT_EQ(sender_.sent.size(), 2U) << "claimed afresh";
  for (size_t i = 1; i < 3; ++i) {
    sender_.hanging.at(i)(ScriptedSender::Status(200));
    Run();
  }
  EXPECT_EQ(sender_.sent.size(), 3U);
  EXPECT_EQ(Deliveries(v1::Delivery::SUCCEEDED).size(), 3U);
}

TEST_F(DispatcherTest, SendsOnceWhenTheClockJumpsPastItsClaims) {
  sender_.answer = [](const HttpRequest&) { return std::nullopt; };
  ASSERT_TRUE(Create("a").ok());
  ASSERT_TRUE(Dispatch().ok());
  clock_.Step(absl::Hours(1));
  engine_->dispatcher.Wake(kTenant, Deliveries().at(0).webhook_uid());
  Run();
  EXPECT_EQ(sender_.sent.size(), 1U);
  sender_.hanging.at(0)(ScriptedSender::Status(200));
  Run();
  EXPECT_EQ(Deliveries().at(0).state(), v1::Delivery::SUCCEEDED);
  EXPECT_EQ(Deliveries().at(0).attempt_count(), 1);
}

TEST_F(DispatcherTest, FindsWhatACommitOfUnknownOutcomeLeftBehind) {
  ASSERT_TRUE(Create("a").ok());
  store_.loses_answer = true;
  EXPECT_EQ(ReasonOf(Dispatch().status()), v1::OUTCOME_UNKNOWN);
  store_.loses_answer = false;
  Advance(absl::Seconds(2));
  ASSERT_EQ(sender_.sent.size(), 1U) << "it was written after all";
  EXPECT_EQ(Deliveries().at(0).state(), v1::Delivery::SUCCEEDED);
}

TEST_F(DispatcherTest, BoundsWhatIsInFlightOfAllLanes) {
  options_.in_flight_max = 3;
  Restart();
  sender_.answer = [](const HttpRequest&) { return std::nullopt; };
  for (const char* id : {"a", "b", "c", "d"}) ASSERT_TRUE(Create(id).ok());
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(Dispatch().ok());
  EXPECT_EQ(sender_.sent.size(), 3U);
}

TEST_F(DispatcherTest, SendsNothingOfADeletedWebhookAndLetsItsAttemptsLose) {
  sender_.answer = [](const HttpRequest&) { return std::nullopt; };
  ASSERT_TRUE(Create("a").ok());
  ASSERT_TRUE(Dispatch().ok());
  ASSERT_TRUE(Delete("a").ok());
  EXPECT_EQ(Deliveries().at(0).state(), v1::Delivery::CANCELLED);
  sender_.hanging.at(0)(ScriptedSender::Status(200));
  Run();
  EXPECT_EQ(Deliveries().at(0).state(), v1::Delivery::CANCELLED);
  Advance(absl::Minutes(5));
  EXPECT_EQ(sender_.sent.size(), 1U);
}

TEST_F(DispatcherTest, KeepsAnOutcomeUntilTheStoreTakesIt) {
  sender_.answer = [](const HttpRequest&) { return std::nullopt; };
  ASSERT_TRUE(Create("a").ok());
  ASSERT_TRUE(Dispatch().ok());
  store_.refuses = true;
  sender_.hanging.at(0)(ScriptedSender::Status(200));
  Run();
  Advance(absl::Seconds(3));
  EXPECT_EQ(Deliveries().at(0).state(), v1::Delivery::PENDING);
  store_.refuses = false;
  Advance(absl::Seconds(1));
  EXPECT_EQ(Deliveries().at(0).state(), v1::Delivery::SUCCEEDED);
  EXPECT_EQ(sender_.sent.size(), 1U);
}

TEST_F(DispatcherTest, TakesUpAfterARestartWhatWasPending) {
  sender_.answer = [](const HttpRequest&) { return ScriptedSender::Status(503); };
  ASSERT_TRUE(Create("a").ok());
  ASSERT_TRUE(Dispatch().ok());
  Restart();
  EXPECT_EQ(sender_.sent.size(), 1U) << "not due yet";
  sender_.answer = [](const HttpRequest&) { return ScriptedSender::Status(200); };
  Advance(absl::Seconds(5));
  EXPECT_EQ(Deliveries().at(0).state(), v1::Delivery::SUCCEEDED);
  EXPECT_EQ(Deliveries().at(0).attempt_count(), 2);
}

TEST_F(DispatcherTest, DrainsWithoutLosingWhatWasUnderWay) {
  sender_.answer = [](const HttpRequest&) { return std::nullopt; };
  ASSERT_TRUE(Create("a").ok());
  ASSERT_TRUE(Dispatch().ok());
  bool drained = false;
  engine_->dispatcher.Drain([&] { drained = true; });
  ASSERT_TRUE(Dispatch().ok());
  EXPECT_FALSE(drained);
  EXPECT_EQ(sender_.sent.size(), 1U) << "nothing new is sent while it drains";
  sender_.hanging.at(0)(HttpExchange());  // abandoned
  Run();
  EXPECT_TRUE(drained);
  EXPECT_EQ(Deliveries(v1::Delivery::PENDING).size(), 2U) << "for the next start";
}

TEST_F(DispatcherTest, RecordsWhatCannotBeRendered) {
  ASSERT_TRUE(Create("a", R"(, "body_template": "{\"x\": {{{data.raw}}}}")").ok());
  ASSERT_TRUE(Dispatch(R"({"type": "A", "data": {"raw": "not json"}})").ok());
  const v1::Delivery delivery = Deliveries().at(0);
  EXPECT_EQ(delivery.state(), v1::Delivery::RETRYING);
  EXPECT_EQ(delivery.last_result().outcome(), v1::InvocationResult::RENDER_FAILED);
  EXPECT_TRUE(sender_.sent.empty());
}

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
