#include <gtest/gtest.h>

#include "google/protobuf/util/message_differencer.h"
#include "src/core/validate.h"
#include "tests/core/webhook_testing.h"

namespace herald {
namespace {

TEST(WithDefaults, FillsInWhatIsUnset) {
  v1::Webhook webhook = SlackWebhook();
  webhook.add_filters()->set_path("$.data");
  webhook.add_response_validators()->set_json_path("$.data");
  *webhook.add_response_validators() = MakeValidator("$.data", "ok");
  webhook.mutable_retry_policy()->set_max_attempts(3);
  const v1::Webhook filled = WithDefaults(webhook);
  EXPECT_EQ(filled.state(), v1::Webhook::ACTIVE);
  EXPECT_EQ(filled.method(), v1::Webhook::POST);
  EXPECT_EQ(filled.signing().scheme(), v1::Signing::HMAC_SHA256);
  EXPECT_EQ(filled.content_type(), "application/json");
  EXPECT_EQ(filled.timeout().seconds(), 10);
  EXPECT_EQ(filled.filters(0).operator_(), v1::Filter::IN);
  EXPECT_EQ(filled.response_validators(0).operator_(), v1::Filter::EXISTS);
  EXPECT_EQ(filled.response_validators(1).operator_(), v1::Filter::IN);
  EXPECT_EQ(filled.retry_policy().schedule_size(), 9);
  EXPECT_EQ(filled.retry_policy().max_attempts(), 3);
  EXPECT_EQ(filled.retry_policy().jitter(), 0.1);
  EXPECT_EQ(filled.retry_policy().max_age().seconds(), 4 * 86'400);
}

TEST(WithDefaults, LeavesWhatIsSet) {
  v1::Webhook webhook = WithDefaults(SlackWebhook());
  webhook.set_state(v1::Webhook::INACTIVE);
  webhook.set_method(v1::Webhook::PUT);
  webhook.set_content_type("text/plain");
  *webhook.mutable_timeout() = Seconds(1);
  webhook.mutable_retry_policy()->clear_schedule();
  *BackoffOf(webhook).mutable_max() = Seconds(7);
  BackoffOf(webhook).set_multiplier(3);
  webhook.mutable_retry_policy()->set_jitter(0);
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(WithDefaults(webhook), webhook));
}

TEST(WithDefaults, ABackoffHasNoSchedule) {
  v1::Webhook webhook = SlackWebhook();
  BackoffOf(webhook);
  const v1::RetryPolicy policy = WithDefaults(webhook).retry_policy();
  EXPECT_EQ(policy.schedule_size(), 0);
  EXPECT_EQ(policy.max_attempts(), 10);
  EXPECT_EQ(policy.backoff().multiplier(), 2);
  EXPECT_EQ(policy.backoff().max().seconds(), 86'400);
}

}  // namespace
}  // namespace herald
