#include "src/core/breaker.h"

#include <algorithm>

namespace herald {
namespace {

constexpr int kFailuresMax = 10;
constexpr absl::Duration kWaitMin = absl::Seconds(5);
constexpr absl::Duration kWaitMax = absl::Minutes(5);

}  // namespace

Breaker::Effect Breaker::EffectOf(const v1::InvocationResult& result) {
  switch (result.outcome()) {
    case v1::InvocationResult::TIMED_OUT:
    case v1::InvocationResult::CONNECTION_FAILED:
      return Effect::kFailure;
    case v1::InvocationResult::HTTP_FAILED: {
      const int status = result.response().status_code();
      return status == 429 || status >= 500 ? Effect::kFailure : Effect::kAlive;
    }
    case v1::InvocationResult::SUCCEEDED:
    case v1::InvocationResult::VALIDATION_FAILED:
      return Effect::kAlive;
    default:
      return Effect::kNone;
  }
}

Breaker::Breaker(v1::WebhookHealth::Breaker state, absl::Time probe_time) {
  if (state != v1::WebhookHealth::OPEN && state != v1::WebhookHealth::HALF_OPEN) return;
  state_ = v1::WebhookHealth::OPEN;
  probe_time_ = probe_time;
}

bool Breaker::MayBegin(absl::Time now) const {
  return state_ == v1::WebhookHealth::CLOSED || (state_ == v1::WebhookHealth::OPEN && now >= probe_time_);
}

bool Breaker::Begin() {
  if (state_ != v1::WebhookHealth::OPEN) return false;
  state_ = v1::WebhookHealth::HALF_OPEN;
  return true;
}

void Breaker::Ended(Effect effect, bool was_probe, absl::Time now) {
  if (effect == Effect::kAlive) {
    *this = Breaker();
  } else if (effect == Effect::kFailure) {
    ++failures_;
    // Those that began before it opened tell nothing new.
    if (was_probe || (state_ == v1::WebhookHealth::CLOSED && failures_ >= kFailuresMax)) Open(now);
  } else if (was_probe && state_ == v1::WebhookHealth::HALF_OPEN) {
    state_ = v1::WebhookHealth::OPEN;  // another may probe at once
    probe_time_ = now;
  }
}

void Breaker::Open(absl::Time now) {
  wait_ = std::clamp(wait_ * 2, kWaitMin, kWaitMax);
  state_ = v1::WebhookHealth::OPEN;
  probe_time_ = now + wait_;
}

}  // namespace herald
