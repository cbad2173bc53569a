// The dispatcher sends what was accepted: a lane per webhook holds some deliveries in memory, sends them, and records
// what came of each.
//
// A new delivery goes straight to its lane while nothing else of the lane waits in the store (lane_doors.h); the rest
// is claimed from the store as the lane drains. Lanes take turns, one delivery a turn, and a lane has a bounded number
// in flight, so a hung receiver fills its own lane and nobody else's. No polling: a lane sleeps until something is due,
// completes or is added.
//
// Enqueued, WebhookChanged and Drain are thread-safe as they say; everything else happens on the dispatcher's own
// loop. A crash at any point loses nothing: what was claimed and not settled is claimed again, and sent again with the
// same webhook-id (at least once).

#ifndef HERALD_ENGINE_DISPATCHER_H_
#define HERALD_ENGINE_DISPATCHER_H_

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "herald/v1/limits.pb.h"
#include "src/base/clock.h"
#include "src/base/random.h"
#include "src/engine/attempt.h"
#include "src/engine/committer.h"
#include "src/engine/first_attempts.h"
#include "src/engine/health_board.h"
#include "src/engine/lane.h"
#include "src/engine/lane_doors.h"
#include "src/engine/loop.h"
#include "src/engine/webhook_registry.h"
#include "src/http/sender.h"
#include "src/store/store.h"

namespace herald {

class Dispatcher final : public Committer::Observer {
 public:
  struct Options {
    int in_flight_max = 1024;           // of all lanes together
    int64_t claim_bytes_max = 4 << 20;  // payloads that one claim brings into memory
    LaneDoors::Options doors;
    bool disable_on_gone = true;                         // DISABLED, GONE, after a 410
    absl::Duration disable_after = absl::Hours(5 * 24);  // DISABLED, FAILING, after failing for so long; 0: never
    std::string owner;                                   // of claims: names this process
  };

  // All of these outlive the dispatcher.
  Dispatcher(Loop& loop, Committer& committer, WebhookRegistry& registry, HttpSender& sender,
             FirstAttempts& first_attempts, HealthBoard& health, const Clock& clock, Random& random,
             const v1::Limits& limits, Options options);

  // Takes up what `store` holds from before. Call once, before the loop runs.
  absl::Status Resume(Store& store);

  // An event was written, or was not, as `status` says. Takes the event out of `enqueue`. On the committer's thread.
  void Enqueued(const absl::Status& status, EnqueueEvent& enqueue);

  // The same of an event that came with another write, which ended so.
  void EnqueuedWith(const absl::Status& status, std::optional<EnqueueEvent>& event);

  // Deliveries of this webhook were cancelled, and these claims on them ended. On the committer's thread.
  void Cancelled(const std::string& tenant, const std::string& uid, std::vector<herald::Claim> claims);

  // Something of this webhook may be due. Thread-safe.
  void Wake(const std::string& tenant, const std::string& uid);

  // The webhook was created, changed or deleted. Thread-safe.
  void WebhookChanged(const std::string& tenant, const std::string& uid);

  // Claims no more; calls `drained` on the loop's thread when nothing is in flight. Thread-safe.
  void Drain(std::function<void()> drained);

  // Deliveries in memory, or about to be. Thread-safe.
  int held() const { return doors_.held(); }

  void BeforeApply(WriteBatch& batch) override;
  void AfterBatch() override;

 private:
  struct Arrival {
    std::string tenant;
    std::string uid;
    HeldDeliveryPtr delivery;  // null: something only in the store became due
  };
  struct ClaimEnd {
    Lane* lane;
    int reserved;
    absl::Status status;
    ClaimDeliveries claim;
  };
  struct SettlementEnd {
    HeldDeliveryPtr delivery;
    absl::Status status;
    SettleDelivery settlement;
  };
  struct Cancellation {
    std::string tenant;
    std::string uid;
    std::vector<herald::Claim> claims;
  };
  // What a batch came to for the lanes, handed over as one.
  struct BatchEnd {
    std::vector<Arrival> arrivals;
    std::vector<ClaimEnd> claims;
    std::vector<SettlementEnd> settlements;
    bool made_room = false;  // in memory, by what was not written
    std::vector<Cancellation> cancellations;

    bool empty() const { return arrivals.empty() && claims.empty() && settlements.empty() && cancellations.empty(); }
  };

  // What a lane claims ahead, in rounds of what it may have in flight. It claims again once half of it is left, since a
  // commit may take as long as the other half.
  static constexpr int kClaimRounds = 6;
  // How soon a write that the store refused is tried again.
  static constexpr absl::Duration kStoreRetry = absl::Seconds(1);

  void Admit(EnqueueEvent& enqueue);

  Lane& LaneOf(const std::string& tenant, const std::string& uid);
  // Its deliveries were cancelled; its lane is forgotten as soon as nothing refers to it.
  void WebhookGone(const std::string& uid);

  void Take(BatchEnd end);
  void Arrive(Arrival arrival);
  void Forget(const Cancellation& cancellation);
  // Does what the lane can do now: asks for a turn, claims, sets its timer.
  void Schedule(Lane& lane);
  bool MaySend(const Lane& lane) const;
  void SetTimer(Lane& lane);
  // When the lane can do something that it cannot do now; InfiniteDuration: when it is told to.
  absl::Duration WaitOf(const Lane& lane) const;
  void TakeTurns();
  int InFlightMax(const Lane& lane) const;

  void Claim(Lane& lane);
  void Claimed(ClaimEnd end);
  // Keeps the last: lanes take turns, so an event that goes to many webhooks is sent to one after the other.
  const ParsedEvent& Parsed(const std::shared_ptr<const v1::Event>& event);
  void Send(const HeldDeliveryPtr& delivery);
  void Sent(const HeldDeliveryPtr& delivery, const HttpExchange& exchange);
  void Settle(const HeldDeliveryPtr& delivery, absl::Duration retry_after);
  void Submit(const HeldDeliveryPtr& delivery, SettleDelivery settlement);
  // Takes in what an attempt says of the receiver.
  void Learn(const HeldDelivery& delivery, const v1::InvocationResult& result);
  void SaveHealth(Lane& lane);
  void Settled(SettlementEnd end);

  // Gives back what is ready and cannot be sent before its lease ends; `all`: whatever its lease.
  void GiveBack(Lane& lane, bool all);
  void Release(const std::string& tenant, const std::string& uid, const herald::Claim& claim);
  // The delivery is no longer in memory.
  void Drop(const HeldDelivery& delivery);
  // Those that wait for room in memory claim while there is some.
  void WakeStarved();
  void ReportDrained();

  Loop& loop_;
  Committer& committer_;
  WebhookRegistry& registry_;
  HttpSender& sender_;
  FirstAttempts& first_attempts_;
  HealthBoard& health_;
  const Clock& clock_;
  Random& random_;
  const v1::Limits limits_;
  const Options options_;
  LaneDoors doors_;

  BatchEnd batch_end_;  // confined to the committer's thread

  // Confined to the loop's thread.
  absl::flat_hash_map<std::string, std::unique_ptr<Lane>> lanes_;  // by uid
  std::deque<Lane*> turns_;
  std::deque<Lane*> starved_;
  std::shared_ptr<const v1::Event> parsed_of_;
  ParsedEvent parsed_;
  int in_flight_ = 0;
  int settling_ = 0;
  std::function<void()> drained_;
};

}  // namespace herald

#endif  // HERALD_ENGINE_DISPATCHER_H_
