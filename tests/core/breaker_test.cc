#include "src/core/breaker.h"

#include <gtest/gtest.h>

namespace herald {
namespace {

using Effect = Breaker::Effect;

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

v1::InvocationResult Result(v1::InvocationResult::Outcome outcome, int status = 0) {
  v1::InvocationResult result;
  result.set_outcome(outcome);
  if (status != 0) result.mutable_response()->set_status_code(status);
  return result;
}

void Fail(Breaker& breaker, int times, absl::Time now) {
  for (int i = 0; i < times; ++i) {
    ASSERT_TRUE(breaker.MayBegin(now));
    breaker.Ended(Effect::kFailure, breaker.Begin(), now);
  }
}

TEST(Breaker, CountsWhatSaysThatAReceiverIsDown) {
  EXPECT_EQ(Breaker::EffectOf(Result(v1::InvocationResult::TIMED_OUT)), Effect::kFailure);
  EXPECT_EQ(Breaker::EffectOf(Result(v1::InvocationResult::CONNECTION_FAILED)), Effect::kFailure);
  EXPECT_EQ(Breaker::EffectOf(Result(v1::InvocationResult::HTTP_FAILED, 429)), Effect::kFailure);
  EXPECT_EQ(Breaker::EffectOf(Result(v1::InvocationResult::HTTP_FAILED, 501)), Effect::kFailure);
  EXPECT_EQ(Breaker::EffectOf(Result(v1::InvocationResult::HTTP_FAILED, 404)), Effect::kAlive);
  EXPECT_EQ(Breaker::EffectOf(Result(v1::InvocationResult::HTTP_FAILED, 302)), Effect::kAlive);
  EXPECT_EQ(Breaker::EffectOf(Result(v1::InvocationResult::VALIDATION_FAILED, 200)), Effect::kAlive);
  EXPECT_EQ(Breaker::EffectOf(Result(v1::InvocationResult::SUCCEEDED, 200)), Effect::kAlive);
  EXPECT_EQ(Breaker::EffectOf(Result(v1::InvocationResult::BLOCKED)), Effect::kNone);
  EXPECT_EQ(Breaker::EffectOf(Result(v1::InvocationResult::RENDER_FAILED)), Effect::kNone);
}

TEST(Breaker, OpensAfterTenFailuresInARow) {
  Breaker breaker;
  Fail(breaker, 9, kStart);
  breaker.Ended(Effect::kAlive, false, kStart);
  Fail(breaker, 9, kStart);
  EXPECT_EQ(breaker.state(), v1::WebhookHealth::CLOSED);
  Fail(breaker, 1, kStart);
  EXPECT_EQ(breaker.state(), v1::WebhookHealth::OPEN);
  EXPECT_FALSE(breaker.MayBegin(kStart + absl::Milliseconds(4999)));
  EXPECT_EQ(breaker.probe_time(), kStart + absl::Seconds(5));
}

TEST(Breaker, ProbesWithOneAttemptAndWaitsLongerEachTime) {
  Breaker breaker;
  Fail(breaker, 10, kStart);
  absl::Time now = kStart;
  for (const int seconds : {5, 10, 20, 40, 80, 160, 300, 300}) {
    EXPECT_EQ(breaker.probe_time(), now + absl::Seconds(seconds));
    now = breaker.probe_time();
    ASSERT_TRUE(breaker.MayBegin(now));
    ASSERT_TRUE(breaker.Begin());
    EXPECT_EQ(breaker.state(), v1::WebhookHealth::HALF_OPEN);
    EXPECT_FALSE(breaker.MayBegin(now)) << "one at a time";
    breaker.Ended(Effect::kFailure, true, now);
  }
}

TEST(Breaker, ClosesOnAnyAnswer) {
  Breaker breaker;
  Fail(breaker, 10, kStart);
  ASSERT_TRUE(breaker.Begin());
  breaker.Ended(Effect::kAlive, true, kStart + absl::Seconds(5));
  EXPECT_EQ(breaker.state(), v1::WebhookHealth::CLOSED);
  EXPECT_EQ(breaker.failures(), 0);
  Fail(breaker, 10, kStart);
  EXPECT_EQ(breaker.probe_time(), kStart + absl::Seconds(5)) << "the waits begin anew";
}

TEST(Breaker, LateFailuresOfBeforeDoNotLengthenTheWait) {
  Breaker breaker;
  Fail(breaker, 10, kStart);
  for (int i = 0; i < 20; ++i) breaker.Ended(Effect::kFailure, false, kStart + absl::Seconds(1));
  EXPECT_EQ(breaker.probe_time(), kStart + absl::Seconds(5));
  breaker.Ended(Effect::kAlive, false, kStart + absl::Seconds(2));
  EXPECT_TRUE(breaker.MayBegin(kStart + absl::Seconds(2))) << "one of before was answered";
}

TEST(Breaker, AProbeThatWasNotSentLetsAnotherProbe) {
  Breaker breaker;
  Fail(breaker, 10, kStart);
  ASSERT_TRUE(breaker.Begin());
  breaker.Ended(Effect::kNone, true, kStart + absl::Seconds(5));
  EXPECT_TRUE(breaker.MayBegin(kStart + absl::Seconds(5)));
}

TEST(Breaker, GoesOnAsItWasLeft) {
  const Breaker breaker(v1::WebhookHealth::HALF_OPEN, kStart + absl::Seconds(40));
  EXPECT_EQ(breaker.state(), v1::WebhookHealth::OPEN) << "the probe was lost with the process";
  EXPECT_FALSE(breaker.MayBegin(kStart));
  EXPECT_TRUE(breaker.MayBegin(kStart + absl::Seconds(40)));
  EXPECT_TRUE(Breaker(v1::WebhookHealth::BREAKER_UNSPECIFIED, absl::InfinitePast()).MayBegin(kStart));
}

}  // namespace
}  // namespace herald
