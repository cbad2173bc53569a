#include "tests/sim/sim_operators.h"

#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "src/base/protobuf_time.h"
#include "src/core/names.h"

namespace herald {
namespace {

using End = SimCallers::End;

template <typename Calls>
void Lose(Calls& calls) {
  for (auto& call : calls) {
    if (call.end == End::kWaiting) call.end = End::kLost;
  }
}

template <typename Calls>
bool Waits(const Calls& calls) {
  return absl::c_any_of(calls, [](const auto& call) { return call.end == End::kWaiting; });
}

}  // namespace

Sequence SimOperators::PickDelivery(bool open) {
  std::vector<Sequence> all;
  std::vector<Sequence> wanted;
  for (const auto& [sequence, delivery] : ledger_.deliveries()) {
    all.push_back(sequence);
    if (delivery.open() == open) wanted.push_back(sequence);
  }
  if (all.empty()) return 0;
  return dice_.Pick(wanted.empty() || dice_.Chance(10) ? all : wanted);
}

void SimOperators::CancelOne(Engine& engine) {
  const Sequence delivery = PickDelivery(/*open=*/true);
  if (delivery == 0) return;
  Cancel& call = cancels_.emplace_back();
  call.delivery = delivery;
  trace_.Add("operator  cancels ", DeliveryName(delivery));
  v1::CancelDeliveryRequest request;
  request.set_name(DeliveryName(delivery));
  engine.control.Cancel(kDefaultTenant, request,
                        [this, &call](const absl::StatusOr<v1::Delivery>& answer) { Answered(call, answer); });
}

void SimOperators::RetryOne(Engine& engine) {
  const Sequence delivery = PickDelivery(/*open=*/dice_.Chance(30));
  if (delivery == 0) return;
  Retry& call = retries_.emplace_back();
  call.delivery = delivery;
  v1::RetryDeliveryRequest request;
  request.set_name(DeliveryName(delivery));
  request.set_force(dice_.Chance(50));
  trace_.Add("operator  retries ", DeliveryName(delivery), request.force() ? " by force" : "");
  engine.control.Retry(kDefaultTenant, request,
                       [this, &call](const absl::StatusOr<v1::Delivery>& answer) { Answered(call, answer); });
}

void SimOperators::ReplaySome(Engine& engine) {
  std::vector<std::string> names;
  for (const auto& [uid, webhook] : ledger_.webhooks()) names.push_back(webhook.name());
  if (names.empty()) return;
  // By name: uids are in an order of their own.
  absl::c_sort(names);
  v1::ReplayDeliveriesRequest request;
  request.set_webhook(dice_.Pick(names));
  for (const v1::Delivery::State state : {v1::Delivery::FAILED, v1::Delivery::SUCCEEDED, v1::Delivery::CANCELLED}) {
    if (dice_.Chance(50)) request.add_states(state);
  }
  request.set_include_missed(dice_.Chance(50));
  if (dice_.Chance(30)) {
    const absl::Duration back = dice_.Between(absl::Seconds(1), absl::Minutes(30));
    *request.mutable_range()->mutable_start_time() = ToProto(clock_.Now() - back);
  }
  trace_.Add("operator  replays ", request.ShortDebugString());
  Replay& call = replays_.emplace_back();
  engine.replays.Begin(kDefaultTenant, request,
                       [this, &call](const absl::StatusOr<v1::Replay>& answer) { Answered(call, answer); });
}

// ---- Answers

void SimOperators::Answered(Cancel& call, const absl::StatusOr<v1::Delivery>& answer) {
  ++call.answers;
  call.end = SimCallers::EndOf(answer.status());
  trace_.Add("operator  hears of cancelling ", DeliveryName(call.delivery), ": ",
             answer.ok() ? "OK" : answer.status().message());
}

void SimOperators::Answered(Retry& call, const absl::StatusOr<v1::Delivery>& answer) {
  ++call.answers;
  call.end = SimCallers::EndOf(answer.status());
  if (answer.ok()) call.attempts = ledger_.deliveries().at(call.delivery).attempts_at_retry;
  trace_.Add("operator  hears of retrying ", DeliveryName(call.delivery), ": ",
             answer.ok() ? "OK" : answer.status().message());
}

void SimOperators::Answered(Replay& call, const absl::StatusOr<v1::Replay>& answer) {
  ++call.answers;
  call.end = SimCallers::EndOf(answer.status());
  if (answer.ok()) call.replay = ReplayInName(kDefaultTenant, answer->name()).value_or(0);
  trace_.Add("operator  hears of a replay: ", answer.ok() ? answer->name() : std::string(answer.status().message()));
}

void SimOperators::Crash() {
  Lose(cancels_);
  Lose(retries_);
  Lose(replays_);
}

bool SimOperators::AnyWaits() const { return Waits(cancels_) || Waits(retries_) || Waits(replays_); }

}  // namespace herald
