// Replays: begun by people, made step by step, and not lost with the process.

#include "src/engine/replays.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/protobuf_time.h"
#include "src/core/errors.h"
#include "tests/engine/engine_fixture.h"

namespace herald {
namespace {

using ::testing::ElementsAre;

class ReplaysTest : public EngineTest {
 protected:
  absl::StatusOr<v1::Replay> Begin(const std::string& request) {
    absl::StatusOr<v1::Replay> begun = absl::UnknownError("no answer");
    engine_->replays.Begin(kTenant, FromJson<v1::ReplayDeliveriesRequest>(request),
                           [&](absl::StatusOr<v1::Replay> answer) { begun = std::move(answer); });
    Run();
    return begun;
  }
  v1::Replay Get(const std::string& name) {
    v1::GetReplayRequest request;
    request.set_name(name);
    const auto replay = engine_->replays.Get(kTenant, request);
    EXPECT_TRUE(replay.ok()) << replay.status();
    return replay.ok() ? *replay : v1::Replay();
  }
  // Time passes until the replay has ended, or for so long.
  v1::Replay Await(const std::string& name, absl::Duration at_most = absl::Seconds(30)) {
    const absl::Duration end = clock_.Monotonic() + at_most;
    while (Get(name).state() == v1::Replay::RUNNING && clock_.Monotonic() < end) Advance(absl::Milliseconds(20));
    return Get(name);
  }
  // Deliveries of webhook "a" that FAILED at their only attempt; more than one step takes.
  void Fail(int count) {
    Answer(400);
    ASSERT_TRUE(Create("a").ok());
    for (int i = 0; i < count; ++i) ASSERT_TRUE(Dispatch().ok());
    sender_.sent.clear();
    Answer(200);
  }
  void Answer(int status) {
    sender_.answer = [status](const HttpRequest&) { return ScriptedSender::Status(status); };
  }
  int64_t Count(v1::Delivery::State state) {
    DeliveryQuery query;
    query.state = state;
    query.bounds = {1'000'000, int64_t{1} << 40};
    return static_cast<int64_t>(memory_.ListDeliveries(kTenant, query)->rows.size());
  }
};

TEST_F(ReplaysTest, SendsAgainWhatFailed) {
  Fail(3);
  const auto begun = Begin(R"({"webhook": "webhooks/a"})");
  ASSERT_TRUE(begun.ok()) << begun.status();
  EXPECT_EQ(begun->state(), v1::Replay::RUNNING);
  EXPECT_THAT(begun->states(), ElementsAre(v1::Delivery::FAILED));
  const v1::Replay ended = Await(begun->name());
  EXPECT_EQ(ended.state(), v1::Replay::DONE);
  EXPECT_EQ(ended.matched(), 3);
  EXPECT_EQ(ended.replayed(), 3);
  EXPECT_EQ(Count(v1::Delivery::SUCCEEDED), 3);
  EXPECT_EQ(sender_.sent.size(), 3U);
}

TEST_F(ReplaysTest, EveryBadFieldIsNamed) {
  const auto refused = Begin(R"({"webhook": "a", "states": ["FAILED", "PENDING", "RETRYING"],
      "range": {"start_time": "2026-01-02T00:00:00Z", "end_time": "2026-01-01T00:00:00Z"}})");
  std::vector<std::string> fields;
  const google::rpc::BadRequest bad = BadRequestOf(refused.status());
  for (const auto& violation : bad.field_violations()) fields.push_back(violation.field());
  EXPECT_THAT(fields, ElementsAre("webhook", "states[1]", "states[2]", "range.end_time"));
  EXPECT_EQ(ReasonOf(Begin(R"({"webhook": "webhooks/b"})").status()), v1::WEBHOOK_NOT_FOUND);
  v1::GetReplayRequest get;
  get.set_name("replays/rpl_0123456789abc");
  EXPECT_EQ(ReasonOf(engine_->replays.Get(kTenant, get).status()), v1::REPLAY_NOT_FOUND);
  get.set_name("replays/x");
  EXPECT_EQ(ReasonOf(engine_->replays.Get(kTenant, get).status()), v1::REPLAY_NOT_FOUND);
  get.set_name("webhooks/x");
  EXPECT_EQ(ReasonOf(engine_->replays.Get(kTenant, get).status()), v1::INVALID_FIELDS);
}

TEST_F(ReplaysTest, GoesOnAfterARestartAndSendsNothingTwice) {
  constexpr int kCount = 700;
  Fail(kCount);
  const std::string name = Begin(R"({"webhook": "webhooks/a"})")->name();
  while (Get(name).replayed() == 0) Advance(absl::Milliseconds(20));
  ASSERT_EQ(Get(name).state(), v1::Replay::RUNNING);
  ASSERT_LT(Get(name).replayed(), kCount);
  Restart();
  const v1::Replay ended = Await(name);
  EXPECT_EQ(ended.state(), v1::Replay::DONE);
  EXPECT_EQ(ended.replayed(), kCount);
  EXPECT_EQ(Count(v1::Delivery::SUCCEEDED), kCount);
  EXPECT_EQ(sender_.sent.size(), static_cast<size_t>(kCount));
}

TEST_F(ReplaysTest, AStepWhoseEndIsUnknownIsNotMadeTwice) {
  Fail(300);
  const std::string name = Begin(R"({"webhook": "webhooks/a"})")->name();
  store_.loses_answer = true;
  Advance(absl::Milliseconds(20));
  store_.loses_answer = false;
  const v1::Replay ended = Await(name);
  EXPECT_EQ(ended.replayed(), 300);
  Advance(absl::Minutes(2));
  EXPECT_EQ(Count(v1::Delivery::SUCCEEDED), 300);
}

TEST_F(ReplaysTest, TriesAgainWhenTheStoreRefuses) {
  Fail(300);
  const std::string name = Begin(R"({"webhook": "webhooks/a"})")->name();
  store_.refuses = true;
  Advance(absl::Milliseconds(20));
  store_.refuses = false;
  EXPECT_EQ(Await(name).replayed(), 300);
}

TEST_F(ReplaysTest, OrderedDeliveriesComeInTheirOrder) {
  Answer(400);
  ASSERT_TRUE(Create("a").ok());
  for (int i = 0; i < 250; ++i) {
    ASSERT_TRUE(Dispatch(absl::StrCat(R"({"type": "A", "id": "e)", i, R"(", "ordering_key": "k"})")).ok());
  }
  Answer(200);
  std::vector<std::string> ids;
  sender_.answer = [&](const HttpRequest& request) {
    ids.push_back(FromJson<google::protobuf::Struct>(request.body.value_or("")).fields().at("event_id").string_value());
    return ScriptedSender::Status(200);
  };
  Await(Begin(R"({"webhook": "webhooks/a"})")->name());
  Advance(absl::Seconds(1));
  ASSERT_EQ(ids.size(), 250U);
  for (size_t i = 0; i < ids.size(); ++i) EXPECT_EQ(ids[i], absl::StrCat("e", i));
}

TEST_F(ReplaysTest, IncludesEventsThatTheWebhookNeverHad) {
  ASSERT_TRUE(Create("other").ok());
  ASSERT_TRUE(Dispatch(R"({"type": "A", "id": "before", "data": {"n": 1}})").ok());
  ASSERT_TRUE(Dispatch(R"({"type": "A", "id": "filtered", "data": {"n": 2}})").ok());
  ASSERT_TRUE(Create("a", R"(, "filters": [{"path": "$.data.n", "values": ["1"]}])").ok());
  ASSERT_TRUE(Dispatch(R"({"type": "A", "id": "had", "data": {"n": 1}})").ok());
  SetState("a", v1::Webhook::INACTIVE);
  ASSERT_TRUE(Dispatch(R"({"type": "A", "id": "meanwhile", "data": {"n": 1}})").ok());
  SetState("a", v1::Webhook::ACTIVE);
  const v1::Replay without = Await(Begin(R"({"webhook": "webhooks/a"})")->name());
  EXPECT_EQ(without.matched(), 0);
  const v1::Replay ended = Await(Begin(R"({"webhook": "webhooks/a", "include_missed": true})")->name());
  EXPECT_EQ(ended.state(), v1::Replay::DONE);
  EXPECT_EQ(ended.replayed(), 2);
  EXPECT_EQ(Await(Begin(R"({"webhook": "webhooks/a", "include_missed": true})")->name()).replayed(), 0)
      << "it has them";
  v1::ListDeliveriesRequest list;
  list.set_webhook("webhooks/a");
  std::vector<std::string> events;
  const auto deliveries = engine_->history.ListDeliveries(kTenant, list);
  for (const v1::Delivery& delivery : deliveries->deliveries()) {
    EXPECT_EQ(delivery.state(), v1::Delivery::SUCCEEDED);
    events.push_back(delivery.event());
  }
  EXPECT_THAT(events, ElementsAre("events/meanwhile", "events/before", "events/had"));
  const auto again = Dispatch(R"({"type": "A", "id": "before", "data": {"n": 1}})");
  EXPECT_TRUE(again->duplicate());
  EXPECT_EQ(again->delivery_count(), 2);
  EXPECT_EQ(again->deliveries_size(), 2) << "those that were made later too";
}

TEST_F(ReplaysTest, LooksAtManyEventsPageByPage) {
  ASSERT_TRUE(Create("other").ok());
  for (int i = 0; i < 450; ++i) ASSERT_TRUE(Dispatch().ok());
  ASSERT_TRUE(Create("a").ok());
  EXPECT_EQ(Await(Begin(R"({"webhook": "webhooks/a", "include_missed": true})")->name()).replayed(), 450);
}

TEST_F(ReplaysTest, WaitsWhileTheWebhookIsInactive) {
  Fail(3);
  SetState("a", v1::Webhook::INACTIVE);
  const std::string name = Begin(R"({"webhook": "webhooks/a"})")->name();
  Advance(absl::Minutes(1));
  EXPECT_EQ(Get(name).state(), v1::Replay::RUNNING);
  EXPECT_EQ(Count(v1::Delivery::FAILED), 3);
  SetState("a", v1::Webhook::ACTIVE);
  EXPECT_EQ(Await(name).replayed(), 3);
}

TEST_F(ReplaysTest, EndsWithItsWebhook) {
  Fail(3);
  SetState("a", v1::Webhook::INACTIVE);
  const std::string name = Begin(R"({"webhook": "webhooks/a"})")->name();
  ASSERT_TRUE(Delete("a").ok());
  EXPECT_EQ(Await(name).state(), v1::Replay::CANCELLED);
}

TEST_F(ReplaysTest, GoesSlowlyWhileMuchOfTheWebhookIsOpen) {
  Fail(2000);
  sender_.answer = [](const HttpRequest&) { return std::nullopt; };
  const std::string name = Begin(R"({"webhook": "webhooks/a"})")->name();
  Await(name, absl::Seconds(5));
  EXPECT_EQ(Get(name).replayed(), 1000);
  Await(name, absl::Seconds(10));
  EXPECT_EQ(Get(name).replayed(), 1200) << "but it does go on";
  Answer(200);
  for (const HttpSender::Done& done : std::exchange(sender_.hanging, {})) done(ScriptedSender::Status(200));
  EXPECT_EQ(Await(name).state(), v1::Replay::DONE);
}

TEST_F(ReplaysTest, GivesWayToCallers) {
  Fail(3);
  const std::string name = Begin(R"({"webhook": "webhooks/a"})")->name();
  EXPECT_EQ(Get(name).state(), v1::Replay::DONE) << "nobody waits";
  const std::string second = Begin(R"({"webhook": "webhooks/a", "states": ["SUCCEEDED"]})")->name();
  for (int i = 0; i < 20 && Get(second).state() == v1::Replay::RUNNING; ++i) {
    clock_.Advance(absl::Milliseconds(20));
    DispatchAnswer answer;
    DispatchInto(answer, R"({"type": "A"})");
    engine_->loop.RunOnce();
    EXPECT_EQ(Get(second).replayed(), 0) << "a caller waits for the store";
    Run();
  }
}

TEST_F(ReplaysTest, ManyGoOnSideBySide) {
  Answer(400);
  std::vector<std::string> names;
  for (const std::string id : {"a", "b", "c"}) ASSERT_TRUE(Create(id).ok());
  for (int i = 0; i < 250; ++i) ASSERT_TRUE(Dispatch().ok());
  Answer(200);
  for (const std::string id : {"a", "b", "c"}) names.push_back(Begin(R"({"webhook": "webhooks/)" + id + "\"}")->name());
  for (const std::string& name : names) EXPECT_EQ(Await(name).replayed(), 250);
  const auto listed = engine_->replays.List(kTenant, FromJson<v1::ListReplaysRequest>(R"({"page_size": 2})"));
  EXPECT_THAT(listed->replays(0).name(), names[2]);
  auto next = FromJson<v1::ListReplaysRequest>(R"({"page_size": 2})");
  next.set_page_token(listed->next_page_token());
  const auto rest = engine_->replays.List(kTenant, next);
  ASSERT_EQ(rest->replays_size(), 1);
  EXPECT_EQ(rest->replays(0).name(), names[0]);
  EXPECT_TRUE(rest->next_page_token().empty());
}

}  // namespace
}  // namespace herald
