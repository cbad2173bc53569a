#include "tests/sim/ledger.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "src/base/protobuf_time.h"
#include "src/core/names.h"
#include "src/core/trigger.h"
#include "tests/support/check.h"

namespace herald {
namespace {

constexpr int kAll = 1'000'000;

bool Same(const Ledger::Delivery& one, const Ledger::Delivery& other) {
  return one.state == other.state && one.attempts == other.attempts && one.due == other.due &&
         one.webhook_uid == other.webhook_uid && one.event_id == other.event_id;
}

}  // namespace

const Ledger::Delivery* Ledger::Find(Sequence delivery) const {
  const auto found = deliveries_.find(delivery);
  return found == deliveries_.end() ? nullptr : &found->second;
}

void Ledger::ForgetChanges() {
  settled_.clear();
  changes_.clear();
  retried_.clear();
  opened_again_.clear();
}

void Ledger::ReadBack(const WriteBatch& batch) {
  for (const Write& write : batch) {
    std::visit([this](const auto& one) { Note(one); }, write);
  }
  if (touched_webhooks_) ReadWebhooks();
  for (const std::string& id : touched_events_) ReadEvent(id);
  for (const auto& [delivery, before] : touched_deliveries_) ReadDelivery(delivery, before);
  touched_webhooks_ = false;
  touched_events_.clear();
  touched_deliveries_.clear();
}

void Ledger::ReadBackUnheard(const WriteBatch& batch) {
  ReadBack(batch);
  for (const Write& write : batch) {
    if (const auto* const claim = std::get_if<ClaimDeliveries>(&write)) {
      for (const ClaimedDelivery& claimed : claim->claimed) unheard_.insert(claimed.claim.delivery);
    } else if (const auto* const enqueue = std::get_if<EnqueueEvent>(&write)) {
      for (const EnqueueEvent::Target& target : enqueue->targets) {
        if (target.token != 0) unheard_.insert(target.delivery);
      }
    } else if (const auto* const cancel = std::get_if<CancelDeliveries>(&write)) {
      for (const Claim& ended : cancel->cancelled) cancelled_unheard_.insert(ended.delivery);
    }
  }
}

void Ledger::ForgetCancels() {
  cancelled_.clear();
  cancelled_unheard_.clear();
  newly_cancelled_.clear();
}

// ---- What a batch did

Ledger::Delivery& Ledger::Touch(Sequence delivery) {
  Delivery& kept = deliveries_[delivery];
  touched_deliveries_.try_emplace(delivery, kept);
  return kept;
}

void Ledger::TouchOthersOfKey(const Delivery& delivery) {
  if (delivery.ordering_key.empty()) return;
  for (const auto& [sequence, other] : deliveries_) {
    const bool waits = other.open() && other.webhook_uid == delivery.webhook_uid;
    if (waits && other.ordering_key == delivery.ordering_key) Touch(sequence);
  }
}

void Ledger::OpenAgain(Sequence sequence) {
  Delivery& delivery = Touch(sequence);
  opened_again_.insert(sequence);
  ++delivery.openings;
  delivery.attempts_former = delivery.attempts;
  delivery.behind.clear();
  for (const auto& [other, of_key] : deliveries_) {
    const bool is_of_key = !delivery.ordering_key.empty() && of_key.ordering_key == delivery.ordering_key;
    if (is_of_key && of_key.open() && of_key.webhook_uid == delivery.webhook_uid) delivery.behind.insert(other);
  }
  delivery.state = delivery.attempts == 0 ? v1::Delivery::PENDING : v1::Delivery::RETRYING;
  delivery.token = 0;
}

void Ledger::Note(const CreateWebhook&) { touched_webhooks_ = true; }
void Ledger::Note(const ReplaceWebhook& write) {
  touched_webhooks_ = true;
  if (write.event.has_value()) Note(*write.event);
}

void Ledger::Note(const DeleteWebhook& write) {
  if (!write.status.ok()) return;
  touched_webhooks_ = true;
  for (auto& [sequence, delivery] : deliveries_) {
    const auto webhook = webhooks_.find(delivery.webhook_uid);
    if (webhook == webhooks_.end() || webhook->second.name() != WebhookName(write.id)) continue;
    Touch(sequence);
    delivery.token = 0;
    if (delivery.open()) delivery.state = v1::Delivery::CANCELLED;
  }
}

void Ledger::Note(const EnqueueEvent& write) {
  if (!write.event.id().empty()) touched_events_.insert(write.event.id());
  if (!write.status.ok()) return;
  for (const EnqueueEvent::Target& target : write.targets) {
    if (target.delivery == 0) continue;
    // Later writes of the batch meet it.
    Delivery& delivery = Touch(target.delivery);
    delivery.webhook_uid = target.webhook_uid;
    delivery.ordering_key = write.event.ordering_key();
    delivery.state = v1::Delivery::PENDING;
    if (target.token == 0) continue;
    delivery.token = target.token;
    delivery.lease_end = write.lease_end;
  }
}

void Ledger::Note(const ClaimDeliveries& write) {
  if (!write.status.ok()) return;
  for (const ClaimedDelivery& claimed : write.claimed) {
    Delivery& delivery = deliveries_[claimed.claim.delivery];
    delivery.token = claimed.claim.token;
    delivery.lease_end = write.lease_end;
  }
}

void Ledger::Note(const SettleDelivery& write) {
  if (!write.status.ok()) return;
  if (write.event.has_value()) Note(*write.event);
  Delivery& delivery = Touch(write.claim.delivery);
  settled_.push_back({write, delivery.token, delivery.attempts});
  delivery.token = 0;
  delivery.state = write.state;
  ++delivery.attempts;
  TouchOthersOfKey(delivery);
}

void Ledger::Note(const CancelDeliveries& write) {
  if (!write.status.ok()) return;
  for (const Claim& claim : write.cancelled) {
    Delivery& delivery = Touch(claim.delivery);
    delivery.token = 0;
    delivery.state = v1::Delivery::CANCELLED;
    delivery.openings_at_cancel = delivery.openings;
    cancelled_.insert(claim.delivery);
    newly_cancelled_.insert(claim.delivery);
    TouchOthersOfKey(delivery);
  }
}

void Ledger::Note(const RetryDelivery& write) {
  if (!write.status.ok()) return;
  Delivery& delivery = Touch(write.delivery);
  retried_.insert(write.delivery);
  delivery.attempts_at_retry = delivery.attempts;
  if (!delivery.open()) OpenAgain(write.delivery);
}

void Ledger::Note(const CreateReplay& write) {
  if (!write.status.ok()) return;
  Replay& replay = replays_[write.sequence];
  replay.webhook_uid = write.replay.webhook_uid();
  replay.triggers_before = replay.triggers_after = trigger_versions_[replay.webhook_uid];
  const auto in_range = [&](Sequence sequence) {
    return sequence >= write.range.first && sequence < std::min(write.range.end, write.sequence);
  };
  for (const auto& [sequence, delivery] : deliveries_) {
    const bool in_states = absl::c_linear_search(write.replay.states(), static_cast<int>(delivery.state));
    if (in_states && delivery.webhook_uid == replay.webhook_uid && in_range(sequence)) {
      replay.due[sequence] = delivery.openings;
    }
  }
  const auto webhook = webhooks_.find(replay.webhook_uid);
  if (!write.replay.include_missed() || webhook == webhooks_.end()) return;
  for (const auto& [id, event] : events_) {
    const bool asked = absl::c_any_of(webhook->second.triggers(), [&type = event.type](const std::string& trigger) {
      return TriggerMatches(trigger, type);
    });
    const bool had = absl::c_any_of(event.deliveries, [&](Sequence delivery) {
      return deliveries_.at(delivery).webhook_uid == replay.webhook_uid;
    });
    if (asked && !had && in_range(event.sequence)) replay.missed.push_back(id);
  }
}

void Ledger::Note(const ContinueReplay& write) {
  if (!write.status.ok()) return;
  Replay& replay = replays_[write.replay];
  replay.state = write.after.replay.state();
  replay.replayed = write.after.replay.replayed();
  replay.triggers_after = trigger_versions_[replay.webhook_uid];
  for (const ContinueReplay::Opened& opened : write.opened) {
    if (!replay.opened.insert(opened.delivery).second) replay.opened_twice = opened.delivery;
    if (!opened.made) {
      OpenAgain(opened.delivery);
    } else if (const std::optional<Delivery> made = Read(opened.delivery); made.has_value()) {
      Touch(opened.delivery).made = true;
      touched_events_.insert(made->event_id);
      ++events_[made->event_id].made;
    }
  }
}
void Ledger::Note(const CreateEventType&) {}
void Ledger::Note(const ReplaceEventType&) {}
void Ledger::Note(const DeleteEventType&) {}

void Ledger::Note(const ReleaseDelivery& write) {
  if (write.status.ok()) deliveries_[write.claim.delivery].token = 0;
}

void Ledger::Note(const SaveHealth&) {}
void Ledger::Note(const DeleteExpired&) {}

// ---- What the store holds

void Ledger::ReadWebhooks() {
  const auto stored = store_.LoadWebhooks();
  TestCheck(stored.ok(), "the memory store can be read");
  std::map<std::string, v1::Webhook> before = std::exchange(webhooks_, {});
  for (const StoredWebhook& one : *stored) {
    const std::string& uid = one.webhook.uid();
    if (!absl::c_equal(before[uid].triggers(), one.webhook.triggers())) ++trigger_versions_[uid];
    if (before[uid].etag() == one.webhook.etag()) before.erase(uid);
    webhooks_[uid] = one.webhook;
    uids_.insert(uid);
    attempts_max_[uid] = std::max(attempts_max_[uid], one.webhook.retry_policy().max_attempts());
    in_flight_max_[uid] = std::max(in_flight_max_[uid], one.webhook.max_in_flight());
  }
  for (const auto& [uid, webhook] : before) changed_webhooks_.insert(uid);
}

void Ledger::ReadEvent(const std::string& id) {
  const absl::StatusOr<StoredEvent> stored = store_.FindEvent(kDefaultTenant, id);
  if (!stored.ok()) return;
  DeliveryQuery query;
  query.event_id = id;
  query.range = {stored->sequence, INT64_MAX};
  query.bounds = {kAll, kAll};
  const auto page = store_.ListDeliveries(kDefaultTenant, query);
  TestCheck(page.ok(), "the memory store can be read");
  Event event{stored->sequence, stored->delivery_count, stored->event.ordering_key(), stored->event.type(), {}, 0};
  for (const v1::Delivery& delivery : page->rows) {
    const Sequence sequence = *DeliveryInName(kDefaultTenant, delivery.name());
    event.deliveries.push_back(sequence);
    Touch(sequence);
  }
  event.made = events_[id].made;
  events_[id] = std::move(event);
}

std::optional<Ledger::Delivery> Ledger::Read(Sequence delivery) const {
  const absl::StatusOr<v1::Delivery> stored = store_.FindDelivery(kDefaultTenant, delivery);
  if (!stored.ok()) return std::nullopt;
  Delivery read;
  read.event_id = std::string(IdInName(kDefaultTenant, "events", stored->event()).value_or(""));
  read.webhook_uid = stored->webhook_uid();
  if (const auto event = events_.find(read.event_id); event != events_.end()) {
    read.ordering_key = event->second.ordering_key;
  }
  read.state = stored->state();
  read.attempts = stored->attempt_count();
  read.due = FromProto(stored->next_attempt_time());
  return read;
}

void Ledger::ReadDelivery(Sequence delivery, const Delivery& before) {
  const std::optional<Delivery> read = Read(delivery);
  if (!read.has_value()) return;
  Delivery& kept = deliveries_[delivery];
  kept.event_id = read->event_id;
  kept.webhook_uid = read->webhook_uid;
  kept.ordering_key = read->ordering_key;
  kept.state = read->state;
  kept.attempts = read->attempts;
  kept.due = read->due;
  changes_.push_back({delivery, before, kept});
}

void Ledger::VoidClaims() {
  store_.VoidClaims();
  for (auto& [sequence, delivery] : deliveries_) delivery.token = 0;
  unheard_.clear();
}

std::string Ledger::DifferenceFromStore() const {
  DeliveryQuery query;
  query.bounds = {kAll, kAll};
  const auto page = store_.ListDeliveries(kDefaultTenant, query);
  TestCheck(page.ok(), "the memory store can be read");
  if (page->rows.size() != deliveries_.size()) {
    return absl::StrCat("the store holds ", page->rows.size(), " deliveries, the ledger ", deliveries_.size());
  }
  for (const auto& [sequence, delivery] : deliveries_) {
    const std::optional<Delivery> read = Read(sequence);
    if (!read.has_value() || !Same(*read, delivery)) return absl::StrCat(DeliveryName(sequence), " differs");
  }
  return "";
}

}  // namespace herald
