// The dispatcher sends what the store holds: a lane per webhook claims due deliveries, sends them, and records what
// came of each.
//
// Lanes take turns, a lane has a bounded number in flight, so one hung receiver fills its own lane and nobody else's.
// Memory is bounded: what is not in flight stays in the store. No polling: a lane sleeps until something is due,
// completes or is added.
//
// Wake is thread-safe; everything else happens on the dispatcher's own loop. A crash at any point loses nothing: what
// was claimed and not settled is claimed again, and sent again with the same webhook-id (at least once).

#ifndef HERALD_ENGINE_DISPATCHER_H_
#define HERALD_ENGINE_DISPATCHER_H_

#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "herald/v1/limits.pb.h"
#include "src/base/clock.h"
#include "src/base/random.h"
#include "src/engine/attempt.h"
#include "src/engine/committer.h"
#include "src/engine/first_attempts.h"
#include "src/engine/loop.h"
#include "src/engine/webhook_registry.h"
#include "src/http/sender.h"
#include "src/store/store.h"

namespace herald {

class Dispatcher {
 public:
  struct Options {
    int in_flight_max = 1024;           // of all lanes together
    int lane_in_flight_max = 32;        // of one lane
    int64_t claim_bytes_max = 4 << 20;  // payloads that one claim brings into memory
    std::string owner;                  // of claims: names this process
  };

  // All of these outlive the dispatcher.
  Dispatcher(Loop& loop, Committer& committer, WebhookRegistry& registry, HttpSender& sender,
             FirstAttempts& first_attempts, const Clock& clock, Random& random, const v1::Limits& limits,
             Options options);

  // Takes up what `store` holds from before. Call once, before the loop runs.
  absl::Status Resume(Store& store);

  // Something of this webhook may be due: deliveries were added, or it has become ACTIVE.
  void Wake(const std::string& tenant, const std::string& uid);

  // Claims no more; calls `drained` on the loop's thread when nothing is in flight.
  void Drain(std::function<void()> drained);

 private:
  struct Lane {
    std::string tenant;
    std::string uid;
    int in_flight = 0;                             // claimed and not settled
    absl::Time next_due = absl::InfiniteFuture();  // of what is in the store, as far as known
    absl::Time timer = absl::InfiniteFuture();     // the earliest timer that is set
    bool queued = false;                           // in turns_
    bool claiming = false;                         // a claim is on its way
    bool woken = false;                            // something was added since that claim was made
  };
  // A claimed delivery while it is sent.
  struct Sending {
    Lane* lane = nullptr;
    WebhookPtr webhook;
    ClaimedDelivery claimed;
    v1::InvocationResult result;
  };
  using SendingPtr = std::shared_ptr<Sending>;

  Lane& LaneOf(const std::string& tenant, const std::string& uid);
  // Its deliveries were cancelled; its lane is forgotten as soon as nothing refers to it.
  void WebhookGone(const std::string& uid);
  // Gives the lane a turn now, or sets its timer, or neither when it cannot send.
  void Schedule(Lane& lane);
  void TakeTurns();
  void Claim(Lane& lane, int count);
  void Claimed(Lane& lane, int asked, const absl::Status& status, ClaimDeliveries& claim);
  void Send(Lane& lane, ClaimedDelivery claimed);
  void Sent(const SendingPtr& sending, const HttpExchange& exchange);
  void Settle(const SendingPtr& sending, absl::Duration retry_after);
  void Submit(const SendingPtr& sending, SettleDelivery settlement);
  void Settled(const SendingPtr& sending, const absl::Status& status, SettleDelivery& settlement);
  void Release(Lane& lane, const herald::Claim& claim);
  // One delivery less in flight.
  void Leave(Lane& lane);

  Loop& loop_;
  Committer& committer_;
  WebhookRegistry& registry_;
  HttpSender& sender_;
  FirstAttempts& first_attempts_;
  const Clock& clock_;
  Random& random_;
  const v1::Limits limits_;
  const Options options_;

  // Confined to the loop's thread.
  absl::flat_hash_map<std::string, std::unique_ptr<Lane>> lanes_;  // by uid
  std::deque<Lane*> turns_;
  int in_flight_ = 0;
  std::function<void()> drained_;
};

}  // namespace herald

#endif  // HERALD_ENGINE_DISPATCHER_H_
