// The state machine of a delivery: delivery + attempt + policy + now + jitter -> next state. Pure functions.
//
//   SUCCEEDED                                              -> SUCCEEDED
//   CANCELLED (abandoned: it spends no attempt)            -> RETRYING, due at once
//   not retryable, attempts used up, or the wait ends
//     later than max_age after acceptance                  -> FAILED
//   else                                                   -> RETRYING after the schedule's wait with its jitter, or
//                                                             after Retry-After (at most 24 h), whichever is later

#ifndef HERALD_CORE_SETTLE_H_
#define HERALD_CORE_SETTLE_H_

#include <optional>

#include "absl/time/time.h"
#include "herald/v1/delivery.pb.h"
#include "herald/v1/webhook.pb.h"

namespace herald {

struct Settlement {
  v1::Delivery::State state = v1::Delivery::FAILED;
  std::optional<absl::Time> next_attempt_time;  // set exactly when RETRYING
};

// `attempt` is the number of the attempt just made, `result` its outcome (and response status), `retry_after` what the
// answer asked for (zero: nothing), `accepted` when the event was accepted, `jitter` in [-1, 1]. `policy` has its
// defaults.
Settlement Settle(const v1::InvocationResult& result, int attempt, const v1::RetryPolicy& policy,
                  absl::Duration retry_after, absl::Time accepted, absl::Time now, double jitter);

// Whether `policy` tries again after an attempt that ended so.
bool IsRetryable(const v1::InvocationResult& result, const v1::RetryPolicy& policy);

// The wait before attempt `attempt` + 1, without jitter.
absl::Duration RetryWait(int attempt, const v1::RetryPolicy& policy);

}  // namespace herald

#endif  // HERALD_CORE_SETTLE_H_
