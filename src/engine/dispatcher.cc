#include "src/engine/dispatcher.h"

#include <algorithm>
#include <utility>

#include "src/base/protobuf_time.h"
#include "src/base/status_macros.h"
#include "src/core/errors.h"
#include "src/engine/lease.h"

namespace herald {
namespace {

// The wall clock may be set while a lane sleeps: it looks again at least this often.
constexpr absl::Duration kSleepMax = absl::Minutes(1);
// Attempts of a lane whose outcomes are not recorded yet: they would be made again after a crash.
constexpr int kSettlingMax = 256;

// How long before attempts may begin a lane claims for them.
absl::Duration AheadOf(const Lane& lane) { return lane.gate.IsProbing() ? absl::ZeroDuration() : kClaimAhead; }

}  // namespace

Dispatcher::Dispatcher(Loop& loop, Committer& committer, WebhookRegistry& registry, HttpSender& sender,
                       FirstAttempts& first_attempts, HealthBoard& health, const Clock& clock, Random& random,
                       const v1::Limits& limits, Options options)
    : loop_(loop),
      committer_(committer),
      registry_(registry),
      sender_(sender),
      first_attempts_(first_attempts),
      health_(health),
      clock_(clock),
      random_(random),
      limits_(limits),
      options_(std::move(options)),
      doors_(options_.doors) {
  committer_.Observe(*this);
}

absl::Status Dispatcher::Resume(Store& store) {
  HERALD_ASSIGN_OR_RETURN(const std::vector<StoredHealth> health, store.LoadHealth());
  for (const StoredHealth& one : health) health_.Set(one.webhook_uid, one.health);
  HERALD_ASSIGN_OR_RETURN(const std::vector<OpenLane> open, store.LoadOpenLanes());
  loop_.Post([this, open] {
    for (const OpenLane& one : open) {
      Lane& lane = LaneOf(one.tenant, one.webhook_uid);
      lane.next_due = std::min(lane.next_due, one.next_due);
      Schedule(lane);
    }
    TakeTurns();
  });
  return absl::OkStatus();
}

// ---- On the committer's thread

void Dispatcher::BeforeApply(WriteBatch& batch) {
  for (Write& write : batch) {
    if (auto* const enqueue = std::get_if<EnqueueEvent>(&write)) {
      Admit(*enqueue);
    } else if (const auto* const claim = std::get_if<ClaimDeliveries>(&write)) {
      doors_.BeginClaim(claim->webhook_uid);
    } else if (auto* const settle = std::get_if<SettleDelivery>(&write); settle != nullptr && settle->event) {
      Admit(*settle->event);
    } else if (auto* const replace = std::get_if<ReplaceWebhook>(&write); replace != nullptr && replace->event) {
      Admit(*replace->event);
    }
  }
}

void Dispatcher::Admit(EnqueueEvent& enqueue) {
  enqueue.owner = options_.owner;
  enqueue.lease_end = clock_.Now() + Lease();
  const auto bytes = static_cast<int64_t>(enqueue.event.data_json().size());
  for (EnqueueEvent::Target& target : enqueue.targets) target.claim = doors_.Admit(target.webhook_uid, bytes);
}

void Dispatcher::EnqueuedWith(const absl::Status& status, std::optional<EnqueueEvent>& event) {
  if (event.has_value()) Enqueued(status.ok() ? event->status : status, *event);
}

void Dispatcher::Enqueued(const absl::Status& status, EnqueueEvent& enqueue) {
  const bool unknown = ReasonOf(status) == v1::OUTCOME_UNKNOWN;
  const auto bytes = static_cast<int64_t>(enqueue.event.data_json().size());
  // What was refused stays whole: it may be tried again.
  std::shared_ptr<const v1::Event> event;
  if (status.ok()) event = std::make_shared<const v1::Event>(std::move(enqueue.event));
  for (const EnqueueEvent::Target& target : enqueue.targets) {
    const herald::Claim claim{target.delivery, target.token};
    if (status.ok() && target.token != 0) {
      const absl::Time accepted = TimeOfSequence(target.delivery);
      HeldDelivery held{nullptr, claim, enqueue.lease_end, 0, 0, accepted, event, nullptr, {}};
      batch_end_.arrivals.push_back(
          {enqueue.tenant, target.webhook_uid, std::make_shared<HeldDelivery>(std::move(held))});
      continue;
    }
    if (target.claim) {
      doors_.Left(target.webhook_uid, 1, bytes);
      batch_end_.made_room = true;
    }
    if (status.ok() && !target.claim && target.delivery != 0)
      batch_end_.arrivals.push_back({enqueue.tenant, target.webhook_uid, nullptr});
    if (!unknown) continue;
    // It may have been written, and then only the store has it.
    doors_.Shut(target.webhook_uid);
    if (target.token != 0) {
      Release(enqueue.tenant, target.webhook_uid, claim);
    } else {
      batch_end_.arrivals.push_back({enqueue.tenant, target.webhook_uid, nullptr});
    }
  }
}

void Dispatcher::Cancelled(const std::string& tenant, const std::string& uid, std::vector<herald::Claim> claims) {
  for (const herald::Claim& claim : claims) first_attempts_.Attempted(claim.delivery);
  batch_end_.cancellations.push_back({tenant, uid, std::move(claims)});
}

void Dispatcher::AfterBatch() {
  if (batch_end_.empty() && !batch_end_.made_room) return;
  loop_.Post([this, end = std::make_shared<BatchEnd>(std::exchange(batch_end_, {}))] { Take(std::move(*end)); });
}

// ---- Threads of others

void Dispatcher::Wake(const std::string& tenant, const std::string& uid) {
  loop_.Post([this, tenant, uid] {
    Arrive({tenant, uid, nullptr});
    TakeTurns();
  });
}

void Dispatcher::WebhookChanged(const std::string& tenant, const std::string& uid) {
  const WebhookPtr webhook = registry_.FindByUid(tenant, uid);
  if (webhook == nullptr || webhook->webhook().state() != v1::Webhook::ACTIVE) doors_.Shut(uid);
  loop_.Post([this, tenant, uid] {
    const WebhookPtr latest = registry_.FindByUid(tenant, uid);
    if (latest == nullptr) return WebhookGone(uid);
    Lane& lane = LaneOf(tenant, uid);
    if (lane.webhook != latest) lane.gate.ProbeNow();  // what was changed may be what was wrong
    lane.webhook = latest;
    lane.gate.Use(latest->webhook());
    Arrive({tenant, uid, nullptr});
    TakeTurns();
  });
}

void Dispatcher::Drain(std::function<void()> drained) {
  loop_.Post([this, drained = std::move(drained)] {
    drained_ = drained;
    turns_.clear();
    ReportDrained();
  });
}

// ---- On the loop's thread

Lane& Dispatcher::LaneOf(const std::string& tenant, const std::string& uid) {
  std::unique_ptr<Lane>& lane = lanes_[uid];
  if (lane == nullptr) {
    lane = std::make_unique<Lane>(tenant, uid, clock_, health_.Get(uid));
    lane->webhook = registry_.FindByUid(tenant, uid);
    if (lane->webhook != nullptr) lane->gate.Use(lane->webhook->webhook());
  }
  return *lane;
}

void Dispatcher::WebhookGone(const std::string& uid) {
  first_attempts_.Gone(uid);
  health_.Forget(uid);
  const auto found = lanes_.find(uid);
  if (found == lanes_.end()) return doors_.Forget(uid);
  Lane& lane = *found->second;
  lane.webhook = nullptr;
  GiveBack(lane, /*all=*/true);
  if (lane.IsIdle()) {
    lanes_.erase(found);
    doors_.Forget(uid);
  } else {
    // Attempts and timers still refer to it.
    loop_.RunAt(clock_.Monotonic() + kSleepMax, [this, uid] { WebhookGone(uid); });
  }
}

void Dispatcher::Take(BatchEnd end) {
  for (Arrival& arrival : end.arrivals) Arrive(std::move(arrival));
  for (ClaimEnd& claim : end.claims) Claimed(std::move(claim));
  for (SettlementEnd& settlement : end.settlements) Settled(std::move(settlement));
  // After all else: what was cancelled may have arrived with the same batch.
  for (const Cancellation& cancellation : end.cancellations) Forget(cancellation);
  if (end.made_room) WakeStarved();
  TakeTurns();
}

void Dispatcher::Arrive(Arrival arrival) {
  Lane& lane = LaneOf(arrival.tenant, arrival.uid);
  if (arrival.delivery != nullptr) {
    lane.Hold(std::move(arrival.delivery));
  } else {
    lane.woken = lane.claiming;
    lane.next_due = std::min(lane.next_due, clock_.Now());
  }
  Schedule(lane);
}

void Dispatcher::Forget(const Cancellation& cancellation) {
  Lane& lane = LaneOf(cancellation.tenant, cancellation.uid);
  for (const herald::Claim& claim : cancellation.claims) {
    if (const HeldDeliveryPtr delivery = lane.TakeReady(claim); delivery != nullptr) Drop(*delivery);
  }
  Arrive({cancellation.tenant, cancellation.uid, nullptr});  // the next of a key may be due
}

void Dispatcher::Schedule(Lane& lane) {
  if (drained_ != nullptr) return;
  if (!lane.IsActive()) return GiveBack(lane, /*all=*/true);  // a change wakes it
  const absl::Duration held_back = lane.gate.Wait();
  GiveBack(lane, /*all=*/lane.gate.IsProbing() && held_back > absl::ZeroDuration());
  if (!lane.queued && MaySend(lane)) {
    lane.queued = true;
    turns_.push_back(&lane);
  }
  const bool runs_dry = lane.ready() < kClaimRounds / 2 * lane.webhook->webhook().max_in_flight();
  const bool may_claim = !lane.claiming && !lane.starved && held_back <= AheadOf(lane);
  if (may_claim && runs_dry && lane.next_due <= clock_.Now()) Claim(lane);
  SetTimer(lane);
}

bool Dispatcher::MaySend(const Lane& lane) const {
  const int in_flight_max = lane.webhook->webhook().max_in_flight();
  return lane.ready() > 0 && lane.in_flight < in_flight_max &&
         lane.in_flight + lane.settling < in_flight_max + kSettlingMax && lane.gate.MayBegin();
}

absl::Duration Dispatcher::WaitOf(const Lane& lane) const {
  const absl::Time now = clock_.Now();
  const absl::Duration held_back = lane.gate.Wait();
  const absl::Duration until_claim = std::max(lane.next_due - now, held_back - AheadOf(lane));
  // What can be claimed now will be when the lane runs dry.
  absl::Duration wait = until_claim > absl::ZeroDuration() ? until_claim : absl::InfiniteDuration();
  for (const std::deque<HeldDeliveryPtr>* const ready : {&lane.first_attempts, &lane.retries}) {
    if (ready->empty()) continue;
    if (held_back > absl::ZeroDuration()) wait = std::min(wait, held_back);
    // A nanosecond past the last moment to send it, it is given back.
    wait = std::min(wait, LastMoment(*ready->front(), *lane.webhook) - now + absl::Nanoseconds(1));
  }
  return wait;
}

void Dispatcher::SetTimer(Lane& lane) {
  const absl::Duration wait = WaitOf(lane);
  if (wait == absl::InfiniteDuration()) return;
  const absl::Duration at = clock_.Monotonic() + std::min(wait, kSleepMax);
  if (at >= lane.timer) return;
  lane.timer = at;
  loop_.RunAt(at, [this, uid = lane.uid, at] {
    const auto found = lanes_.find(uid);
    if (found == lanes_.end()) return;  // an earlier timer was the last that kept it
    if (found->second->timer == at) found->second->timer = absl::InfiniteDuration();
    Schedule(*found->second);
    TakeTurns();
  });
}

int Dispatcher::InFlightMax(const Lane& lane) const {
  const int own = lane.webhook->webhook().max_in_flight();
  // Rounded up: two lanes that have their half leave room for nobody, so no turn goes round and round.
  return turns_.empty() ? own : std::min(own, (options_.in_flight_max + 1) / 2);
}

void Dispatcher::TakeTurns() {
  while (!turns_.empty() && in_flight_ < options_.in_flight_max && drained_ == nullptr) {
    Lane& lane = *turns_.front();
    turns_.pop_front();
    lane.queued = false;
    if (lane.IsActive() && MaySend(lane) && lane.in_flight < InFlightMax(lane)) Send(lane.TakeReady());
    Schedule(lane);
  }
}

void Dispatcher::ReportDrained() {
  if (drained_ != nullptr && in_flight_ == 0 && settling_ == 0) drained_();
}

}  // namespace herald
