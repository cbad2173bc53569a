#include "src/core/settle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "src/base/protobuf_time.h"
#include "src/core/validate.h"

namespace herald {
namespace {

using Result = v1::InvocationResult;

const absl::Time kAccepted = absl::FromUnixSeconds(1'700'000'000);
const absl::Time kNow = kAccepted + absl::Seconds(1);

v1::RetryPolicy DefaultPolicy() { return WithDefaults({}).retry_policy(); }

Result Outcome(Result::Outcome outcome, int status = 0) {
  Result result;
  result.set_outcome(outcome);
  if (status != 0) result.mutable_response()->set_status_code(status);
  return result;
}

// "RETRYING in 5s"
std::string After(const Result& result, int attempt, const v1::RetryPolicy& policy,
                  absl::Duration retry_after = absl::ZeroDuration(), double jitter = 0, absl::Time now = kNow) {
  const Settlement next = Settle(result, attempt, policy, retry_after, kAccepted, now, jitter);
  std::string text = v1::Delivery::State_Name(next.state);
  if (next.next_attempt_time.has_value()) text += " in " + absl::FormatDuration(*next.next_attempt_time - now);
  return text;
}

TEST(Settle, WhatHappensToADelivery) {
  const v1::RetryPolicy defaults = DefaultPolicy();
  v1::RetryPolicy validating = defaults;
  validating.set_retry_validation_failures(true);
  v1::RetryPolicy changed = defaults;
  changed.add_retryable_statuses(404);
  changed.add_final_statuses(503);
  changed.add_final_statuses(429);
  const struct {
    Result result;
    const v1::RetryPolicy& policy;
    const char* after;
  } kCases[] = {
      {Outcome(Result::SUCCEEDED, 200), defaults, "SUCCEEDED"},
      {Outcome(Result::SUCCEEDED, 503), defaults, "SUCCEEDED"},
      {Outcome(Result::VALIDATION_FAILED, 200), defaults, "FAILED"},
      {Outcome(Result::VALIDATION_FAILED, 200), validating, "RETRYING in 5s"},
      {Outcome(Result::TIMED_OUT), defaults, "RETRYING in 5s"},
      {Outcome(Result::TIMED_OUT, 404), defaults, "RETRYING in 5s"},
      {Outcome(Result::CONNECTION_FAILED), defaults, "RETRYING in 5s"},
      {Outcome(Result::BLOCKED), defaults, "RETRYING in 5s"},
      {Outcome(Result::RENDER_FAILED), defaults, "RETRYING in 5s"},
      {Outcome(Result::CANCELLED), defaults, "RETRYING in 0"},
      {Outcome(Result::OUTCOME_UNSPECIFIED), defaults, "FAILED"},
      {Outcome(Result::HTTP_FAILED, 404), changed, "RETRYING in 5s"},
      {Outcome(Result::HTTP_FAILED, 503), changed, "FAILED"},
      {Outcome(Result::HTTP_FAILED, 429), changed, "FAILED"},
      {Outcome(Result::HTTP_FAILED, 500), changed, "RETRYING in 5s"},
  };
  for (const auto& c : kCases) EXPECT_EQ(After(c.result, 1, c.policy), c.after) << c.result.ShortDebugString();
}

TEST(Settle, EveryStatusIsRetriedOrNot) {
  const v1::RetryPolicy policy = DefaultPolicy();
  for (int status = 100; status <= 599; ++status) {
    const bool retried =
        status == 408 || status == 409 || status == 425 || status == 429 || (status >= 500 && status != 501);
    EXPECT_EQ(IsRetryable(Outcome(Result::HTTP_FAILED, status), policy), retried) << status;
  }
}

TEST(Settle, FinalStatusesWin) {
  v1::RetryPolicy policy = DefaultPolicy();
  policy.add_retryable_statuses(500);
  policy.add_final_statuses(500);
  EXPECT_FALSE(IsRetryable(Outcome(Result::HTTP_FAILED, 500), policy));
}

TEST(Settle, WaitsByTheDefaultSchedule) {
  const v1::RetryPolicy policy = DefaultPolicy();
  const absl::Duration kWaits[] = {absl::Seconds(5), absl::Minutes(5), absl::Minutes(30),
                                   absl::Hours(2),   absl::Hours(5),   absl::Hours(10),
                                   absl::Hours(14),  absl::Hours(20),  absl::Hours(24)};
  for (int attempt = 1; attempt <= 9; ++attempt) EXPECT_EQ(RetryWait(attempt, policy), kWaits[attempt - 1]);
  EXPECT_EQ(policy.max_attempts(), 10);
  EXPECT_EQ(policy.jitter(), 0.1);
  EXPECT_EQ(FromProto(policy.max_age()), absl::Hours(96));
}

TEST(Settle, TheLastWaitOfAScheduleRepeats) {
  v1::RetryPolicy policy;
  policy.add_schedule()->set_seconds(1);
  policy.add_schedule()->set_seconds(7);
  for (const int attempt : {2, 3, 29}) EXPECT_EQ(RetryWait(attempt, policy), absl::Seconds(7));
}

TEST(Settle, ABackoffGrowsUpToItsMaximum) {
  v1::Webhook webhook;
  v1::RetryPolicy::Backoff& backoff = *webhook.mutable_retry_policy()->mutable_backoff();
  backoff.mutable_initial()->set_seconds(10);
  backoff.set_multiplier(3);
  backoff.mutable_max()->set_seconds(100);
  const v1::RetryPolicy policy = WithDefaults(webhook).retry_policy();
  const int kSeconds[] = {10, 30, 90, 100, 100};
  for (int attempt = 1; attempt <= 5; ++attempt) {
    EXPECT_EQ(RetryWait(attempt, policy), absl::Seconds(kSeconds[attempt - 1]));
  }
  EXPECT_EQ(RetryWait(30, policy), absl::Seconds(100));
  EXPECT_EQ(policy.max_attempts(), 10);
}

TEST(Settle, ABackoffOfTheShortestWaitsDoesNotOverflow) {
  v1::RetryPolicy policy;
  policy.mutable_backoff()->mutable_initial()->set_nanos(1);
  policy.mutable_backoff()->set_multiplier(10);
  policy.mutable_backoff()->mutable_max()->set_seconds(86'400);
  EXPECT_EQ(RetryWait(30, policy), absl::Hours(24));
}

TEST(Settle, GivesUpWhenAttemptsAreUsedUp) {
  v1::RetryPolicy policy = DefaultPolicy();
  EXPECT_EQ(After(Outcome(Result::TIMED_OUT), 9, policy), "RETRYING in 24h");
  EXPECT_EQ(After(Outcome(Result::TIMED_OUT), 10, policy), "FAILED");
  policy.set_max_attempts(1);
  EXPECT_EQ(After(Outcome(Result::TIMED_OUT), 1, policy), "FAILED");
}

TEST(Settle, AnAbandonedAttemptIsNotSpent) {
  v1::RetryPolicy policy = DefaultPolicy();
  policy.set_max_attempts(1);
  EXPECT_EQ(After(Outcome(Result::CANCELLED), 1, policy), "RETRYING in 0");
}

TEST(Settle, JitterIsAShareOfTheWait) {
  v1::RetryPolicy policy = DefaultPolicy();
  policy.set_jitter(0.5);
  EXPECT_EQ(After(Outcome(Result::TIMED_OUT), 2, policy, absl::ZeroDuration(), 1), "RETRYING in 7m30s");
  EXPECT_EQ(After(Outcome(Result::TIMED_OUT), 2, policy, absl::ZeroDuration(), -1), "RETRYING in 2m30s");
  policy.set_jitter(0);
  EXPECT_EQ(After(Outcome(Result::TIMED_OUT), 2, policy, absl::ZeroDuration(), 1), "RETRYING in 5m");
}

TEST(Settle, HonoursRetryAfterWhenLaterThanTheSchedule) {
  const v1::RetryPolicy policy = DefaultPolicy();
  const Result failed = Outcome(Result::HTTP_FAILED, 429);
  EXPECT_EQ(After(failed, 1, policy, absl::Seconds(90)), "RETRYING in 1m30s");
  EXPECT_EQ(After(failed, 1, policy, absl::Seconds(4)), "RETRYING in 5s");
  EXPECT_EQ(After(failed, 1, policy, absl::Hours(48)), "RETRYING in 24h");
  EXPECT_EQ(After(Outcome(Result::HTTP_FAILED, 404), 1, policy, absl::Seconds(90)), "FAILED");
}

TEST(Settle, NoAttemptStartsLaterThanMaxAge) {
  v1::RetryPolicy policy = DefaultPolicy();
  policy.mutable_max_age()->set_seconds(60);
  const Result failed = Outcome(Result::HTTP_FAILED, 503);
  const absl::Time last = kAccepted + absl::Seconds(55);
  EXPECT_EQ(After(failed, 1, policy, absl::ZeroDuration(), 0, last), "RETRYING in 5s");
  EXPECT_EQ(After(failed, 1, policy, absl::ZeroDuration(), 0, last + absl::Nanoseconds(1)), "FAILED");
  EXPECT_EQ(After(failed, 1, policy, absl::Seconds(60)), "FAILED");
}

TEST(Settle, TheNumberOfAttemptsFollowsTheSchedule) {
  v1::Webhook webhook;
  webhook.mutable_retry_policy()->add_schedule()->set_seconds(1);
  EXPECT_EQ(WithDefaults(webhook).retry_policy().max_attempts(), 2);
  for (int i = 0; i < 29; ++i) webhook.mutable_retry_policy()->add_schedule()->set_seconds(1);
  EXPECT_EQ(WithDefaults(webhook).retry_policy().max_attempts(), 30);
}

}  // namespace
}  // namespace herald
