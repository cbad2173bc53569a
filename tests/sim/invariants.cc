#include "tests/sim/invariants.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "src/base/protobuf_time.h"
#include "src/core/names.h"
#include "tests/sim/control_invariants.h"

namespace herald {
namespace {

using End = SimCallers::End;

// ---- What callers were told

// What is stored changes by commits alone, and most steps make none.
bool NothingWasStored(const World& world) { return world.ledger.changes().empty(); }

std::string AcceptedEventsAreKeptWithTheirDeliveries(const World& world) {
  if (NothingWasStored(world)) return "";
  for (const SimCallers::EventCall& call : world.callers.events()) {
    if (call.end != End::kOk) continue;
    const auto event = world.ledger.events().find(call.event_id);
    if (event == world.ledger.events().end()) return absl::StrCat(call.event_id, " was answered OK and is not stored");
    const int kept = static_cast<int>(event->second.deliveries.size());
    const int made_at_once = kept - event->second.made;
    // Who sent it again was told of those that replays had made by then, too.
    const bool told_all = call.delivery_count == made_at_once ||
                          (call.duplicate && call.delivery_count > made_at_once && call.delivery_count <= kept);
    if (!told_all || kept != event->second.delivery_count) {
      return absl::StrCat(call.event_id, " was answered with ", call.delivery_count, " deliveries; stored are ", kept,
                          ", of which replays made ", event->second.made);
    }
    for (const Sequence delivery : call.deliveries) {
      if (world.ledger.Find(delivery) == nullptr) return absl::StrCat(DeliveryName(delivery), " is not stored");
    }
  }
  return "";
}

std::string AcceptedEventsGoToAllWhoAsked(const World& world) {
  for (const SimCallers::EventCall& call : world.callers.events()) {
    if (!call.missed.empty()) {
      return absl::StrCat(call.event_id, " has no delivery for ", absl::StrJoin(call.missed, ", "));
    }
  }
  return "";
}

std::string RefusedEventsAreNotKept(const World& world) {
  if (NothingWasStored(world)) return "";
  std::map<std::string, bool> surely_refused;
  for (const SimCallers::EventCall& call : world.callers.events()) {
    const auto place = surely_refused.emplace(call.event_id, true).first;
    place->second = place->second && call.end == End::kRefused;
  }
  for (const auto& [id, refused] : surely_refused) {
    if (refused && world.ledger.events().contains(id)) return absl::StrCat(id, " was refused and is stored");
  }
  return "";
}

std::string CallsAreAnsweredOnce(const World& world) {
  for (const SimCallers::EventCall& call : world.callers.events()) {
    if (call.answers > 1)
      return absl::StrCat("the call with ", call.event_id, " was answered ", call.answers, " times");
  }
  for (const SimCallers::ChangeCall& call : world.callers.changes()) {
    if (call.answers > 1) return absl::StrCat("a change of ", call.webhook_id, " was answered twice");
  }
  const auto twice = [](const auto& call) { return call.answers > 1; };
  const SimOperators& operators = world.operators;
  if (absl::c_any_of(operators.cancels(), twice)) return "a cancel was answered twice";
  if (absl::c_any_of(operators.retries(), twice)) return "a retry was answered twice";
  if (absl::c_any_of(operators.replays(), twice)) return "a replay was answered twice";
  return "";
}

std::string WaitsLastUntilTheFirstAttempts(const World& world) {
  for (const SimCallers::EventCall& call : world.callers.events()) {
    if (call.answered_early) return absl::StrCat("the wait for ", call.event_id, " ended before its first attempts");
  }
  return "";
}

std::string RegistryFollowsTheStore(const World& world) {
  for (const std::string& uid : world.ledger.uids()) {
    const auto stored = world.ledger.webhooks().find(uid);
    const WebhookPtr known = world.engine->registry.FindByUid(kDefaultTenant, uid);
    const std::string stored_etag = stored == world.ledger.webhooks().end() ? "none" : stored->second.etag();
    const std::string known_etag = known == nullptr ? "none" : known->webhook().etag();
    if (stored_etag != known_etag) {
      return absl::StrCat("the store has version ", stored_etag, " of webhook ", uid, ", the registry ", known_etag);
    }
  }
  return "";
}

// ---- Deliveries

std::string SettlementsCountOnlyWithTheirClaim(const World& world) {
  for (const Ledger::Settled& settled : world.ledger.settled()) {
    if (settled.held_token != settled.write.claim.token) {
      return absl::StrCat(DeliveryName(settled.write.claim.delivery), " was settled with claim ",
                          settled.write.claim.token, " while ", settled.held_token, " was held");
    }
  }
  return "";
}

std::string SettlementsCountOneAttempt(const World& world) {
  std::map<Sequence, int> recorded;
  for (const Ledger::Settled& settled : world.ledger.settled()) {
    ++recorded[settled.write.claim.delivery];
    if (settled.write.result.attempt() == settled.attempts_before + 1) continue;
    return absl::StrCat(DeliveryName(settled.write.claim.delivery), " had ", settled.attempts_before,
                        " attempts, then attempt ", settled.write.result.attempt(), " was recorded");
  }
  for (const Ledger::Change& change : world.ledger.changes()) {
    const int more = change.after.attempts - change.before.attempts;
    if (more != recorded[change.delivery]) {
      return absl::StrCat(DeliveryName(change.delivery), " has ", more, " attempts more after ",
                          recorded[change.delivery], " settlements");
    }
  }
  return "";
}

std::string AttemptsAreWithinThePolicy(const World& world) {
  for (const Ledger::Change& change : world.ledger.changes()) {
    const int max = world.ledger.AttemptsMax(change.after.webhook_uid);
    const int attempts = change.after.attempts - change.after.attempts_former;
    if (attempts > max) return absl::StrCat(DeliveryName(change.delivery), " had ", attempts, " attempts of ", max);
  }
  return "";
}

std::string ClosedDeliveriesStayClosed(const World& world) {
  for (const Ledger::Change& change : world.ledger.changes()) {
    if (world.ledger.opened_again().contains(change.delivery)) continue;
    const bool was_closed = change.before.state != v1::Delivery::STATE_UNSPECIFIED && !change.before.open();
    if (was_closed && (change.after.state != change.before.state || change.after.attempts != change.before.attempts)) {
      return absl::StrCat(DeliveryName(change.delivery), " was ", v1::Delivery::State_Name(change.before.state));
    }
  }
  return "";
}

std::string DeliveriesOfDeletedWebhooksAreClosed(const World& world) {
  for (const auto& [sequence, delivery] : world.ledger.deliveries()) {
    if (delivery.open() && !world.ledger.webhooks().contains(delivery.webhook_uid)) {
      return absl::StrCat(DeliveryName(sequence), " is open");
    }
  }
  return "";
}

std::string RetriesWaitAsLongAsTheyMust(const World& world) {
  for (const Ledger::Settled& settled : world.ledger.settled()) {
    const Ledger::Delivery& delivery = world.ledger.deliveries().at(settled.write.claim.delivery);
    if (delivery.state != v1::Delivery::RETRYING) continue;
    const Sequence sequence = settled.write.claim.delivery;
    if (world.ledger.retried().contains(sequence) || world.ledger.opened_again().contains(sequence)) continue;
    // No schedule here has a wait under a second; jitter takes off up to a tenth.
    const absl::Duration asked = world.network.AskedToWait(sequence);
    const absl::Duration wait = std::max(asked, absl::Milliseconds(900));
    if (delivery.due < settled.write.now + wait - absl::Microseconds(1)) {
      return absl::StrCat(DeliveryName(sequence), " is due after ",
                          absl::FormatDuration(delivery.due - settled.write.now), "; it must wait ",
                          absl::FormatDuration(wait));
    }
  }
  return "";
}

// ---- Requests that came in

std::string NoneIsInFlightTwice(const World& world) {
  for (const SimNetwork::Arrival& arrival : world.network.arrivals()) {
    // One that is cancelled and opened again does not wait for its attempt of before, which counts for nothing.
    if (world.ledger.WasCancelled(arrival.delivery)) continue;
    if (arrival.in_flight_already) return DeliveryName(arrival.delivery);
  }
  return "";
}

// Within one life of the process an attempt is recorded before the next one is sent.
std::string NoneIsSentBeforeItsLastAttemptIsRecorded(const World& world) {
  for (const SimNetwork::Arrival& arrival : world.network.arrivals()) {
    const Ledger::Delivery& delivery = world.ledger.deliveries().at(arrival.delivery);
    const auto lost = world.lost_attempts.find(arrival.delivery);
    const int lost_before = lost == world.lost_attempts.end() ? 0 : lost->second;
    if (world.ledger.WasClaimedUnheard(arrival.delivery) || world.ledger.WasCancelled(arrival.delivery)) continue;
    if (arrival.sent_before > delivery.attempts + lost_before) {
      return absl::StrCat(DeliveryName(arrival.delivery), " was sent ", arrival.sent_before, " times before; ",
                          delivery.attempts, " attempts are recorded, ", lost_before, " were lost in crashes");
    }
  }
  return "";
}

std::string OnlyOpenDeliveriesOfActiveWebhooksAreSent(const World& world) {
  for (const SimNetwork::Arrival& arrival : world.network.arrivals()) {
    const Ledger::Delivery& delivery = world.ledger.deliveries().at(arrival.delivery);
    if (world.unseen_changes.contains(delivery.webhook_uid)) continue;
    // Those that were cancelled have a rule of their own.
    if (delivery.state == v1::Delivery::CANCELLED) continue;
    if (!delivery.open()) return absl::StrCat(DeliveryName(arrival.delivery), " is closed");
    if (!world.IsActive(delivery.webhook_uid)) {
      return absl::StrCat(DeliveryName(arrival.delivery), " is of a webhook that is not ACTIVE");
    }
  }
  return "";
}

std::string KeysAreDeliveredInOrder(const World& world) {
  for (const SimNetwork::Arrival& arrival : world.network.arrivals()) {
    const Ledger::Delivery& sent = world.ledger.deliveries().at(arrival.delivery);
    if (sent.ordering_key.empty() || !sent.open()) continue;
    for (const auto& [sequence, earlier] : world.ledger.deliveries()) {
      if (sequence >= arrival.delivery) break;
      if (earlier.behind.contains(arrival.delivery)) continue;
      if (earlier.open() && earlier.webhook_uid == sent.webhook_uid && earlier.ordering_key == sent.ordering_key) {
        return absl::StrCat(DeliveryName(arrival.delivery), " was sent before ", DeliveryName(sequence), " of key \"",
                            sent.ordering_key, "\" was closed");
      }
    }
  }
  return "";
}

std::string InFlightIsBounded(const World& world) {
  if (world.network.arrivals().empty()) return "";
  std::map<std::string, int> of_lane;
  int all = 0;
  for (const auto& [delivery, times] : world.network.InFlight()) {
    all += times;
    const std::string& uid = world.ledger.deliveries().at(delivery).webhook_uid;
    of_lane[uid] += times;
    if (of_lane[uid] > world.ledger.InFlightMax(uid)) {
      return absl::StrCat("webhook ", uid, " has ", of_lane[uid], " in flight of ", world.ledger.InFlightMax(uid));
    }
  }
  return all > world.options.in_flight_max ? absl::StrCat(all, " are in flight") : "";
}

std::string RatesAreKept(const World& world) { return world.gates.rate_broken(); }
std::string OpenBreakersLetOnlyProbesPass(const World& world) { return world.gates.breaker_broken(); }

std::string MemoryIsBounded(const World& world) {
  const int held = world.engine->dispatcher.held();
  return held < 0 || held > world.options.doors.held_max ? absl::StrCat(held, " deliveries are in memory") : "";
}

// ---- At rest

std::string EveryDeliveryOfAnActiveWebhookIsClosed(const World& world) {
  for (const auto& [sequence, delivery] : world.ledger.deliveries()) {
    if (delivery.open() && world.IsActive(delivery.webhook_uid)) {
      return absl::StrCat(DeliveryName(sequence), " is ", v1::Delivery::State_Name(delivery.state), ", due ",
                          absl::FormatTime(delivery.due, absl::UTCTimeZone()), ", claim ", delivery.token);
    }
  }
  return "";
}

std::string MemoryIsEmpty(const World& world) {
  const int held = world.engine->dispatcher.held();
  return held == 0 ? "" : absl::StrCat(held, " deliveries count as held");
}

std::string NobodyWaits(const World& world) {
  return world.callers.AnyWaits() || world.operators.AnyWaits() ? "a call was never answered" : "";
}

std::string TheLedgerIsTheStore(const World& world) { return world.ledger.DifferenceFromStore(); }

struct Invariant {
  const char* name;
  std::string (*broken)(const World&);
};

constexpr Invariant kAfterEachStep[] = {
    {"accepted events are kept with their deliveries", AcceptedEventsAreKeptWithTheirDeliveries},
    {"accepted events go to all who asked", AcceptedEventsGoToAllWhoAsked},
    {"refused events are not kept", RefusedEventsAreNotKept},
    {"calls are answered once", CallsAreAnsweredOnce},
    {"waits last until the first attempts", WaitsLastUntilTheFirstAttempts},
    {"the registry follows the store", RegistryFollowsTheStore},
    {"settlements count only with their claim", SettlementsCountOnlyWithTheirClaim},
    {"settlements count one attempt", SettlementsCountOneAttempt},
    {"attempts are within the policy", AttemptsAreWithinThePolicy},
    {"closed deliveries stay closed", ClosedDeliveriesStayClosed},
    {"deliveries of deleted webhooks are closed", DeliveriesOfDeletedWebhooksAreClosed},
    {"retries wait as long as they must", RetriesWaitAsLongAsTheyMust},
    {"none is in flight twice", NoneIsInFlightTwice},
    {"none is sent before its last attempt is recorded", NoneIsSentBeforeItsLastAttemptIsRecorded},
    {"only open deliveries of ACTIVE webhooks are sent", OnlyOpenDeliveriesOfActiveWebhooksAreSent},
    {"keys are delivered in order", KeysAreDeliveredInOrder},
    {"what is in flight is bounded", InFlightIsBounded},
    {"rates are kept", RatesAreKept},
    {"open breakers let only probes pass", OpenBreakersLetOnlyProbesPass},
    {"memory is bounded", MemoryIsBounded},
    {"cancelled deliveries stay so", CancelledDeliveriesStaySo},
    {"cancelled deliveries are not sent", CancelledDeliveriesAreNotSent},
    {"accepted replays are kept", AcceptedReplaysAreKept},
    {"replays send nothing twice", ReplaysSendNothingTwice},
};

constexpr Invariant kAtRest[] = {
    {"every delivery of an ACTIVE webhook is closed", EveryDeliveryOfAnActiveWebhookIsClosed},
    {"retries get a further attempt", RetriesGetAFurtherAttempt},
    {"replays end and leave nothing out", ReplaysEndAndLeaveNothingOut},
    {"events go to a webhook once", EventsGoToAWebhookOnce},
    {"memory is empty", MemoryIsEmpty},
    {"nobody waits", NobodyWaits},
    {"the ledger is the store", TheLedgerIsTheStore},
};

template <size_t kCount>
std::optional<Violation> Check(const Invariant (&invariants)[kCount], const World& world) {
  for (const Invariant& invariant : invariants) {
    std::string sentence = invariant.broken(world);
    if (!sentence.empty()) return Violation{invariant.name, std::move(sentence)};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Violation> CheckStep(const World& world) { return Check(kAfterEachStep, world); }
std::optional<Violation> CheckRest(const World& world) { return Check(kAtRest, world); }

}  // namespace herald
