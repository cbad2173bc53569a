#include <algorithm>
#include <cmath>

#include "src/base/protobuf_time.h"
#include "src/core/limits.h"
#include "src/core/validate.h"

namespace herald {
namespace {

void SetDefaultSchedule(v1::RetryPolicy& policy) {
  constexpr int kSeconds[] = {5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400};
  for (const int seconds : kSeconds) policy.add_schedule()->set_seconds(seconds);
}

int DefaultAttempts(const v1::RetryPolicy& policy) {
  constexpr int kWithBackoff = 10;
  return policy.has_backoff() ? kWithBackoff : std::min(policy.schedule_size() + 1, kAttemptsMax);
}

void SetDefaults(v1::RetryPolicy::Backoff& backoff) {
  if (backoff.multiplier() == 0) backoff.set_multiplier(2);
  if (!backoff.has_max()) *backoff.mutable_max() = ToProto(kRetryWaitMax);
}

void SetDefaults(v1::RetryPolicy& policy) {
  if (policy.has_backoff()) SetDefaults(*policy.mutable_backoff());
  if (!policy.has_backoff() && policy.schedule().empty()) SetDefaultSchedule(policy);
  if (policy.max_attempts() == 0) policy.set_max_attempts(DefaultAttempts(policy));
  if (!policy.has_jitter()) policy.set_jitter(0.1);
  if (!policy.has_max_age()) *policy.mutable_max_age() = ToProto(kMaxAgeDefault);
}

void SetDefault(v1::ResponseValidator& validator) {
  if (validator.operator_() != v1::Filter::OPERATOR_UNSPECIFIED) return;
  validator.set_operator_(validator.expected_values().empty() ? v1::Filter::EXISTS : v1::Filter::IN);
}

void SetDefault(v1::Authentication::OAuth2ClientCredentials& client) {
  using OAuth2 = v1::Authentication::OAuth2ClientCredentials;
  if (client.client_authentication() != OAuth2::CLIENT_AUTHENTICATION_UNSPECIFIED) return;
  client.set_client_authentication(OAuth2::BASIC_HEADER);
}

}  // namespace

v1::Webhook WithDefaults(v1::Webhook webhook) {
  if (webhook.state() == v1::Webhook::STATE_UNSPECIFIED) webhook.set_state(v1::Webhook::ACTIVE);
  if (webhook.method() == v1::Webhook::METHOD_UNSPECIFIED) webhook.set_method(v1::Webhook::POST);
  if (webhook.content_type().empty()) webhook.set_content_type("application/json");
  if (webhook.has_rate_limit() && webhook.rate_limit().burst() == 0) {
    webhook.mutable_rate_limit()->set_burst(static_cast<int>(std::ceil(webhook.rate_limit().requests_per_second())));
  }
  if (webhook.max_in_flight() == 0) webhook.set_max_in_flight(kMaxInFlightDefault);
  if (!webhook.has_timeout()) *webhook.mutable_timeout() = ToProto(kTimeoutDefault);
  SetDefaults(*webhook.mutable_retry_policy());
  if (webhook.signing().scheme() == v1::Signing::SCHEME_UNSPECIFIED) {
    webhook.mutable_signing()->set_scheme(v1::Signing::HMAC_SHA256);
  }
  if (webhook.authentication().has_oauth2()) SetDefault(*webhook.mutable_authentication()->mutable_oauth2());
  for (v1::Filter& filter : *webhook.mutable_filters()) {
    if (filter.operator_() == v1::Filter::OPERATOR_UNSPECIFIED) filter.set_operator_(v1::Filter::IN);
  }
  for (v1::ResponseValidator& validator : *webhook.mutable_response_validators()) SetDefault(validator);
  return webhook;
}

}  // namespace herald
