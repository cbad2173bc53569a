#include "src/core/token_bucket.h"

#include <algorithm>
#include <cmath>

namespace herald {
namespace {

// Rounded up, so that the rate is never passed.
absl::Duration IntervalOf(const v1::RateLimit& limit) {
  return absl::Nanoseconds(std::ceil(1e9 / limit.requests_per_second()));
}

}  // namespace

TokenBucket::TokenBucket(const v1::RateLimit& limit, absl::Duration now)
    : burst_(limit.burst()), interval_(IntervalOf(limit)) {
  const absl::Duration missing = burst_ * interval_ - absl::Seconds(1);
  full_at_ = now + std::max(missing, absl::ZeroDuration());
}

void TokenBucket::Change(const v1::RateLimit& limit, absl::Duration now) {
  const double taken = std::max(absl::FDivDuration(full_at_ - now, interval_), 0.0);
  const int former_burst = burst_;
  burst_ = limit.burst();
  interval_ = IntervalOf(limit);
  // What is there stays there, as far as the new bucket holds it.
  const double there = std::clamp(former_burst - taken, -1.0 * former_burst, 1.0 * burst_);
  full_at_ = now + (burst_ - there) * interval_;
}

void TokenBucket::Take(absl::Duration now) { full_at_ = std::max(full_at_, now) + interval_; }

}  // namespace herald
