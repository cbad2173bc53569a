#include "src/engine/lane_gate.h"

#include <algorithm>
#include <limits>

#include "src/base/protobuf_time.h"

namespace herald {

LaneGate::LaneGate(const Clock& clock, const v1::WebhookHealth& health)
    : clock_(clock),
      breaker_(health.breaker(), health.has_probe_time() ? FromProto(health.probe_time()) : absl::InfinitePast()),
      health_(health) {
  ShowBreaker();
}

void LaneGate::Use(const v1::Webhook& webhook) {
  if (!webhook.has_rate_limit()) {
    bucket_.reset();
  } else if (!bucket_.has_value()) {
    bucket_.emplace(webhook.rate_limit(), clock_.Monotonic());
  } else if (limit_->requests_per_second() != webhook.rate_limit().requests_per_second() ||
             limit_->burst() != webhook.rate_limit().burst()) {
    bucket_->Change(webhook.rate_limit(), clock_.Monotonic());
  }
  if (webhook.has_rate_limit()) limit_ = webhook.rate_limit();
}

void LaneGate::ProbeNow() {
  breaker_.ProbeAt(clock_.Now());
  ShowBreaker();
}

absl::Duration LaneGate::Wait() const {
  if (breaker_.state() == v1::WebhookHealth::HALF_OPEN) return absl::InfiniteDuration();
  absl::Duration wait = absl::ZeroDuration();
  if (breaker_.state() == v1::WebhookHealth::OPEN) wait = breaker_.probe_time() - clock_.Now();
  if (bucket_.has_value()) wait = std::max(wait, bucket_->NextToken() - clock_.Monotonic());
  return std::max(wait, absl::ZeroDuration());
}

int LaneGate::CountWithin(absl::Duration time) const {
  if (IsProbing()) return 1;
  if (!limit_.has_value() || !bucket_.has_value()) return std::numeric_limits<int>::max();
  return limit_->burst() + static_cast<int>(limit_->requests_per_second() * absl::ToDoubleSeconds(time));
}

bool LaneGate::Begin() {
  if (bucket_.has_value()) bucket_->Take(clock_.Monotonic());
  const bool is_probe = breaker_.Begin();
  ShowBreaker();
  return is_probe;
}

bool LaneGate::Ended(const v1::InvocationResult& result, bool was_probe) {
  const absl::Time now = clock_.Now();
  const v1::WebhookHealth::Breaker breaker_before = breaker_.state();
  const bool failed_before = health_.consecutive_failures() > 0;
  const bool succeeded = result.outcome() == v1::InvocationResult::SUCCEEDED;
  breaker_.Ended(Breaker::EffectOf(result), was_probe, now);
  if (succeeded) {
    health_.set_consecutive_failures(0);
    health_.clear_failing_since();
    *health_.mutable_last_success_time() = ToProto(now);
  } else {
    health_.set_consecutive_failures(health_.consecutive_failures() + 1);
    if (!health_.has_failing_since()) *health_.mutable_failing_since() = ToProto(now);
    *health_.mutable_last_failure_time() = ToProto(now);
  }
  ShowBreaker();
  return breaker_.state() != breaker_before || was_probe || failed_before == succeeded;
}

void LaneGate::Abandoned(bool was_probe) {
  breaker_.Ended(Breaker::Effect::kNone, was_probe, clock_.Now());
  ShowBreaker();
}

void LaneGate::ShowBreaker() {
  health_.set_breaker(breaker_.state());
  health_.clear_probe_time();
  if (breaker_.state() == v1::WebhookHealth::OPEN) *health_.mutable_probe_time() = ToProto(breaker_.probe_time());
}

}  // namespace herald
