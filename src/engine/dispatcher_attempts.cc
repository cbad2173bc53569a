// The way of one delivery through the dispatcher: sent, judged, settled.

#include <algorithm>
#include <utility>

#include "src/base/log.h"
#include "src/base/protobuf_time.h"
#include "src/core/judge.h"
#include "src/core/names.h"
#include "src/core/settle.h"
#include "src/engine/dispatcher.h"
#include "src/engine/own_events.h"

namespace herald {
namespace {

// How old the stored health may be, beside what a restart is not to forget.
constexpr absl::Duration kHealthAgeMax = absl::Seconds(30);
constexpr int kGone = 410;

}  // namespace

const ParsedEvent& Dispatcher::Parsed(const std::shared_ptr<const v1::Event>& event) {
  if (parsed_of_ != event) {
    parsed_ = ParsedEvent(*event);
    parsed_of_ = event;
  }
  return parsed_;
}

void Dispatcher::Send(const HeldDeliveryPtr& delivery) {
  delivery->webhook = delivery->lane->webhook;
  const std::string name = DeliveryName(delivery->claim.delivery);
  Attempt attempt = BeginAttempt(*delivery->webhook, Parsed(delivery->event),
                                 absl::string_view(name).substr(sizeof("deliveries/") - 1), clock_.Now());
  ContinueTrace(*delivery->event, random_, attempt);
  v1::InvocationResult& result = delivery->result;
  result = std::move(attempt.result);
  result.set_attempt(delivery->attempt_count + 1);
  result.set_name(InvocationName(delivery->claim.delivery, result.attempt()));
  result.set_event(delivery->event->name());
  result.set_delivery(name);
  delivery->is_probe = delivery->lane->gate.Begin();
  ++delivery->lane->in_flight;
  ++in_flight_;
  if (!attempt.request.has_value()) return Settle(delivery, absl::ZeroDuration());
  sender_.Send(*std::move(attempt.request), [this, delivery](HttpExchange exchange) {
    loop_.Post([this, delivery, exchange = std::move(exchange)] { Sent(delivery, exchange); });
  });
}

void Dispatcher::Sent(const HeldDeliveryPtr& delivery, const HttpExchange& exchange) {
  if (exchange.end == HttpExchange::End::kCancelled) {
    // A shutdown: the claim stays in the store, and the next start sends again.
    delivery->lane->gate.Abandoned(delivery->is_probe);
    --delivery->lane->in_flight;
    --in_flight_;
    Drop(*delivery);
    return ReportDrained();
  }
  EndAttempt(*delivery->webhook, exchange, limits_, delivery->result);
  Settle(delivery, RetryAfter(exchange, clock_.Now()));
  Schedule(*delivery->lane);
  TakeTurns();
}

void Dispatcher::Settle(const HeldDeliveryPtr& delivery, absl::Duration retry_after) {
  Lane& lane = *delivery->lane;
  --lane.in_flight;
  --in_flight_;
  ++lane.settling;
  ++settling_;
  const absl::Time now = clock_.Now();
  v1::InvocationResult& result = delivery->result;
  // Randomness costs more than the rest of it, and no success waits.
  const double jitter = result.outcome() == v1::InvocationResult::SUCCEEDED ? 0 : random_.NextSigned();
  const Settlement next =
      herald::Settle(result, result.attempt() - delivery->attempts_former, delivery->webhook->webhook().retry_policy(),
                     retry_after, delivery->open_time, now, jitter);
  if (next.next_attempt_time.has_value()) *result.mutable_next_attempt_time() = ToProto(*next.next_attempt_time);
  Learn(*delivery, result);
  SettleDelivery settlement;
  if (next.state == v1::Delivery::FAILED) {
    settlement.event = DeliveryFailedEvent(*registry_.Index(lane.tenant), lane.tenant, delivery->webhook->webhook(),
                                           delivery->event->type(), result, now);
  }
  settlement.tenant = lane.tenant;
  settlement.claim = delivery->claim;
  settlement.ordered = !delivery->event->ordering_key().empty();
  settlement.state = next.state;
  settlement.next_attempt_time = next.next_attempt_time;
  settlement.result = std::move(result);
  settlement.now = now;
  Submit(delivery, std::move(settlement));
}

void Dispatcher::Submit(const HeldDeliveryPtr& delivery, SettleDelivery settlement) {
  const bool is_awaited =
      settlement.ordered || settlement.event.has_value() || first_attempts_.IsAwaited(settlement.claim.delivery);
  const auto submit = is_awaited ? &Committer::SubmitOwn : &Committer::SubmitPatiently;
  const absl::Status submitted =
      (committer_.*submit)(std::move(settlement), [this, delivery](const absl::Status& status, Write& write) {
        SettleDelivery& settled = std::get<SettleDelivery>(write);
        if (status.ok()) first_attempts_.Attempted(settled.claim.delivery);
        EnqueuedWith(status, settled.event);
        batch_end_.settlements.push_back({delivery, status, std::move(settled)});
      });
  if (!submitted.ok()) {  // the committer has stopped: the next start sends again
    --delivery->lane->settling;
    --settling_;
    Drop(*delivery);
    ReportDrained();
  }
}

void Dispatcher::Learn(const HeldDelivery& delivery, const v1::InvocationResult& result) {
  Lane& lane = *delivery.lane;
  const bool is_worth_keeping = lane.gate.Ended(result, delivery.is_probe);
  const v1::WebhookHealth& health = lane.gate.health();
  health_.Set(lane.uid, health);
  const absl::Time now = clock_.Now();
  if (is_worth_keeping || now - lane.health_saved > kHealthAgeMax) SaveHealth(lane);
  // People get as long again after each change.
  const absl::Time failing_since =
      health.has_failing_since()
          ? std::max(FromProto(health.failing_since()), FromProto(delivery.webhook->webhook().update_time()))
          : absl::InfiniteFuture();
  const bool is_failing =
      options_.disable_after > absl::ZeroDuration() && now - failing_since >= options_.disable_after;
  if (options_.disable_on_gone && result.response().status_code() == kGone) {
    registry_.Disable(lane.tenant, lane.uid, v1::Webhook::GONE, result);
  } else if (is_failing) {
    registry_.Disable(lane.tenant, lane.uid, v1::Webhook::FAILING, result);
  }
}

void Dispatcher::SaveHealth(Lane& lane) {
  lane.health_saved = clock_.Now();
  committer_
      .SubmitOwn(herald::SaveHealth{lane.tenant, lane.uid, lane.gate.health(), {}},
                 [](const absl::Status&, Write&) {})  // the next one makes up for one that is lost
      .IgnoreError();
}

void Dispatcher::Settled(SettlementEnd end) {
  Lane& lane = *end.delivery->lane;
  if (absl::IsUnavailable(end.status)) {
    // The attempt was made, so its outcome is kept until the store takes it.
    loop_.RunAt(clock_.Monotonic() + kStoreRetry,
                [this, delivery = end.delivery, settlement = std::move(end.settlement)]() mutable {
                  Submit(delivery, std::move(settlement));
                });
    return;
  }
  if (!end.status.ok() && end.settlement.claim.token != end.delivery->claim.token) {
    end.settlement.claim = end.delivery->claim;  // claimed anew meanwhile
    return Submit(end.delivery, std::move(end.settlement));
  }
  const v1::InvocationResult& result = end.settlement.result;
  if (!end.status.ok()) {
    // It may be this very settlement that ended the claim, in a commit of unknown outcome.
    lane.next_due = std::min(lane.next_due, clock_.Now());
    lane.woken = lane.woken || lane.claiming;
    log::Info("an attempt came home after its claim had ended",
              {{"delivery", result.delivery()}, {"event", result.event()}, {"reason", end.status.message()}});
    // Claimed afresh meanwhile: that claim is not used any more.
    const herald::Claim& claim = end.delivery->claim;
    if (claim.token != end.settlement.claim.token) Release(lane.tenant, lane.uid, claim);
  } else {
    LogAttempt(result, end.settlement.state);
    // The next of its key, if there is one, is due now.
    const absl::Time due =
        end.settlement.next_attempt_time.value_or(end.settlement.ordered ? end.settlement.now : absl::InfiniteFuture());
    lane.next_due = std::min(lane.next_due, due);
    lane.woken = lane.woken || (lane.claiming && due <= clock_.Now());
  }
  --lane.settling;
  --settling_;
  Drop(*end.delivery);
  Schedule(lane);
  ReportDrained();
}

}  // namespace herald
