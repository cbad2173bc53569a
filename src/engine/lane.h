// The deliveries of one webhook that are in memory, and when the lane may act again. Confined to the dispatcher's loop.

#ifndef HERALD_ENGINE_LANE_H_
#define HERALD_ENGINE_LANE_H_

#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "src/engine/lane_gate.h"
#include "src/engine/webhook_registry.h"
#include "src/store/store.h"

namespace herald {

struct Lane;

// A delivery in memory: claimed, then sent, then settled.
struct HeldDelivery {
  Lane* lane = nullptr;
  Claim claim;
  absl::Time lease_end;
  int attempt_count = 0;    // before this attempt
  int attempts_former = 0;  // of these, those that its policy does not count
  absl::Time open_time;     // since when its policy counts
  std::shared_ptr<const v1::Event> event;
  WebhookPtr webhook;           // as it was when the attempt began
  v1::InvocationResult result;  // of this attempt
  bool is_probe = false;        // of the breaker

  int64_t bytes() const { return static_cast<int64_t>(event->data_json().size()); }
};
using HeldDeliveryPtr = std::shared_ptr<HeldDelivery>;

struct Lane {
  Lane(std::string tenant_name, std::string webhook_uid, const Clock& clock, const v1::WebhookHealth& health)
      : tenant(std::move(tenant_name)), uid(std::move(webhook_uid)), gate(clock, health) {}

  const std::string tenant;
  const std::string uid;
  LaneGate gate;
  WebhookPtr webhook;  // as of the last change; null: it is gone

  // All that is in memory, and of it what is still to be sent: first attempts and retries, each in order.
  absl::flat_hash_map<Sequence, HeldDeliveryPtr> held;
  std::deque<HeldDeliveryPtr> first_attempts;
  std::deque<HeldDeliveryPtr> retries;
  int first_attempts_in_a_row = 0;
  int in_flight = 0;  // being sent
  int settling = 0;   // sent, and not yet recorded

  absl::Time next_due = absl::InfiniteFuture();     // of what is only in the store, as far as known
  absl::Duration timer = absl::InfiniteDuration();  // the earliest timer that is set, on the monotonic clock
  absl::Time health_saved = absl::InfinitePast();
  bool queued = false;    // waits for its turn to send
  bool starved = false;   // waits for memory to claim into
  bool claiming = false;  // a claim is on its way
  bool woken = false;     // something became due since that claim was made

  bool IsActive() const { return webhook != nullptr && webhook->webhook().state() == v1::Webhook::ACTIVE; }
  bool IsIdle() const {
    return held.empty() && in_flight == 0 && settling == 0 && !queued && !starved && !claiming &&
           timer == absl::InfiniteDuration();
  }
  int ready() const { return static_cast<int>(first_attempts.size() + retries.size()); }

  void Hold(HeldDeliveryPtr delivery);
  // Takes what is to be sent next out of what is ready, of which there is some. First attempts go before retries, but
  // never more than three while a retry waits.
  HeldDeliveryPtr TakeReady();
  // Takes what `claim` is of out of what is ready; null when it is not there, or no longer by this claim.
  HeldDeliveryPtr TakeReady(const Claim& claim);
};

}  // namespace herald

#endif  // HERALD_ENGINE_LANE_H_
