// A circuit breaker: after 10 failures in a row no attempts begin, so that none is spent on a receiver that is down.
// Then one probes; as long as probes fail the next one waits twice as long, 5 s to 5 min. Any answer closes it.
//
// Time is an argument, on the wall clock, since it outlives a process. Not thread-safe.

#ifndef HERALD_CORE_BREAKER_H_
#define HERALD_CORE_BREAKER_H_

#include <algorithm>

#include "absl/time/time.h"
#include "herald/v1/delivery.pb.h"
#include "herald/v1/webhook.pb.h"

namespace herald {

class Breaker {
 public:
  // How an attempt counts: by its outcome and, when it was answered, its status.
  enum class Effect {
    kAlive,    // the receiver answered, whatever it said
    kFailure,  // 429, 5xx, TIMED_OUT, CONNECTION_FAILED
    kNone,     // nothing was sent, or it was abandoned
  };
  static Effect EffectOf(const v1::InvocationResult& result);

  Breaker() = default;
  // As a former process left it: OPEN until `probe_time`, also when it was HALF_OPEN; or CLOSED, and then it counts
  // failures from none, since what is kept of a webhook's health are failures of every kind.
  Breaker(v1::WebhookHealth::Breaker state, absl::Time probe_time);

  v1::WebhookHealth::Breaker state() const { return state_; }
  int failures() const { return failures_; }
  // While OPEN: when a probe may begin.
  absl::Time probe_time() const { return probe_time_; }

  // While OPEN: probes at `time` instead, if that is earlier.
  void ProbeAt(absl::Time time) { probe_time_ = std::min(probe_time_, time); }

  bool MayBegin(absl::Time now) const;
  // An attempt begins, which may. True: it is the probe; give that back to Ended.
  bool Begin();
  void Ended(Effect effect, bool was_probe, absl::Time now);

 private:
  void Open(absl::Time now);

  v1::WebhookHealth::Breaker state_ = v1::WebhookHealth::CLOSED;
  int failures_ = 0;
  absl::Time probe_time_ = absl::InfinitePast();
  absl::Duration wait_ = absl::ZeroDuration();  // before the latest probe
};

}  // namespace herald

#endif  // HERALD_CORE_BREAKER_H_
