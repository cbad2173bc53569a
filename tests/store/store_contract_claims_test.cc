// The contract of src/store/store.h on claims and settlements, over every store.

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/store/store_contract.h"

namespace herald {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// ---- Claims

TEST_P(StoreContract, ClaimsTheLongestDueFirst) {
  Create("a");
  const Sequence first = Enqueue("e1", "a", At(0));
  const Sequence second = Enqueue("e2", "a", At(1));
  const Sequence third = Enqueue("e3", "a", At(1));
  Do(Retrying(ClaimOne("a", At(1)), 1, At(2), At(1) + absl::Milliseconds(500)));  // first: due after the others now
  const ClaimDeliveries claim = Do(Claiming("a", At(2)));
  EXPECT_THAT(SequencesOf(claim), ElementsAre(second, third, first));
  EXPECT_EQ(claim.next_due, absl::InfiniteFuture());
}

TEST_P(StoreContract, ClaimsCarryDeliveryAndEvent) {
  Create("a");
  const EnqueueEvent enqueued = Do(Enqueueing("e", {"a"}, At(0)));
  const ClaimDeliveries claim = Do(Claiming("a", At(0)));
  ASSERT_EQ(claim.claimed.size(), 1u);
  EXPECT_EQ(claim.claimed[0].claim.delivery, enqueued.targets[0].delivery);
  EXPECT_EQ(claim.claimed[0].attempt_count, 0);
  EXPECT_EQ(claim.claimed[0].event.DebugString(), enqueued.event.DebugString());
}

TEST_P(StoreContract, ClaimsNothingBeforeItIsDue) {
  Create("a");
  Enqueue("e", "a", At(0));
  Do(Retrying(ClaimOne("a", At(0)), 1, At(1), At(60)));
  const ClaimDeliveries early = Do(Claiming("a", At(60) - absl::Microseconds(1)));
  EXPECT_THAT(early.claimed, IsEmpty());
  EXPECT_EQ(early.next_due, At(60));
  EXPECT_EQ(Do(Claiming("a", At(60))).claimed.size(), 1u);
}

TEST_P(StoreContract, ClaimsNothingTwiceUntilTheLeaseEnds) {
  Create("a");
  Enqueue("e", "a", At(0));
  const ClaimDeliveries first = Do(Claiming("a", At(0)));
  ASSERT_EQ(first.claimed.size(), 1u);
  const ClaimDeliveries second = Do(Claiming("a", first.lease_end - absl::Microseconds(1)));
  EXPECT_THAT(second.claimed, IsEmpty());
  EXPECT_EQ(second.next_due, first.lease_end);
  const ClaimDeliveries third = Do(Claiming("a", first.lease_end));
  ASSERT_EQ(third.claimed.size(), 1u);
  EXPECT_NE(third.claimed[0].claim.token, first.claimed[0].claim.token);
  EXPECT_EQ(Do(Settling(first.claimed[0].claim, v1::Delivery::FAILED, At(80))).status.code(),
            absl::StatusCode::kAborted);
  EXPECT_TRUE(Do(Settling(third.claimed[0].claim, v1::Delivery::SUCCEEDED, At(80))).status.ok());
}

TEST_P(StoreContract, ClaimsWithinItsBounds) {
  Create("a");
  for (int i = 0; i < 5; ++i) {
    EnqueueEvent enqueue = Enqueueing("", {"a"}, At(i));
    enqueue.event.set_data_json("\"" + std::string(998, 'x') + "\"");
    Do(enqueue);
  }
  ClaimDeliveries claim = Do(Claiming("a", At(10), 2));
  EXPECT_EQ(claim.claimed.size(), 2u);
  EXPECT_EQ(claim.next_due, At(2)) << "what is left is due already";
  claim = Claiming("a", At(10));
  claim.bytes_max = 1000;
  claim = Do(claim);
  EXPECT_EQ(claim.claimed.size(), 2u) << "the second passes the bound, and is the last";
  claim.bytes_max = 0;
  claim = Do(claim);
  EXPECT_EQ(claim.claimed.size(), 1u) << "one is given whatever its size";
  EXPECT_EQ(claim.next_due, claim.lease_end) << "when the others can be claimed again";
}

TEST_P(StoreContract, SaysWhenTheFirstLeaseEndsOfWhatIsClaimed) {
  Create("a");
  Enqueue("e1", "a", At(0));
  Enqueue("e2", "a", At(1));
  ClaimDeliveries first = Claiming("a", At(2), 1);
  first.lease_end = At(100);
  Do(first);
  ClaimDeliveries second = Claiming("a", At(3), 1);
  second.lease_end = At(90);
  EXPECT_EQ(Do(second).next_due, At(100)) << "of the other: its own claim's callers know of it";
  EXPECT_EQ(Do(Claiming("a", At(4))).next_due, At(90));
  Enqueue("e3", "a", At(95));
  EXPECT_EQ(Do(Claiming("a", At(5))).next_due, At(90));
  Enqueue("e4", "a", At(50));
  EXPECT_EQ(Do(Claiming("a", At(6))).next_due, At(50));
}

TEST_P(StoreContract, ClaimsOfOneWebhookLeaveOthersAlone) {
  Create("a");
  Create("b");
  Enqueue("e1", "a", At(0));
  const Sequence of_b = Enqueue("e2", "b", At(0));
  Do(Claiming("a", At(0)));
  EXPECT_THAT(SequencesOf(Do(Claiming("b", At(0)))), ElementsAre(of_b));
}

TEST_P(StoreContract, ReleasesAClaim) {
  Create("a");
  const Sequence delivery = Enqueue("e", "a", At(0));
  const Claim claim = ClaimOne("a", At(0));
  const v1::Delivery before = Find(delivery);
  EXPECT_TRUE(Do(Releasing(claim)).status.ok());
  EXPECT_EQ(Find(delivery).DebugString(), before.DebugString());
  EXPECT_EQ(Do(Releasing(claim)).status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(Do(Settling(claim, v1::Delivery::SUCCEEDED, At(1))).status.code(), absl::StatusCode::kAborted);
  EXPECT_THAT(SequencesOf(Do(Claiming("a", At(0)))), ElementsAre(delivery));
}

TEST_P(StoreContract, AMadeUpClaimCountsForNothing) {
  Create("a");
  const Sequence delivery = Enqueue("e", "a", At(0));
  for (const Claim& claim : {Claim{delivery, 0}, Claim{delivery, 1}, Claim{delivery, -1}, Claim{delivery + 1, 1}}) {
    EXPECT_EQ(Do(Settling(claim, v1::Delivery::SUCCEEDED, At(1))).status.code(), absl::StatusCode::kAborted);
    EXPECT_EQ(Do(Releasing(claim)).status.code(), absl::StatusCode::kAborted);
  }
  EXPECT_EQ(Find(delivery).state(), v1::Delivery::PENDING);
}

// ---- Settlements

TEST_P(StoreContract, SettlesADelivery) {
  Create("a");
  const Sequence delivery = Enqueue("e", "a", At(0));
  const SettleDelivery settled = Do(Settling(ClaimOne("a", At(0)), v1::Delivery::SUCCEEDED, At(1)));
  EXPECT_TRUE(settled.status.ok());
  EXPECT_EQ(settled.result.DebugString(), MakeResult(delivery, 1).DebugString()) << "left as it was given";
  const v1::Delivery found = Find(delivery);
  EXPECT_EQ(found.state(), v1::Delivery::SUCCEEDED);
  EXPECT_EQ(found.attempt_count(), 1);
  EXPECT_EQ(FromProto(found.update_time()), At(1));
  EXPECT_FALSE(found.has_next_attempt_time());
  EXPECT_EQ(found.last_result().DebugString(), MakeResult(delivery, 1).DebugString());
  EXPECT_THAT(Do(Claiming("a", At(1000))).claimed, IsEmpty());
  EXPECT_EQ(Do(Settling(settled.claim, v1::Delivery::FAILED, At(2))).status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(Find(delivery).attempt_count(), 1);
}

TEST_P(StoreContract, KeepsEveryAttempt) {
  Create("a");
  const Sequence delivery = Enqueue("e", "a", At(0));
  for (int attempt = 1; attempt <= 3; ++attempt) {
    Do(Retrying(ClaimOne("a", At(attempt)), attempt, At(attempt), At(attempt + 1)));
  }
  const v1::Delivery found = Find(delivery);
  EXPECT_EQ(found.state(), v1::Delivery::RETRYING);
  EXPECT_EQ(found.attempt_count(), 3);
  EXPECT_EQ(FromProto(found.next_attempt_time()), At(4));
  EXPECT_EQ(found.last_result().attempt(), 3);

  const auto attempts = [&](int after, const PageBounds& bounds, bool more) {
    const auto page = store_->ListInvocations(kTenant, delivery, after, bounds);
    EXPECT_EQ(page->more, more);
    std::vector<int> numbers;
    for (const v1::InvocationResult& row : page->rows) {
      EXPECT_EQ(row.DebugString(), MakeResult(delivery, row.attempt()).DebugString());
      numbers.push_back(row.attempt());
    }
    return numbers;
  };
  EXPECT_THAT(attempts(0, Rows(10), false), ElementsAre(1, 2, 3));
  EXPECT_THAT(attempts(1, Rows(10), false), ElementsAre(2, 3));
  EXPECT_THAT(attempts(0, Rows(2), true), ElementsAre(1, 2));
  EXPECT_THAT(attempts(0, {10, 1}, true), ElementsAre(1));
  EXPECT_THAT(attempts(3, Rows(10), false), IsEmpty());
  EXPECT_THAT(store_->ListInvocations(kTenant, 12345, 0, Rows(10))->rows, IsEmpty());
}

TEST_P(StoreContract, ALateSettlementSpoilsNothingInItsBatch) {
  Create("a");
  Enqueue("e1", "a", At(0));
  Enqueue("e2", "a", At(0));
  const Claim good = ClaimOne("a", At(0));
  Claim lost = ClaimOne("a", At(0));
  Do(Releasing(lost));
  WriteBatch batch;
  batch.emplace_back(Settling(lost, v1::Delivery::FAILED, At(1)));
  batch.emplace_back(DeleteWebhook{kTenant, "nobody", "", At(1), {}});
  batch.emplace_back(Settling(good, v1::Delivery::SUCCEEDED, At(1)));
  ASSERT_TRUE(store_->Apply(batch).ok());
  EXPECT_FALSE(std::get<SettleDelivery>(batch[0]).status.ok());
  EXPECT_FALSE(std::get<DeleteWebhook>(batch[1]).status.ok());
  EXPECT_TRUE(std::get<SettleDelivery>(batch[2]).status.ok());
  EXPECT_EQ(Find(good.delivery).state(), v1::Delivery::SUCCEEDED);
  EXPECT_EQ(Find(lost.delivery).state(), v1::Delivery::PENDING);
}

TEST_P(StoreContract, AppliesTheWritesOfABatchInOrder) {
  WriteBatch batch;
  batch.emplace_back(Creating(MakeWebhook("a")));
  batch.emplace_back(Enqueueing("e", {"a"}, At(0)));
  batch.emplace_back(Claiming("a", At(0)));
  batch.emplace_back(DeleteWebhook{kTenant, "a", "", At(1), {}});
  batch.emplace_back(Enqueueing("f", {"a"}, At(1)));
  ASSERT_TRUE(store_->Apply(batch).ok());
  const Sequence delivery = std::get<EnqueueEvent>(batch[1]).targets[0].delivery;
  EXPECT_THAT(SequencesOf(std::get<ClaimDeliveries>(batch[2])), ElementsAre(delivery));
  EXPECT_EQ(std::get<EnqueueEvent>(batch[4]).targets[0].delivery, 0);
  EXPECT_EQ(Find(delivery).state(), v1::Delivery::CANCELLED);
}

TEST_P(StoreContract, ResultsOfAFormerApplyAreNotMistakenForNewOnes) {
  Create("a");
  Enqueue("e", "a", At(0));
  WriteBatch batch;
  batch.emplace_back(Claiming("a", At(0)));
  ASSERT_TRUE(store_->Apply(batch).ok());
  ASSERT_TRUE(store_->Apply(batch).ok());
  EXPECT_THAT(std::get<ClaimDeliveries>(batch[0]).claimed, IsEmpty());
}

TEST_P(StoreContract, AnEmptyBatchIsFine) {
  WriteBatch batch;
  EXPECT_TRUE(store_->Apply(batch).ok());
}

}  // namespace
}  // namespace herald
