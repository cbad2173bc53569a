#include "src/engine/dispatcher.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "src/base/log.h"
#include "src/base/protobuf_time.h"
#include "src/base/status_macros.h"
#include "src/core/errors.h"
#include "src/core/judge.h"
#include "src/core/limits.h"
#include "src/core/names.h"
#include "src/core/settle.h"

namespace herald {
namespace {

// How long a claim is held: longer than the longest exchange, so that nobody else sends while an attempt is under way.
const absl::Duration kLease = kTimeoutMax + absl::Seconds(5) + absl::Seconds(30);
// How soon a refused claim or settlement is tried again.
constexpr absl::Duration kStoreRetry = absl::Seconds(1);
// The wall clock may be set while a lane sleeps: it looks again at least this often.
constexpr absl::Duration kSleepMax = absl::Minutes(1);

std::string MessageId(const v1::Delivery& delivery) { return delivery.name().substr(sizeof("deliveries/") - 1); }

}  // namespace

Dispatcher::Dispatcher(Loop& loop, Committer& committer, WebhookRegistry& registry, HttpSender& sender,
                       FirstAttempts& first_attempts, const Clock& clock, Random& random, const v1::Limits& limits,
                       Options options)
    : loop_(loop),
      committer_(committer),
      registry_(registry),
      sender_(sender),
      first_attempts_(first_attempts),
      clock_(clock),
      random_(random),
      limits_(limits),
      options_(std::move(options)) {}

absl::Status Dispatcher::Resume(Store& store) {
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

void Dispatcher::Wake(const std::string& tenant, const std::string& uid) {
  loop_.Post([this, tenant, uid] {
    if (registry_.FindByUid(tenant, uid) == nullptr) return WebhookGone(uid);
    Lane& lane = LaneOf(tenant, uid);
    lane.woken = lane.claiming;
    lane.next_due = std::min(lane.next_due, clock_.Now());
    Schedule(lane);
    TakeTurns();
  });
}

void Dispatcher::WebhookGone(const std::string& uid) {
  first_attempts_.Gone(uid);
  const auto found = lanes_.find(uid);
  if (found == lanes_.end()) return;
  const Lane& lane = *found->second;
  const bool idle = lane.in_flight == 0 && !lane.claiming && !lane.queued && lane.timer == absl::InfiniteFuture();
  if (idle) {
    lanes_.erase(found);
  } else {
    // Attempts and timers still refer to it.
    loop_.RunAt(clock_.Monotonic() + kSleepMax, [this, uid] { WebhookGone(uid); });
  }
}

void Dispatcher::Drain(std::function<void()> drained) {
  loop_.Post([this, drained = std::move(drained)] {
    drained_ = drained;
    turns_.clear();
    if (in_flight_ == 0) drained_();
  });
}

Dispatcher::Lane& Dispatcher::LaneOf(const std::string& tenant, const std::string& uid) {
  std::unique_ptr<Lane>& lane = lanes_[uid];
  if (lane == nullptr) {
    lane = std::make_unique<Lane>();
    lane->tenant = tenant;
    lane->uid = uid;
  }
  return *lane;
}

void Dispatcher::Schedule(Lane& lane) {
  if (drained_ != nullptr || lane.queued || lane.claiming || lane.in_flight >= options_.lane_in_flight_max) return;
  const WebhookPtr webhook = registry_.FindByUid(lane.tenant, lane.uid);
  if (webhook == nullptr || webhook->webhook().state() != v1::Webhook::ACTIVE) return;  // a change wakes it
  const absl::Duration wait = lane.next_due - clock_.Now();
  if (wait <= absl::ZeroDuration()) {
    lane.queued = true;
    turns_.push_back(&lane);
  } else if (lane.next_due < lane.timer) {
    lane.timer = lane.next_due;
    loop_.RunAt(clock_.Monotonic() + std::min(wait, kSleepMax), [this, &lane] {
      lane.timer = absl::InfiniteFuture();
      Schedule(lane);
      TakeTurns();
    });
  }
}

void Dispatcher::TakeTurns() {
  while (!turns_.empty() && in_flight_ < options_.in_flight_max && drained_ == nullptr) {
    Lane& lane = *turns_.front();
    turns_.pop_front();
    lane.queued = false;
    Claim(lane, std::min(options_.lane_in_flight_max - lane.in_flight, options_.in_flight_max - in_flight_));
  }
}

void Dispatcher::Claim(Lane& lane, int count) {
  lane.claiming = true;
  lane.in_flight += count;
  in_flight_ += count;
  ClaimDeliveries claim;
  claim.tenant = lane.tenant;
  claim.webhook_uid = lane.uid;
  claim.now = clock_.Now();
  claim.lease_end = claim.now + kLease;
  claim.owner = options_.owner;
  claim.count_max = count;
  claim.bytes_max = options_.claim_bytes_max;
  const absl::Status submitted =
      committer_.SubmitOwn(std::move(claim), [this, &lane, count](const absl::Status& status, Write& write) {
        loop_.Post([this, &lane, count, status, claim = std::get<ClaimDeliveries>(std::move(write))]() mutable {
          Claimed(lane, count, status, claim);
        });
      });
  if (!submitted.ok()) {
    ClaimDeliveries none;
    Claimed(lane, count, submitted, none);
  }
}

void Dispatcher::Claimed(Lane& lane, int asked, const absl::Status& status, ClaimDeliveries& claim) {
  lane.claiming = false;
  const absl::Time now = clock_.Now();
  lane.next_due = status.ok() ? claim.next_due : now + kStoreRetry;
  if (std::exchange(lane.woken, false)) lane.next_due = std::min(lane.next_due, now);
  if (!status.ok()) claim.claimed.clear();
  for (ClaimedDelivery& claimed : claim.claimed) Send(lane, std::move(claimed));
  for (int unused = static_cast<int>(claim.claimed.size()); unused < asked; ++unused) Leave(lane);
  Schedule(lane);
  TakeTurns();
}

void Dispatcher::Send(Lane& lane, ClaimedDelivery claimed) {
  const WebhookPtr webhook = registry_.FindByUid(lane.tenant, lane.uid);
  if (webhook == nullptr || webhook->webhook().state() != v1::Webhook::ACTIVE || drained_ != nullptr) {
    return Release(lane, claimed.claim);
  }
  Attempt attempt = BeginAttempt(*webhook, claimed.event, MessageId(claimed.delivery), clock_.Now());
  const SendingPtr sending =
      std::make_shared<Sending>(Sending{&lane, webhook, std::move(claimed), std::move(attempt.result)});
  const int number = sending->claimed.delivery.attempt_count() + 1;
  sending->result.set_name(InvocationName(sending->claimed.claim.delivery, number));
  sending->result.set_event(sending->claimed.delivery.event());
  sending->result.set_delivery(sending->claimed.delivery.name());
  sending->result.set_attempt(number);
  if (!attempt.request.has_value()) return Settle(sending, absl::ZeroDuration());
  sender_.Send(*std::move(attempt.request), [this, sending](HttpExchange exchange) {
    loop_.Post([this, sending, exchange = std::move(exchange)] { Sent(sending, exchange); });
  });
}

void Dispatcher::Sent(const SendingPtr& sending, const HttpExchange& exchange) {
  // A shutdown: the claim stays in the store, and the next start sends again.
  if (exchange.end == HttpExchange::End::kCancelled) return Leave(*sending->lane);
  EndAttempt(*sending->webhook, exchange, limits_, sending->result);
  Settle(sending, RetryAfter(exchange, clock_.Now()));
}

void Dispatcher::Settle(const SendingPtr& sending, absl::Duration retry_after) {
  const absl::Time now = clock_.Now();
  const Settlement next =
      herald::Settle(sending->result, sending->result.attempt(), sending->webhook->webhook().retry_policy(),
                     retry_after, TimeOfSequence(sending->claimed.claim.delivery), now, random_.NextSigned());
  if (next.next_attempt_time.has_value()) {
    *sending->result.mutable_next_attempt_time() = ToProto(*next.next_attempt_time);
  }
  SettleDelivery settlement;
  settlement.tenant = sending->lane->tenant;
  settlement.claim = sending->claimed.claim;
  settlement.state = next.state;
  settlement.next_attempt_time = next.next_attempt_time;
  settlement.result = std::move(sending->result);
  settlement.now = now;
  Submit(sending, std::move(settlement));
}

void Dispatcher::Submit(const SendingPtr& sending, SettleDelivery settlement) {
  const absl::Status submitted =
      committer_.SubmitOwn(std::move(settlement), [this, sending](const absl::Status& status, Write& write) {
        if (status.ok()) first_attempts_.Attempted(sending->claimed.claim.delivery);
        loop_.Post([this, sending, status, settled = std::get<SettleDelivery>(std::move(write))]() mutable {
          Settled(sending, status, settled);
        });
      });
  if (!submitted.ok()) Leave(*sending->lane);
}

void Dispatcher::Settled(const SendingPtr& sending, const absl::Status& status, SettleDelivery& settlement) {
  if (absl::IsUnavailable(status)) {
    // The attempt was made, so its outcome is kept until the store takes it.
    loop_.RunAt(clock_.Monotonic() + kStoreRetry, [this, sending, settlement = std::move(settlement)]() mutable {
      Submit(sending, std::move(settlement));
    });
    return;
  }
  Lane& lane = *sending->lane;
  if (!status.ok()) {
    log::Info("an attempt came home after its claim had ended",
              {{"delivery", sending->claimed.delivery.name()}, {"reason", status.message()}});
  } else {
    log::Debug("attempt", {{"delivery", settlement.result.delivery()},
                           {"event", settlement.result.event()},
                           {"outcome", v1::InvocationResult::Outcome_Name(settlement.result.outcome())}});
    if (settlement.next_attempt_time.has_value()) {
      lane.next_due = std::min(lane.next_due, *settlement.next_attempt_time);
    }
  }
  Leave(lane);
  Schedule(lane);
  TakeTurns();
}

void Dispatcher::Release(Lane& lane, const herald::Claim& claim) {
  const absl::Status submitted =
      committer_.SubmitOwn(ReleaseDelivery{lane.tenant, claim, {}}, [this, &lane](const absl::Status&, Write&) {
        loop_.Post([this, &lane] {
          lane.next_due = std::min(lane.next_due, clock_.Now());
          Leave(lane);
          Schedule(lane);
          TakeTurns();
        });
      });
  if (!submitted.ok()) Leave(lane);
}

void Dispatcher::Leave(Lane& lane) {
  --lane.in_flight;
  --in_flight_;
  if (in_flight_ == 0 && drained_ != nullptr) drained_();
}

}  // namespace herald
