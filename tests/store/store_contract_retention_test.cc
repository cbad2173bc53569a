// What goes once it is old, and what stays whatever its age.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/store/store_contract.h"

namespace herald {
namespace {

class StoreRetention : public StoreContract {
 protected:
  void SetUp() override {
    Create("a");
    Create("b");
  }
  // The delivery of a new event that was sent to webhook `a`.
  Sequence Sent(const std::string& event, absl::Time now) {
    const Sequence delivery = Enqueue(event, "a", now);
    EXPECT_TRUE(Do(Settling(ClaimOne("a", now), v1::Delivery::SUCCEEDED, now)).status.ok());
    return delivery;
  }
  // Removes to the end, in steps.
  DeleteExpired Expire(absl::Time before, int rows_max = 1000) {
    DeleteExpired expire = Expiring(before, rows_max);
    DeleteExpired all;
    for (int steps = 0; steps < 1000; ++steps) {
      expire = Do(expire);
      all.events += expire.events;
      all.deliveries += expire.deliveries;
      all.invocations += expire.invocations;
      all.first_kept = expire.first_kept;
      all.next = expire.next;
      if (!expire.more) return all;
      expire.first = expire.next;
    }
    ADD_FAILURE() << "it has no end";
    return all;
  }
  bool HasEvent(const std::string& id) { return store_->FindEvent(kTenant, id).ok(); }
  bool HasDelivery(Sequence delivery) { return store_->FindDelivery(kTenant, delivery).ok(); }
};

TEST_P(StoreRetention, RemovesWhatIsOldAndClosed) {
  const Sequence old = Sent("old", At(0));
  const Sequence recent = Sent("recent", At(100));
  const DeleteExpired removed = Do(Expiring(At(100)));
  EXPECT_EQ(removed.events, 1);
  EXPECT_EQ(removed.deliveries, 1);
  EXPECT_EQ(removed.invocations, 1);
  EXPECT_EQ(removed.next, FirstSequenceAt(At(100)));
  EXPECT_EQ(removed.first_kept, store_->FindEvent(kTenant, "recent")->sequence);
  EXPECT_FALSE(HasEvent("old"));
  EXPECT_FALSE(HasDelivery(old));
  EXPECT_TRUE(store_->ListInvocations(kTenant, old, 0, Rows(9))->rows.empty());
  EXPECT_TRUE(HasEvent("recent"));
  EXPECT_EQ(Find(recent).state(), v1::Delivery::SUCCEEDED);
  EXPECT_EQ(store_->ListInvocations(kTenant, recent, 0, Rows(9))->rows.size(), 1U);
  EXPECT_EQ(Do(Expiring(At(100))).events, 0) << "once is enough";
}

TEST_P(StoreRetention, FindsNothingInAnEmptyStore) {
  const DeleteExpired removed = Do(Expiring(At(0)));
  EXPECT_FALSE(removed.more);
  EXPECT_EQ(removed.first_kept, INT64_MAX);
}

TEST_P(StoreRetention, RemovesEventsThatNobodyWanted) {
  Do(Enqueueing("unwanted", {}, At(0)));
  EXPECT_EQ(Do(Expiring(At(1))).events, 1);
  EXPECT_FALSE(HasEvent("unwanted"));
}

TEST_P(StoreRetention, KeepsOpenDeliveriesWithTheirEvents) {
  const Sequence pending = Enqueue("pending", "b", At(0));
  Enqueue("retrying", "a", At(1));
  const Claim claim = ClaimOne("a", At(1));
  Do(Retrying(claim, 1, At(1), At(5000)));
  const DeleteExpired removed = Expire(At(1000));
  EXPECT_EQ(removed.events + removed.deliveries + removed.invocations, 0);
  EXPECT_EQ(Find(pending).state(), v1::Delivery::PENDING);
  EXPECT_EQ(store_->ListInvocations(kTenant, claim.delivery, 0, Rows(9))->rows.size(), 1U);

  const ClaimDeliveries later = Do(Claiming("a", At(5000)));
  ASSERT_EQ(later.claimed.size(), 1U);
  EXPECT_EQ(later.claimed[0].event.id(), "retrying") << "it can still be sent";
  Do(Settling(later.claimed[0].claim, v1::Delivery::FAILED, At(5000)));
  EXPECT_EQ(Expire(At(1000)).events, 1);
  EXPECT_FALSE(HasEvent("retrying"));
  EXPECT_TRUE(HasEvent("pending"));
}

TEST_P(StoreRetention, KeepsAnEventWhileOneOfItsDeliveriesIsOpen) {
  const EnqueueEvent both = Do(Enqueueing("both", {"a", "b"}, At(0)));
  Do(Settling(ClaimOne("a", At(0)), v1::Delivery::SUCCEEDED, At(0)));
  EXPECT_EQ(Expire(At(1000)).deliveries, 1);
  EXPECT_FALSE(HasDelivery(both.targets[0].delivery));
  EXPECT_TRUE(HasDelivery(both.targets[1].delivery));
  EXPECT_EQ(store_->FindEvent(kTenant, "both")->delivery_count, 2) << "it tells what there was";

  EXPECT_TRUE(Do(DeleteWebhook{kTenant, "b", "", At(2), {}}).status.ok());
  const DeleteExpired removed = Expire(At(1000));
  EXPECT_EQ(removed.events, 1) << "cancelled is closed";
  EXPECT_EQ(removed.deliveries, 1);
  EXPECT_FALSE(HasEvent("both"));
}

TEST_P(StoreRetention, TakesSmallStepsAndForgetsNothingBetweenThem) {
  std::vector<std::string> webhooks;
  for (int i = 0; i < 20; ++i) Create(webhooks.emplace_back("many-" + std::to_string(i)));
  Do(Enqueueing("wide", webhooks, At(0)));
  for (const std::string& id : webhooks) Do(Settling(ClaimOne(id, At(0)), v1::Delivery::SUCCEEDED, At(0)));
  for (int i = 0; i < 5; ++i) Sent("narrow-" + std::to_string(i), At(1));
  Do(Enqueueing("unwanted", {}, At(2)));

  DeleteExpired step = Do(Expiring(At(10), 7));
  EXPECT_EQ(step.deliveries, 3) << "the event, and three deliveries with an invocation each";
  EXPECT_TRUE(step.more);
  EXPECT_TRUE(HasEvent("wide"));
  const DeleteExpired rest = Expire(At(10), 7);
  EXPECT_EQ(step.events + rest.events, 7);
  EXPECT_EQ(step.deliveries + rest.deliveries, 25);
  EXPECT_EQ(step.invocations + rest.invocations, 25);
  EXPECT_TRUE(store_->ListEvents(kTenant, {"", {}, false, Rows(100)})->rows.empty());
}

TEST_P(StoreRetention, GoesOnWhereItIsTold) {
  const Sequence first = Sent("first", At(0));
  const Sequence second = Sent("second", At(10));
  DeleteExpired expire = Expiring(At(100));
  expire.first = FirstSequenceAt(At(5));
  EXPECT_EQ(Do(expire).deliveries, 1);
  EXPECT_TRUE(HasDelivery(first));
  EXPECT_FALSE(HasDelivery(second));
  expire.first = FirstSequenceAt(At(200));
  EXPECT_EQ(Do(expire).next, expire.first) << "never back";
}

TEST_P(StoreRetention, AnIdIsFreeOnceItsEventIsGone) {
  Sent("id", At(0));
  EXPECT_EQ(Do(Enqueueing("id", {"a"}, At(1))).status.code(), absl::StatusCode::kAlreadyExists);
  Expire(At(1));
  EXPECT_TRUE(Do(Enqueueing("id", {"a"}, At(2))).status.ok());
}

TEST_P(StoreRetention, NumbersAreNotGivenAgain) {
  const Sequence last = Sent("last", At(1000));
  Expire(At(2000));
  EXPECT_GT(Do(Enqueueing("next", {"a"}, At(0))).sequence, last) << "though the clock was set back";
}

TEST_P(StoreRetention, SettlingWhatIsGoneIsTooLate) {
  Enqueue("e", "a", At(0));
  const Claim claim = ClaimOne("a", At(0));
  Do(Settling(claim, v1::Delivery::SUCCEEDED, At(0)));
  Expire(At(1));
  EXPECT_EQ(Do(Settling(claim, v1::Delivery::SUCCEEDED, At(2))).status.code(), absl::StatusCode::kAborted);
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreRetention, ::testing::Values("memory", "sqlite"),
                         [](const auto& param) { return std::string(param.param); });

}  // namespace
}  // namespace herald
