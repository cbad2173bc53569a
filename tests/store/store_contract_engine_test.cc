// Deliveries that are born claimed, those that wait for their turn, events that come with other writes, and health.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/store/store_contract.h"

namespace herald {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

EnqueueEvent Claimed(EnqueueEvent enqueue) {
  for (EnqueueEvent::Target& target : enqueue.targets) target.claim = true;
  enqueue.owner = "publisher";
  enqueue.lease_end = enqueue.now + absl::Seconds(70);
  return enqueue;
}

TEST_P(StoreContract, ADeliveryCanBeBornClaimed) {
  Create("a");
  const EnqueueEvent enqueued = Do(Claimed(Enqueueing("e", {"a"}, At(0))));
  const EnqueueEvent::Target& target = enqueued.targets[0];
  ASSERT_NE(target.token, 0);
  const ClaimDeliveries nobody = Do(Claiming("a", At(69)));
  EXPECT_THAT(nobody.claimed, IsEmpty());
  EXPECT_EQ(nobody.next_due, enqueued.lease_end);
  EXPECT_TRUE(Do(Settling({target.delivery, target.token}, v1::Delivery::SUCCEEDED, At(1))).status.ok());
  EXPECT_EQ(Find(target.delivery).state(), v1::Delivery::SUCCEEDED);
}

TEST_P(StoreContract, ABirthClaimEndsWithItsLease) {
  Create("a");
  const EnqueueEvent::Target target = Do(Claimed(Enqueueing("e", {"a"}, At(0)))).targets[0];
  EXPECT_THAT(SequencesOf(Do(Claiming("a", At(70)))), ElementsAre(target.delivery));
  EXPECT_FALSE(Do(Settling({target.delivery, target.token}, v1::Delivery::SUCCEEDED, At(71))).status.ok());
}

TEST_P(StoreContract, WithoutAskingNothingIsBornClaimed) {
  Create("a");
  EXPECT_EQ(Do(Enqueueing("e", {"a"}, At(0))).targets[0].token, 0);
  EnqueueEvent gone = Claimed(Enqueueing("f", {"nobody"}, At(0)));
  gone = Do(gone);
  EXPECT_EQ(gone.targets[0].delivery, 0);
  EXPECT_EQ(gone.targets[0].token, 0);
}

TEST_P(StoreContract, DeliveriesOfOneKeyComeOneAtATimeInOrder) {
  Create("a");
  const Sequence first = Do(Ordered("k", At(0))).targets[0].delivery;
  const Sequence second = Do(Ordered("k", At(1))).targets[0].delivery;
  const Sequence third = Do(Ordered("k", At(2))).targets[0].delivery;
  EXPECT_TRUE(Find(first).has_next_attempt_time());
  EXPECT_FALSE(Find(second).has_next_attempt_time()) << "it waits for the first";

  ClaimDeliveries claim = Do(Claiming("a", At(10)));
  EXPECT_THAT(SequencesOf(claim), ElementsAre(first));
  EXPECT_EQ(claim.next_due, absl::InfiniteFuture());
  Do(Retrying(claim.claimed[0].claim, 1, At(10), At(20)));
  EXPECT_THAT(Do(Claiming("a", At(19))).claimed, IsEmpty()) << "a retry holds the others back";

  claim = Do(Claiming("a", At(20)));
  EXPECT_THAT(SequencesOf(claim), ElementsAre(first));
  Do(Closing(claim.claimed[0].claim, v1::Delivery::FAILED, At(21)));
  EXPECT_EQ(FromProto(Find(second).next_attempt_time()), At(21)) << "given up, it lets the next pass";
  claim = Do(Claiming("a", At(21)));
  EXPECT_THAT(SequencesOf(claim), ElementsAre(second));
  Do(Closing(claim.claimed[0].claim, v1::Delivery::SUCCEEDED, At(22)));
  EXPECT_THAT(SequencesOf(Do(Claiming("a", At(22)))), ElementsAre(third));
}

TEST_P(StoreContract, KeysAndWebhooksDoNotWaitForEachOther) {
  Create("a");
  Create("b");
  const Sequence k = Do(Ordered("k", At(0))).targets[0].delivery;
  const Sequence l = Do(Ordered("l", At(0))).targets[0].delivery;
  const Sequence none = Do(Enqueueing("", {"a"}, At(0))).targets[0].delivery;
  EnqueueEvent of_b = Ordered("k", At(0));
  of_b.targets[0] = {"b", "uid-b"};
  const Sequence other = Do(of_b).targets[0].delivery;
  EXPECT_THAT(SequencesOf(Do(Claiming("a", At(0)))), ElementsAre(k, l, none));
  EXPECT_THAT(SequencesOf(Do(Claiming("b", At(0)))), ElementsAre(other));
}

TEST_P(StoreContract, WhatWaitsForItsTurnIsNotBornClaimed) {
  Create("a");
  const EnqueueEvent::Target first = Do(Claimed(Ordered("k", At(0)))).targets[0];
  const EnqueueEvent::Target second = Do(Claimed(Ordered("k", At(0)))).targets[0];
  EXPECT_NE(first.token, 0);
  EXPECT_EQ(second.token, 0);
  Do(Closing({first.delivery, first.token}, v1::Delivery::SUCCEEDED, At(1)));
  EXPECT_NE(Do(Claimed(Ordered("l", At(1)))).targets[0].token, 0);
  EXPECT_EQ(Do(Claimed(Ordered("k", At(1)))).targets[0].token, 0) << "the second is still open";
}

TEST_P(StoreContract, OrderHoldsWithinABatch) {
  Create("a");
  WriteBatch batch;
  batch.emplace_back(Claimed(Enqueueing("", {"a"}, At(0))));
  batch.emplace_back(Claimed(Ordered("k", At(0))));
  batch.emplace_back(Claimed(Ordered("k", At(0))));
  batch.emplace_back(Claimed(Enqueueing("", {"a"}, At(0))));
  ASSERT_TRUE(store_->Apply(batch).ok());
  const auto token = [&](size_t i) { return std::get<EnqueueEvent>(batch[i]).targets[0].token; };
  EXPECT_NE(token(0), 0);
  EXPECT_NE(token(1), 0);
  EXPECT_EQ(token(2), 0);
  EXPECT_NE(token(3), 0);
}

TEST_P(StoreContract, ADeletedWebhookLeavesNoTurnBehind) {
  Create("a");
  Do(Ordered("k", At(0)));
  Do(Ordered("k", At(0)));
  Do(DeleteWebhook{kTenant, "a", "", At(1), {}});
  Create("a");
  EXPECT_TRUE(Find(Do(Ordered("k", At(2))).targets[0].delivery).has_next_attempt_time());
}

// ---- Events that come with another write

TEST_P(StoreContract, AnEventComesWithASettlementThatCounts) {
  Create("a");
  Create("watcher");
  Enqueue("e", "a", At(0));
  const Claim claim = ClaimOne("a", At(0));
  SettleDelivery settle = Settling(claim, v1::Delivery::FAILED, At(1));
  settle.event = Claimed(Enqueueing("own", {"watcher"}, At(1)));
  settle = Do(settle);
  ASSERT_TRUE(settle.status.ok());
  EXPECT_NE(settle.event->targets[0].token, 0);
  EXPECT_EQ(store_->FindEvent(kTenant, "own")->sequence, settle.event->sequence);

  settle.event = Enqueueing("late", {"watcher"}, At(2));
  EXPECT_FALSE(Do(settle).status.ok());
  EXPECT_FALSE(store_->FindEvent(kTenant, "late").ok()) << "the settlement came late";
}

TEST_P(StoreContract, AnEventComesWithAReplacementThatCounts) {
  Create("a");
  ReplaceWebhook replace{kTenant, MakeWebhook("a"), "e1", Enqueueing("own", {"a"}, At(0))};
  ASSERT_TRUE(Do(replace).status.ok());
  EXPECT_TRUE(store_->FindEvent(kTenant, "own").ok());
  replace = ReplaceWebhook{kTenant, MakeWebhook("a"), "wrong", Enqueueing("late", {"a"}, At(0))};
  EXPECT_FALSE(Do(replace).status.ok());
  EXPECT_FALSE(store_->FindEvent(kTenant, "late").ok());
}

// ---- Health

TEST_P(StoreContract, KeepsTheLatestHealthWhileThereIsAWebhook) {
  Create("a");
  v1::WebhookHealth health;
  for (const int failures : {3, 4}) {
    health.set_consecutive_failures(failures);
    EXPECT_TRUE(Do(SaveHealth{kTenant, "uid-a", health, {}}).status.ok());
  }
  EXPECT_TRUE(Do(SaveHealth{kTenant, "uid-nobody", health, {}}).status.ok());
  const auto kept = *store_->LoadHealth();
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].tenant, kTenant);
  EXPECT_EQ(kept[0].webhook_uid, "uid-a");
  EXPECT_EQ(kept[0].health.consecutive_failures(), 4);
  Do(DeleteWebhook{kTenant, "a", "", At(1), {}});
  EXPECT_THAT(*store_->LoadHealth(), IsEmpty());
}

TEST_P(StoreContract, CountsOpenDeliveriesUpToABound) {
  Create("a");
  for (int i = 0; i < 5; ++i) Enqueue("", "a", At(0));
  Do(Settling(ClaimOne("a", At(0)), v1::Delivery::SUCCEEDED, At(1)));
  EXPECT_EQ(*store_->CountOpenDeliveries(kTenant, "uid-a", 100), 4);
  EXPECT_EQ(*store_->CountOpenDeliveries(kTenant, "uid-a", 2), 2);
  EXPECT_EQ(*store_->CountOpenDeliveries(kTenant, "uid-nobody", 100), 0);
  EXPECT_EQ(*store_->CountOpenDeliveries("other", "uid-a", 100), 0);
}

}  // namespace
}  // namespace herald
