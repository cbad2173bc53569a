#include "tests/sim/control_invariants.h"

#include <set>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "src/core/names.h"

namespace herald {
namespace {

using End = SimCallers::End;

// Of a replay that is DONE: what it had to do and did not.
std::string LeftOut(const World& world, Sequence sequence, const Ledger::Replay& replay) {
  for (const auto& [delivery, openings] : replay.due) {
    if (world.ledger.deliveries().at(delivery).openings > openings) continue;
    return absl::StrCat(ReplayName(sequence), " left out ", DeliveryName(delivery));
  }
  if (replay.triggers_before != replay.triggers_after) return "";
  for (const std::string& id : replay.missed) {
    const bool has = absl::c_any_of(world.ledger.events().at(id).deliveries, [&](Sequence delivery) {
      return world.ledger.deliveries().at(delivery).webhook_uid == replay.webhook_uid;
    });
    if (!has) return absl::StrCat(ReplayName(sequence), " left out event ", id);
  }
  return "";
}

}  // namespace

std::string CancelledDeliveriesStaySo(const World& world) {
  for (const SimOperators::Cancel& call : world.operators.cancels()) {
    if (call.end != End::kOk) continue;
    const Ledger::Delivery& delivery = world.ledger.deliveries().at(call.delivery);
    const bool opened_since =
        delivery.openings_at_cancel.has_value() && delivery.openings > *delivery.openings_at_cancel;
    if (delivery.state == v1::Delivery::CANCELLED || opened_since) continue;
    return absl::StrCat("the cancel of ", DeliveryName(call.delivery), " was answered OK, and it is ",
                        v1::Delivery::State_Name(delivery.state));
  }
  return "";
}

std::string CancelledDeliveriesAreNotSent(const World& world) {
  for (const SimNetwork::Arrival& arrival : world.network.arrivals()) {
    const Ledger::Delivery& delivery = world.ledger.deliveries().at(arrival.delivery);
    if (delivery.state != v1::Delivery::CANCELLED || world.unseen_changes.contains(delivery.webhook_uid)) continue;
    // The loop had not heard of it before this turn, or was never told, as was nobody.
    if (world.unseen_cancels.contains(arrival.delivery)) continue;
    if (world.ledger.WasCancelledUnheard(arrival.delivery)) continue;
    return DeliveryName(arrival.delivery);
  }
  return "";
}

std::string AcceptedReplaysAreKept(const World& world) {
  for (const SimOperators::Replay& call : world.operators.replays()) {
    if (call.end == End::kOk && !world.ledger.replays().contains(call.replay)) return ReplayName(call.replay);
  }
  return "";
}

std::string ReplaysSendNothingTwice(const World& world) {
  for (const auto& [sequence, replay] : world.ledger.replays()) {
    if (replay.opened_twice != 0) {
      return absl::StrCat(ReplayName(sequence), " put ", DeliveryName(replay.opened_twice), " in line twice");
    }
    if (static_cast<int64_t>(replay.opened.size()) != replay.replayed) {
      return absl::StrCat(ReplayName(sequence), " put ", replay.opened.size(), " in line and says ", replay.replayed);
    }
  }
  return "";
}

std::string RetriesGetAFurtherAttempt(const World& world) {
  for (const SimOperators::Retry& call : world.operators.retries()) {
    if (call.end != End::kOk) continue;
    const Ledger::Delivery& delivery = world.ledger.deliveries().at(call.delivery);
    const bool may_wait = !world.IsActive(delivery.webhook_uid) || delivery.state == v1::Delivery::CANCELLED;
    if (may_wait || delivery.attempts > call.attempts) continue;
    return absl::StrCat(DeliveryName(call.delivery), " was retried after ", call.attempts, " attempts and has ",
                        delivery.attempts);
  }
  return "";
}

std::string ReplaysEndAndLeaveNothingOut(const World& world) {
  for (const auto& [sequence, replay] : world.ledger.replays()) {
    const bool exists = world.ledger.webhooks().contains(replay.webhook_uid);
    if (replay.state == v1::Replay::RUNNING && (!exists || world.IsActive(replay.webhook_uid))) {
      return absl::StrCat(ReplayName(sequence), " is RUNNING");
    }
    if (replay.state == v1::Replay::CANCELLED && exists) return absl::StrCat(ReplayName(sequence), " is CANCELLED");
    if (replay.state != v1::Replay::DONE) continue;
    if (std::string left_out = LeftOut(world, sequence, replay); !left_out.empty()) return left_out;
  }
  return "";
}

std::string EventsGoToAWebhookOnce(const World& world) {
  for (const auto& [id, event] : world.ledger.events()) {
    std::set<std::string> uids;
    for (const Sequence delivery : event.deliveries) {
      if (uids.insert(world.ledger.deliveries().at(delivery).webhook_uid).second) continue;
      return absl::StrCat(DeliveryName(delivery), " is not the only one of ", id, " to its webhook");
    }
  }
  return "";
}

}  // namespace herald
