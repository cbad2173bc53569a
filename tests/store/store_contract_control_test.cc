// Deliveries that people cancel and retry.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/core/errors.h"
#include "tests/store/store_contract.h"

namespace herald {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_P(StoreContract, CancellingClosesADeliveryAndEndsItsClaim) {
  Create("a");
  const Sequence delivery = Enqueue("e", "a", At(0));
  const Claim claim = ClaimOne("a", At(0));
  const CancelDeliveries cancel = Do(Cancelling("a", At(1), {delivery, delivery + 1}));
  EXPECT_TRUE(cancel.status.ok());
  EXPECT_THAT(SequencesOf(cancel), ElementsAre(delivery));
  EXPECT_EQ(cancel.cancelled[0].token, claim.token);
  const v1::Delivery found = Find(delivery);
  EXPECT_EQ(found.state(), v1::Delivery::CANCELLED);
  EXPECT_EQ(FromProto(found.update_time()), At(1));
  EXPECT_FALSE(found.has_next_attempt_time());
  EXPECT_FALSE(Do(Settling(claim, v1::Delivery::SUCCEEDED, At(2))).status.ok()) << "an attempt under way loses";
  EXPECT_THAT(Do(Claiming("a", At(1000))).claimed, IsEmpty());
  EXPECT_EQ(store_->ReadQueue()->open, 0);
  EXPECT_THAT(Do(Cancelling("a", At(3), {delivery, delivery + 1})).cancelled, IsEmpty()) << "it is closed";
}

TEST_P(StoreContract, CancelsOpenDeliveriesOfOneWebhookInARange) {
  Create("a");
  Create("b");
  const Sequence done = Enqueue("e0", "a", At(0));
  Do(Settling(ClaimOne("a", At(0)), v1::Delivery::SUCCEEDED, At(0)));
  const Sequence first = Enqueue("e1", "a", At(1));
  const Sequence second = Enqueue("e2", "a", At(2));
  const Sequence third = Enqueue("e3", "a", At(3));
  const Sequence other = Enqueue("e4", "b", At(2));
  EXPECT_THAT(SequencesOf(Do(Cancelling("a", At(9), {first, third}, 1))), ElementsAre(first)) << "the longest due";
  const CancelDeliveries rest = Do(Cancelling("a", At(9), {first, third}));
  EXPECT_THAT(SequencesOf(rest), ElementsAre(second));
  EXPECT_EQ(rest.cancelled[0].token, 0) << "it was not claimed";
  EXPECT_EQ(Find(done).state(), v1::Delivery::SUCCEEDED);
  EXPECT_EQ(Find(third).state(), v1::Delivery::PENDING);
  EXPECT_EQ(Find(other).state(), v1::Delivery::PENDING);
  EXPECT_EQ(store_->ReadQueue()->open, 2);
}

TEST_P(StoreContract, CancellingTheFirstOfAKeyLetsTheNextPass) {
  Create("a");
  const Sequence first = Do(Ordered("k", At(0))).targets[0].delivery;
  const Sequence second = Do(Ordered("k", At(1))).targets[0].delivery;
  const Sequence third = Do(Ordered("k", At(2))).targets[0].delivery;
  Do(Cancelling("a", At(5), {second, second + 1}));
  EXPECT_FALSE(Find(third).has_next_attempt_time()) << "the first is still open";
  Do(Cancelling("a", At(6), {first, first + 1}));
  EXPECT_EQ(FromProto(Find(third).next_attempt_time()), At(6));
}

TEST_P(StoreContract, CancelsThoseThatWaitForTheirTurnFirst) {
  Create("a");
  const Sequence first = Do(Ordered("k", At(0))).targets[0].delivery;
  const Sequence second = Do(Ordered("k", At(1))).targets[0].delivery;
  EXPECT_THAT(SequencesOf(Do(Cancelling("a", At(5), {}, 1))), ElementsAre(second));
  EXPECT_THAT(SequencesOf(Do(Cancelling("a", At(5), {}, 1))), ElementsAre(first));
}

TEST_P(StoreContract, RetryingMakesARetryDueAtOnce) {
  Create("a");
  const Sequence delivery = Enqueue("e", "a", At(0));
  Do(Retrying(ClaimOne("a", At(0)), 1, At(0), At(100)));
  EXPECT_TRUE(Do(RetryingNow(delivery, At(10))).status.ok());
  EXPECT_EQ(FromProto(Find(delivery).next_attempt_time()), At(10));
  EXPECT_TRUE(Do(RetryingNow(delivery, At(20))).status.ok());
  EXPECT_EQ(FromProto(Find(delivery).next_attempt_time()), At(10)) << "it was due already";
  const ClaimDeliveries claim = Do(Claiming("a", At(20)));
  ASSERT_EQ(claim.claimed.size(), 1u);
  EXPECT_EQ(claim.claimed[0].attempt_count, 1);
  EXPECT_EQ(claim.claimed[0].attempts_former, 0);
  EXPECT_EQ(claim.claimed[0].open_time, TimeOfSequence(delivery));
}

TEST_P(StoreContract, RetryingOpensAFailedDeliveryAnew) {
  Create("a");
  const Sequence delivery = Enqueue("e", "a", At(0));
  Do(Settling(ClaimOne("a", At(0)), v1::Delivery::FAILED, At(1)));
  EXPECT_TRUE(Do(RetryingNow(delivery, At(10))).status.ok());
  const v1::Delivery found = Find(delivery);
  EXPECT_EQ(found.state(), v1::Delivery::RETRYING);
  EXPECT_EQ(found.attempt_count(), 1) << "attempts are counted on";
  EXPECT_EQ(FromProto(found.update_time()), At(10));
  EXPECT_EQ(FromProto(found.next_attempt_time()), At(10));
  EXPECT_EQ(store_->ReadQueue()->open, 1);
  const ClaimDeliveries claim = Do(Claiming("a", At(10)));
  ASSERT_EQ(claim.claimed.size(), 1u);
  EXPECT_EQ(claim.claimed[0].attempt_count, 1);
  EXPECT_EQ(claim.claimed[0].attempts_former, 1);
  EXPECT_EQ(claim.claimed[0].open_time, At(10));
}

TEST_P(StoreContract, RetryingWhatNeedNotBeSentIsRefusedUnlessForced) {
  Create("a");
  const Sequence sent = Enqueue("e1", "a", At(0));
  Do(Settling(ClaimOne("a", At(0)), v1::Delivery::SUCCEEDED, At(0)));
  const Sequence cancelled = Enqueue("e2", "a", At(1));
  Do(Cancelling("a", At(1)));
  for (const Sequence delivery : {sent, cancelled}) {
    const RetryDelivery refused = Do(RetryingNow(delivery, At(2)));
    EXPECT_EQ(refused.status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(ReasonOf(refused.status), v1::WRONG_STATE);
    EXPECT_TRUE(Do(RetryingNow(delivery, At(2), true)).status.ok());
  }
  EXPECT_EQ(Find(sent).state(), v1::Delivery::RETRYING);
  EXPECT_EQ(Find(cancelled).state(), v1::Delivery::PENDING) << "it was never attempted";
  EXPECT_THAT(SequencesOf(Do(Claiming("a", At(2)))), ElementsAre(sent, cancelled));
}

TEST_P(StoreContract, RetryingNeedsADeliveryAndItsWebhook) {
  Create("a");
  const Sequence delivery = Enqueue("e", "a", At(0));
  EXPECT_EQ(ReasonOf(Do(RetryingNow(delivery + 1, At(1))).status), v1::DELIVERY_NOT_FOUND);
  RetryDelivery of_another = RetryingNow(delivery, At(1));
  of_another.tenant = "another";
  EXPECT_EQ(ReasonOf(Do(of_another).status), v1::DELIVERY_NOT_FOUND);
  Do(DeleteWebhook{kTenant, "a", "", At(1), {}});
  Create("b");
  EXPECT_EQ(ReasonOf(Do(RetryingNow(delivery, At(2), true)).status), v1::WEBHOOK_NOT_FOUND);
  EXPECT_EQ(Find(delivery).state(), v1::Delivery::CANCELLED);
}

TEST_P(StoreContract, ARetriedDeliveryOfAKeyGoesAfterTheOneUnderWay) {
  Create("a");
  const Sequence first = Do(Ordered("k", At(0))).targets[0].delivery;
  Do(Closing(ClaimOne("a", At(0)), v1::Delivery::FAILED, At(0)));
  const Sequence second = Do(Ordered("k", At(1))).targets[0].delivery;
  const Sequence third = Do(Ordered("k", At(1))).targets[0].delivery;
  const Claim under_way = ClaimOne("a", At(1));
  EXPECT_EQ(under_way.delivery, second);
  EXPECT_TRUE(Do(RetryingNow(first, At(2))).status.ok());
  EXPECT_FALSE(Find(first).has_next_attempt_time()) << "one of a key at a time";
  EXPECT_TRUE(Do(RetryingNow(first, At(2))).status.ok()) << "it goes on waiting";
  Do(Cancelling("a", At(3), {third, third + 1}));
  EXPECT_FALSE(Find(first).has_next_attempt_time()) << "the second is still under way";
  Do(Closing(under_way, v1::Delivery::SUCCEEDED, At(4)));
  EXPECT_EQ(FromProto(Find(first).next_attempt_time()), At(4));
}

}  // namespace
}  // namespace herald
