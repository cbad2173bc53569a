// What holds a lane's attempts back: its rate limit and its breaker; and what its attempts say of the receiver's
// health.
//
// Confined to the dispatcher's loop. Monotonic time for the rate, wall time for the breaker.

#ifndef HERALD_ENGINE_LANE_GATE_H_
#define HERALD_ENGINE_LANE_GATE_H_

#include <optional>

#include "absl/time/time.h"
#include "herald/v1/delivery.pb.h"
#include "herald/v1/webhook.pb.h"
#include "src/base/clock.h"
#include "src/core/breaker.h"
#include "src/core/token_bucket.h"

namespace herald {

class LaneGate {
 public:
  // Goes on as `health` says that it was left.
  LaneGate(const Clock& clock, const v1::WebhookHealth& health);

  // The webhook as of now.
  void Use(const v1::Webhook& webhook);

  // An open breaker probes at once.
  void ProbeNow();

  bool MayBegin() const { return Wait() <= absl::ZeroDuration(); }
  // How long until an attempt may begin; InfiniteDuration: until one under way has ended.
  absl::Duration Wait() const;
  // Whether attempts begin only as probes.
  bool IsProbing() const { return breaker_.state() != v1::WebhookHealth::CLOSED; }
  // How many attempts may begin within `time`, at most.
  int CountWithin(absl::Duration time) const;

  // An attempt begins, which may. True: it is a probe; give that back to Ended.
  bool Begin();
  // True: something changed that a restart is not to forget.
  bool Ended(const v1::InvocationResult& result, bool was_probe);
  // An attempt came to nothing, and says nothing.
  void Abandoned(bool was_probe);

  const v1::WebhookHealth& health() const { return health_; }

 private:
  void ShowBreaker();

  const Clock& clock_;
  std::optional<v1::RateLimit> limit_;
  std::optional<TokenBucket> bucket_;
  Breaker breaker_;
  v1::WebhookHealth health_;
};

}  // namespace herald

#endif  // HERALD_ENGINE_LANE_GATE_H_
