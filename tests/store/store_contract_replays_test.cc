// Replays: jobs that put past deliveries in line again, step by step.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "src/core/errors.h"
#include "tests/store/store_contract.h"

namespace herald {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class StoreReplays : public StoreContract {
 protected:
  void SetUp() override {
    Create("a");
    Create("b");
  }
  // The delivery of a new event for webhook "a", ended so.
  Sequence Ended(v1::Delivery::State state, absl::Time now) {
    const Sequence delivery = Enqueue("", "a", now);
    const SettleDelivery settled = Do(Settling(ClaimOne("a", now), state, now));
    EXPECT_TRUE(settled.status.ok()) << settled.status;
    return delivery;
  }
  // Begins one of webhook "a".
  CreateReplay Begun(absl::Time now, const std::vector<v1::Delivery::State>& states = {v1::Delivery::FAILED},
                     const SequenceRange& range = {}) {
    CreateReplay created = Do(Replaying("a", states, now, range));
    EXPECT_TRUE(created.status.ok()) << created.status;
    return created;
  }
  StoredReplay Running() {
    const std::vector<StoredReplay> running = *store_->LoadRunningReplays();
    EXPECT_EQ(running.size(), 1U);
    return running.empty() ? StoredReplay() : running[0];
  }
  ContinueReplay Next(int rows_max = 100, absl::Time now = At(1000)) { return Do(GoingOn(Running(), now, rows_max)); }
};

TEST_P(StoreReplays, ABegunReplayIsRunningAndKnowsWhatItLooksAt) {
  const Sequence before = Ended(v1::Delivery::FAILED, At(0));
  const CreateReplay created = Begun(At(10));
  EXPECT_GT(created.sequence, before);
  const v1::Replay& replay = created.replay;
  EXPECT_EQ(replay.name(), ReplayName(created.sequence));
  EXPECT_EQ(replay.state(), v1::Replay::RUNNING);
  EXPECT_EQ(FromProto(replay.create_time()), At(10));
  EXPECT_EQ(FromProto(replay.range().end_time()), At(10));
  EXPECT_EQ(store_->FindReplay(kTenant, created.sequence)->ShortDebugString(), replay.ShortDebugString());
  const StoredReplay stored = Running();
  EXPECT_EQ(stored.tenant, kTenant);
  EXPECT_EQ(stored.rest.first, 0);
  EXPECT_EQ(stored.rest.end, created.sequence) << "everything so far, and nothing that comes";
  EXPECT_GT(Enqueue("", "a", At(10)), created.sequence);
}

TEST_P(StoreReplays, BeginningNeedsAWebhookAndRoom) {
  EXPECT_EQ(ReasonOf(Do(Replaying("c", {v1::Delivery::FAILED}, At(0))).status), v1::WEBHOOK_NOT_FOUND);
  CreateReplay of_another = Replaying("a", {v1::Delivery::FAILED}, At(0));
  of_another.tenant = "another";
  EXPECT_EQ(ReasonOf(Do(of_another).status), v1::WEBHOOK_NOT_FOUND);
  CreateReplay bounded = Replaying("a", {v1::Delivery::FAILED}, At(0));
  bounded.running_max = 1;
  EXPECT_TRUE(Do(bounded).status.ok());
  EXPECT_EQ(ReasonOf(Do(bounded).status), v1::LIMIT_REACHED);
  EXPECT_EQ(Next().after.replay.state(), v1::Replay::DONE);
  EXPECT_TRUE(Do(bounded).status.ok()) << "those that are done do not count";
}

TEST_P(StoreReplays, OpensClosedDeliveriesOfItsStatesAgain) {
  const Sequence failed = Ended(v1::Delivery::FAILED, At(0));
  const Sequence sent = Ended(v1::Delivery::SUCCEEDED, At(1));
  const Sequence cancelled = Enqueue("", "a", At(2));
  Do(Cancelling("a", At(2)));
  const Sequence open = Enqueue("", "a", At(3));
  Begun(At(10), {v1::Delivery::FAILED, v1::Delivery::CANCELLED});
  const ContinueReplay step = Next(100, At(20));
  ASSERT_TRUE(step.status.ok()) << step.status;
  EXPECT_THAT(SequencesOf(step), ElementsAre(failed, cancelled));
  EXPECT_EQ(step.opened[0].state, v1::Delivery::RETRYING);
  EXPECT_EQ(step.opened[1].state, v1::Delivery::PENDING) << "it was never attempted";
  for (const ContinueReplay::Opened& opened : step.opened) {
    const v1::Delivery delivery = Find(opened.delivery);
    EXPECT_EQ(delivery.state(), opened.state);
    EXPECT_FALSE(opened.made);
    EXPECT_EQ(FromProto(delivery.next_attempt_time()), At(20));
    EXPECT_EQ(FromProto(delivery.update_time()), At(20));
  }
  EXPECT_EQ(Find(sent).state(), v1::Delivery::SUCCEEDED);
  EXPECT_EQ(store_->ReadQueue()->open, 3);
  EXPECT_THAT(SequencesOf(Do(Claiming("a", At(20)))), ElementsAre(open, failed, cancelled));
  const v1::Replay& replay = step.after.replay;
  EXPECT_EQ(replay.state(), v1::Replay::DONE);
  EXPECT_EQ(replay.matched(), 2);
  EXPECT_EQ(replay.replayed(), 2);
  EXPECT_EQ(FromProto(replay.update_time()), At(20));
  EXPECT_EQ(FromProto(replay.progress_time()), At(10));
  EXPECT_THAT(*store_->LoadRunningReplays(), IsEmpty());
}

TEST_P(StoreReplays, AReopenedDeliveryGetsAllAttemptsAnew) {
  Ended(v1::Delivery::SUCCEEDED, At(0));
  Begun(At(10), {v1::Delivery::SUCCEEDED});
  Next(100, At(20));
  const ClaimDeliveries claim = Do(Claiming("a", At(20)));
  ASSERT_EQ(claim.claimed.size(), 1U);
  EXPECT_EQ(claim.claimed[0].attempt_count, 1);
  EXPECT_EQ(claim.claimed[0].attempts_former, 1);
  EXPECT_EQ(claim.claimed[0].open_time, At(20));
}

TEST_P(StoreReplays, LooksAtItsRangeAndItsWebhookAlone) {
  const Sequence early = Ended(v1::Delivery::FAILED, At(0));
  const Sequence inside = Ended(v1::Delivery::FAILED, At(5));
  const Sequence late = Ended(v1::Delivery::FAILED, At(9));
  const Sequence other = Enqueue("", "b", At(5));
  Do(Settling(ClaimOne("b", At(5)), v1::Delivery::FAILED, At(5)));
  Begun(At(10), {v1::Delivery::FAILED}, {FirstSequenceAt(At(5)), FirstSequenceAt(At(9))});
  EXPECT_THAT(SequencesOf(Next()), ElementsAre(inside));
  for (const Sequence delivery : {early, late, other}) EXPECT_EQ(Find(delivery).state(), v1::Delivery::FAILED);
}

TEST_P(StoreReplays, LeavesAloneWhatWentToAFormerWebhookOfItsName) {
  const Sequence former = Ended(v1::Delivery::FAILED, At(0));
  Do(DeleteWebhook{kTenant, "a", "", At(1), {}});
  v1::Webhook webhook = MakeWebhook("a");
  webhook.set_uid("uid-of-another");
  ASSERT_TRUE(Do(Creating(webhook)).status.ok());
  CreateReplay replaying = Replaying("a", {v1::Delivery::FAILED}, At(10));
  replaying.replay.set_webhook_uid("uid-of-another");
  ASSERT_TRUE(Do(replaying).status.ok());
  EXPECT_THAT(SequencesOf(Next()), IsEmpty());
  EXPECT_EQ(Find(former).state(), v1::Delivery::FAILED);
}

TEST_P(StoreReplays, TakesSmallStepsEachOnce) {
  std::vector<Sequence> failed;
  for (int i = 0; i < 5; ++i) failed.push_back(Ended(v1::Delivery::FAILED, At(i)));
  Begun(At(10));
  const ContinueReplay first = GoingOn(Running(), At(20), 2);
  EXPECT_THAT(SequencesOf(Do(first)), ElementsAre(failed[0], failed[1]));
  EXPECT_EQ(Running().rest.first, failed[1] + 1);
  EXPECT_EQ(Running().replay.replayed(), 2);
  EXPECT_EQ(FromProto(Running().replay.progress_time()), At(1));
  const ContinueReplay repeated = Do(first);
  EXPECT_EQ(repeated.status.code(), absl::StatusCode::kAborted) << "it was made";
  EXPECT_THAT(SequencesOf(repeated), IsEmpty());
  EXPECT_EQ(Running().replay.replayed(), 2);
  EXPECT_THAT(SequencesOf(Next(2)), ElementsAre(failed[2], failed[3]));
  const ContinueReplay last = Next(2);
  EXPECT_THAT(SequencesOf(last), ElementsAre(failed[4]));
  EXPECT_EQ(last.after.replay.replayed(), 5);
  EXPECT_EQ(last.after.replay.state(), v1::Replay::DONE);
  EXPECT_EQ(Do(GoingOn(last.after, At(30), 2)).status.code(), absl::StatusCode::kAborted);
}

TEST_P(StoreReplays, AStepThatFindsNothingIsBoundedToo) {
  for (int i = 0; i < 5; ++i) Ended(v1::Delivery::FAILED, At(i));
  const Sequence sent = Ended(v1::Delivery::SUCCEEDED, At(5));
  Begun(At(10), {v1::Delivery::SUCCEEDED});
  EXPECT_THAT(SequencesOf(Next(4)), IsEmpty());
  EXPECT_EQ(Running().replay.state(), v1::Replay::RUNNING);
  EXPECT_THAT(SequencesOf(Next(4)), ElementsAre(sent));
}

TEST_P(StoreReplays, DeliveriesOfAKeyGoOneAtATime) {
  const Sequence first = Do(Ordered("k", At(0))).targets[0].delivery;
  Do(Closing(ClaimOne("a", At(0)), v1::Delivery::FAILED, At(0)));
  const Sequence second = Do(Ordered("k", At(1))).targets[0].delivery;
  Do(Closing(ClaimOne("a", At(1)), v1::Delivery::FAILED, At(1)));
  Begun(At(10));
  Next(100, At(20));
  EXPECT_EQ(FromProto(Find(first).next_attempt_time()), At(20));
  EXPECT_FALSE(Find(second).has_next_attempt_time()) << "it waits for the first";
}

TEST_P(StoreReplays, AddsDeliveriesOfMissedEvents) {
  const EnqueueEvent had = Do(Enqueueing("had", {"a"}, At(0)));
  const EnqueueEvent missed = Do(Enqueueing("missed", {"b"}, At(1)));
  EnqueueEvent ordered = Ordered("k", At(2));
  ordered.targets.clear();
  ordered = Do(ordered);
  Begun(At(10));
  ContinueReplay step = GoingOn(Running(), At(30), 100);
  step.missed = {{had.sequence, ""}, {missed.sequence, ""}, {missed.sequence + 1, ""}, {ordered.sequence, "k"}};
  step = Do(step);
  ASSERT_EQ(step.opened.size(), 2U);
  for (const ContinueReplay::Opened& opened : step.opened) EXPECT_TRUE(opened.made);
  EXPECT_EQ(step.after.replay.matched(), 3);
  EXPECT_EQ(step.after.replay.replayed(), 2) << "one event was gone";
  const v1::Delivery added = Find(step.opened[0].delivery);
  EXPECT_EQ(added.state(), v1::Delivery::PENDING);
  EXPECT_EQ(added.event(), "events/missed");
  EXPECT_EQ(added.webhook(), "webhooks/a");
  EXPECT_EQ(added.webhook_uid(), "uid-a");
  EXPECT_EQ(added.event_type(), "RequestCreated");
  EXPECT_EQ(FromProto(added.create_time()), At(30));
  EXPECT_EQ(FromProto(added.next_attempt_time()), At(30));
  EXPECT_EQ(store_->FindEvent(kTenant, "missed")->delivery_count, 2);
  EXPECT_EQ(store_->FindEvent(kTenant, "had")->delivery_count, 1);
  EXPECT_EQ(store_->ReadQueue()->open, 4);
  const EnqueueEvent next_of_key = Do(Ordered("k", At(40)));
  EXPECT_FALSE(Find(next_of_key.targets[0].delivery).has_next_attempt_time()) << "the added one has its key";
  const ClaimDeliveries claim = Do(Claiming("a", At(40)));
  ASSERT_EQ(claim.claimed.size(), 3U);
  EXPECT_EQ(claim.claimed[1].event.data_json(), R"({"n":1})");
}

TEST_P(StoreReplays, AMissedEventPastTheEndOfAStepIsLeftToTheNext) {
  const Sequence failed = Ended(v1::Delivery::FAILED, At(0));
  const EnqueueEvent missed = Do(Enqueueing("missed", {"b"}, At(1)));
  Begun(At(10));
  ContinueReplay step = GoingOn(Running(), At(20), 1);
  step.missed = {{missed.sequence, ""}};
  EXPECT_THAT(SequencesOf(Do(step)), ElementsAre(failed));
  step = GoingOn(Running(), At(20), 1);
  step.missed = {{missed.sequence, ""}};
  EXPECT_EQ(Do(step).opened.size(), 1U);
}

TEST_P(StoreReplays, LooksNoFurtherThanItIsTold) {
  Ended(v1::Delivery::FAILED, At(0));
  const Sequence second = Ended(v1::Delivery::FAILED, At(1));
  Begun(At(10));
  ContinueReplay step = GoingOn(Running(), At(20), 100);
  step.range.end = second;
  EXPECT_EQ(Do(step).opened.size(), 1U);
  EXPECT_EQ(Running().rest.first, second);
}

TEST_P(StoreReplays, EndsWithItsWebhook) {
  Ended(v1::Delivery::FAILED, At(0));
  const CreateReplay created = Begun(At(10));
  Do(DeleteWebhook{kTenant, "a", "", At(11), {}});
  const ContinueReplay step = Next();
  EXPECT_TRUE(step.status.ok());
  EXPECT_THAT(SequencesOf(step), IsEmpty());
  EXPECT_EQ(step.after.replay.state(), v1::Replay::CANCELLED);
  EXPECT_EQ(store_->FindReplay(kTenant, created.sequence)->state(), v1::Replay::CANCELLED);
  EXPECT_THAT(*store_->LoadRunningReplays(), IsEmpty());
}

TEST_P(StoreReplays, AreListedNewestFirst) {
  const Sequence first = Begun(At(0)).sequence;
  const Sequence second = Do(Replaying("b", {v1::Delivery::FAILED}, At(1))).sequence;
  const Sequence third = Begun(At(2)).sequence;
  const auto names = [&](const ReplayQuery& query) {
    std::vector<std::string> all;
    const auto page = store_->ListReplays(kTenant, query);
    for (const v1::Replay& replay : page->rows) all.push_back(replay.name());
    return all;
  };
  EXPECT_THAT(names({"", INT64_MAX, Rows(9)}), ElementsAre(ReplayName(third), ReplayName(second), ReplayName(first)));
  EXPECT_THAT(names({"", third, Rows(1)}), ElementsAre(ReplayName(second)));
  EXPECT_TRUE(store_->ListReplays(kTenant, {"", third, Rows(1)})->more);
  EXPECT_THAT(names({"a", INT64_MAX, Rows(9)}), ElementsAre(ReplayName(third), ReplayName(first)));
  EXPECT_THAT(store_->ListReplays("another", {"", INT64_MAX, Rows(9)})->rows, IsEmpty());
  EXPECT_EQ(ReasonOf(store_->FindReplay("another", first).status()), v1::REPLAY_NOT_FOUND);
  EXPECT_EQ(ReasonOf(store_->FindReplay(kTenant, first + 1).status()), v1::REPLAY_NOT_FOUND);
}

TEST_P(StoreReplays, RetentionTakesThoseThatEnded) {
  const Sequence ended = Begun(At(0)).sequence;
  Next();
  const Sequence running = Begun(At(1)).sequence;
  Do(Expiring(At(100)));
  EXPECT_FALSE(store_->FindReplay(kTenant, ended).ok());
  EXPECT_TRUE(store_->FindReplay(kTenant, running).ok());
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreReplays, ::testing::Values("memory", "sqlite"),
                         [](const auto& param) { return std::string(param.param); });

}  // namespace
}  // namespace herald
