#include "src/engine/dispatcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/protobuf_time.h"
#include "src/core/url_policy.h"
#include "tests/engine/dispatcher_fixture.h"

namespace herald {
namespace {

using ::testing::ElementsAre;

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

TEST_F(DispatcherTest, SendsNewEventsAtOnceAndInOrderWhenTheWallClockStepsBack) {
  sender_.answer = [](const HttpRequest&) { return std::nullopt; };
  ASSERT_TRUE(Create("a").ok());
  ASSERT_TRUE(Dispatch(R"({"type": "A", "ordering_key": "k"})").ok());
  clock_.Step(-absl::Hours(1));
  ASSERT_TRUE(Dispatch(R"({"type": "A", "ordering_key": "k"})").ok());
  ASSERT_TRUE(Dispatch(R"({"type": "A"})").ok());
  ASSERT_EQ(sender_.sent.size(), 2U) << "the second of the key waits for the first";
  sender_.hanging.at(0)(ScriptedSender::Status(200));
  Run();
  ASSERT_EQ(sender_.sent.size(), 3U);
  EXPECT_LT(Header(sender_.sent[0], "webhook-id"), Header(sender_.sent[2], "webhook-id"));
  EXPECT_LT(Header(sender_.sent[2], "webhook-id"), Header(sender_.sent[1], "webhook-id")) << "as they were accepted";
  for (size_t i = 1; i < 3; ++i) sender_.hanging.at(i)(ScriptedSender::Status(200));
  Run();
  EXPECT_EQ(Deliveries(v1::Delivery::SUCCEEDED).size(), 3U);
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
  engine_->dispatcher.WebhookChanged(kTenant, Deliveries().at(0).webhook_uid());
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

TEST_F(DispatcherTest, TakesUpWhatACommitOfUnknownOutcomeClaimedWhenTheLeaseEnds) {
  sender_.answer = [](const HttpRequest&) { return ScriptedSender::Status(503); };
  ASSERT_TRUE(Create("a").ok());
  ASSERT_TRUE(Dispatch().ok());
  sender_.answer = [](const HttpRequest&) { return ScriptedSender::Status(200); };
  store_.loses_answer = true;
  Advance(absl::Seconds(5));
  store_.loses_answer = false;
  Advance(absl::Seconds(5));
  EXPECT_EQ(sender_.sent.size(), 1U) << "the retry is claimed, and nobody was told";
  for (int second = 0; second < 120; ++second) Advance(absl::Seconds(1));
  EXPECT_EQ(sender_.sent.size(), 2U);
  EXPECT_EQ(Deliveries().at(0).state(), v1::Delivery::SUCCEEDED);
}

TEST_F(DispatcherTest, GoesOnWithTheRetriesWhenTheOutcomeOfASettlementWasUnknown) {
  sender_.answer = [](const HttpRequest&) { return std::nullopt; };
  ASSERT_TRUE(Create("a").ok());
  ASSERT_TRUE(Dispatch().ok());
  store_.loses_answer = true;
  sender_.hanging.at(0)(ScriptedSender::Status(503));
  Run();
  store_.loses_answer = false;
  Advance(absl::Seconds(1));
  EXPECT_EQ(Deliveries().at(0).attempt_count(), 1);
  EXPECT_EQ(sender_.sent.size(), 1U) << "the retry is not due yet";
  Advance(absl::Seconds(4));
  EXPECT_EQ(sender_.sent.size(), 2U);
}

TEST_F(DispatcherTest, SettlesWithTheNewClaimWhenTheOldOneEndsInTheSameBatch) {
  sender_.answer = [](const HttpRequest&) { return std::nullopt; };
  ASSERT_TRUE(Create("a").ok());
  ASSERT_TRUE(Dispatch().ok());
  clock_.Step(absl::Hours(1));
  engine_->dispatcher.WebhookChanged(kTenant, Deliveries().at(0).webhook_uid());
  engine_->loop.RunOnce();  // a claim waits
  sender_.hanging.at(0)(ScriptedSender::Status(200));
  engine_->loop.RunOnce();  // and behind it the settlement with the old claim
  Run();
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

}  // namespace
}  // namespace herald
