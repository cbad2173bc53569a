#include "src/core/settle.h"

#include <algorithm>
#include <cmath>

#include "absl/algorithm/container.h"
#include "src/base/protobuf_time.h"
#include "src/core/limits.h"

namespace herald {
namespace {

bool IsRetryableByDefault(int status) {
  constexpr int kStatuses[] = {408, 409, 425, 429};
  return absl::c_linear_search(kStatuses, status) || (status >= 500 && status <= 599 && status != 501);
}

bool IsRetryableStatus(int status, const v1::RetryPolicy& policy) {
  if (absl::c_linear_search(policy.final_statuses(), status)) return false;
  return absl::c_linear_search(policy.retryable_statuses(), status) || IsRetryableByDefault(status);
}

absl::Duration BackoffWait(int attempt, const v1::RetryPolicy::Backoff& backoff) {
  const absl::Duration initial = FromProto(backoff.initial());
  const absl::Duration max = FromProto(backoff.max());
  const double factor = std::pow(backoff.multiplier(), attempt - 1);
  return factor >= absl::FDivDuration(max, initial) ? max : initial * factor;
}

Settlement Closed(v1::Delivery::State state) { return {.state = state, .next_attempt_time = std::nullopt}; }
Settlement RetryAt(absl::Time time) { return {.state = v1::Delivery::RETRYING, .next_attempt_time = time}; }

}  // namespace

Settlement Settle(const v1::InvocationResult& result, int attempt, const v1::RetryPolicy& policy,
                  absl::Duration retry_after, absl::Time accepted, absl::Time now, double jitter) {
  if (result.outcome() == v1::InvocationResult::SUCCEEDED) return Closed(v1::Delivery::SUCCEEDED);
  if (result.outcome() == v1::InvocationResult::CANCELLED) return RetryAt(now);
  if (!IsRetryable(result, policy) || attempt >= policy.max_attempts()) return Closed(v1::Delivery::FAILED);
  const absl::Duration wait = RetryWait(attempt, policy) * (1 + jitter * policy.jitter());
  const absl::Time next = now + std::max(wait, std::min(retry_after, kRetryWaitMax));
  return next > accepted + FromProto(policy.max_age()) ? Closed(v1::Delivery::FAILED) : RetryAt(next);
}

bool IsRetryable(const v1::InvocationResult& result, const v1::RetryPolicy& policy) {
  switch (result.outcome()) {
    case v1::InvocationResult::HTTP_FAILED:
      return IsRetryableStatus(result.response().status_code(), policy);
    case v1::InvocationResult::VALIDATION_FAILED:
      return policy.retry_validation_failures();
    case v1::InvocationResult::TIMED_OUT:
    case v1::InvocationResult::CONNECTION_FAILED:
    case v1::InvocationResult::BLOCKED:
    case v1::InvocationResult::RENDER_FAILED:
    case v1::InvocationResult::CANCELLED:
      return true;
    default:
      return false;
  }
}

absl::Duration RetryWait(int attempt, const v1::RetryPolicy& policy) {
  if (policy.has_backoff()) return BackoffWait(attempt, policy.backoff());
  if (policy.schedule().empty()) return kRetryWaitMax;
  return FromProto(policy.schedule(std::min(attempt, policy.schedule_size()) - 1));
}

}  // namespace herald
