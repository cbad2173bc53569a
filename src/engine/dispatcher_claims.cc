// What lanes claim from the store, and give back to it.

#include <algorithm>
#include <utility>

#include "src/engine/dispatcher.h"
#include "src/engine/lease.h"

namespace herald {
namespace {

bool IsSameAttempt(const HeldDelivery& held, const ClaimedDelivery& claimed) {
  return held.attempt_count == claimed.attempt_count && held.open_time == claimed.open_time;
}

}  // namespace

void Dispatcher::Claim(Lane& lane) {
  const int wanted =
      std::min(kClaimRounds * lane.webhook->webhook().max_in_flight(), lane.gate.CountWithin(kClaimAhead)) -
      lane.ready();
  if (wanted <= 0) return;
  const int reserved = doors_.Reserve(lane.uid, wanted);
  if (reserved == 0) {
    lane.starved = true;
    starved_.push_back(&lane);
    return;
  }
  lane.claiming = true;
  ClaimDeliveries claim;
  claim.tenant = lane.tenant;
  claim.webhook_uid = lane.uid;
  claim.now = clock_.Now();
  claim.lease_end = claim.now + Lease();
  claim.owner = options_.owner;
  claim.count_max = reserved;
  claim.bytes_max = options_.claim_bytes_max;
  const absl::Status submitted =
      committer_.SubmitOwn(std::move(claim), [this, &lane, reserved](const absl::Status& status, Write& write) {
        ClaimDeliveries& done = std::get<ClaimDeliveries>(write);
        doors_.EndClaim(done.webhook_uid, status.ok() && done.next_due > done.now);
        batch_end_.claims.push_back({&lane, reserved, status, std::move(done)});
      });
  if (!submitted.ok()) Claimed({&lane, reserved, submitted, {}});
}

void Dispatcher::Claimed(ClaimEnd end) {
  Lane& lane = *end.lane;
  lane.claiming = false;
  const absl::Time now = clock_.Now();
  lane.next_due = end.status.ok() ? end.claim.next_due : now + kStoreRetry;
  if (std::exchange(lane.woken, false)) lane.next_due = std::min(lane.next_due, now);
  if (!end.status.ok()) end.claim.claimed.clear();
  int count = 0;
  int64_t bytes = 0;
  for (ClaimedDelivery& claimed : end.claim.claimed) {
    const auto held_before = lane.held.find(claimed.claim.delivery);
    if (held_before != lane.held.end() && IsSameAttempt(*held_before->second, claimed)) {
      // Its lease had ended by a clock that was set; the new claim is ours as well.
      held_before->second->claim = claimed.claim;
      held_before->second->lease_end = end.claim.lease_end;
      continue;
    }
    // It went on without us: the attempt before this one is recorded, though the store could not tell and it is still
    // to be settled here; or it was cancelled and opened again.
    if (held_before != lane.held.end()) lane.held.erase(held_before);
    ++count;
    bytes += static_cast<int64_t>(claimed.event.data_json().size());
    HeldDelivery held{&lane,
                      claimed.claim,
                      end.claim.lease_end,
                      claimed.attempt_count,
                      claimed.attempts_former,
                      claimed.open_time,
                      std::make_shared<const v1::Event>(std::move(claimed.event)),
                      nullptr,
                      {}};
    lane.Hold(std::make_shared<HeldDelivery>(std::move(held)));
  }
  doors_.Filled(lane.uid, end.reserved, count, bytes);
  Schedule(lane);
  WakeStarved();
}

void Dispatcher::GiveBack(Lane& lane, bool all) {
  const absl::Time now = clock_.Now();
  const auto in_time = [&](const HeldDelivery& delivery) { return !all && now <= LastMoment(delivery, *lane.webhook); };
  for (std::deque<HeldDeliveryPtr>* const ready : {&lane.first_attempts, &lane.retries}) {
    while (!ready->empty() && !in_time(*ready->front())) {
      const HeldDeliveryPtr delivery = std::move(ready->front());
      ready->pop_front();
      doors_.Shut(lane.uid);
      if (lane.webhook != nullptr) Release(lane.tenant, lane.uid, delivery->claim);
      Drop(*delivery);
    }
  }
}

void Dispatcher::Release(const std::string& tenant, const std::string& uid, const herald::Claim& claim) {
  committer_
      .SubmitOwn(ReleaseDelivery{tenant, claim, {}},
                 [this, tenant, uid, claim](const absl::Status& status, Write&) {
                   if (absl::IsUnavailable(status)) {
                     loop_.Post([this, tenant, uid, claim] {
                       loop_.RunAt(clock_.Monotonic() + kStoreRetry,
                                   [this, tenant, uid, claim] { Release(tenant, uid, claim); });
                     });
                   } else {
                     batch_end_.arrivals.push_back({tenant, uid, nullptr});
                   }
                 })
      .IgnoreError();  // stopped: the next start finds it
}

void Dispatcher::Drop(const HeldDelivery& delivery) {
  Lane& lane = *delivery.lane;
  const auto held = lane.held.find(delivery.claim.delivery);
  if (held != lane.held.end() && held->second.get() == &delivery) lane.held.erase(held);
  doors_.Left(lane.uid, 1, delivery.bytes());
  WakeStarved();
}

void Dispatcher::WakeStarved() {
  // Not only one: it may have nothing to claim any more.
  while (!starved_.empty() && doors_.held() < options_.doors.held_max) {
    Lane& waiting = *starved_.front();
    starved_.pop_front();
    waiting.starved = false;
    Schedule(waiting);
  }
}

}  // namespace herald
