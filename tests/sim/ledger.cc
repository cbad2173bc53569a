#include "tests/sim/ledger.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "src/base/protobuf_time.h"
#include "src/core/names.h"
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
}

void Ledger::ReadBack(const WriteBatch& batch) {
  for (const Write& write : batch) {
    std::visit([this](const auto& one) { Note(one); }, write);
  }
  if (touched_webhooks_) ReadWebhooks();
  for (const std::string& id : touched_events_) ReadEvent(id);
  for (const Sequence delivery : touched_deliveries_) ReadDelivery(delivery);
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
    }
  }
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
    delivery.token = 0;
    touched_deliveries_.insert(sequence);
  }
}

void Ledger::Note(const EnqueueEvent& write) {
  if (!write.event.id().empty()) touched_events_.insert(write.event.id());
  if (!write.status.ok()) return;
  for (const EnqueueEvent::Target& target : write.targets) {
    if (target.token == 0) continue;
    Delivery& delivery = deliveries_[target.delivery];
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
  Delivery& delivery = deliveries_[write.claim.delivery];
  settled_.push_back({write, delivery.token, delivery.attempts});
  delivery.token = 0;
  touched_deliveries_.insert(write.claim.delivery);
  if (delivery.ordering_key.empty()) return;
  // The next of its key may be due now.
  for (const auto& [sequence, other] : deliveries_) {
    const bool waits = other.open() && other.webhook_uid == delivery.webhook_uid;
    if (waits && other.ordering_key == delivery.ordering_key) touched_deliveries_.insert(sequence);
  }
}

void Ledger::Note(const CancelDeliveries&) {}
void Ledger::Note(const RetryDelivery&) {}
void Ledger::Note(const CreateReplay&) {}
void Ledger::Note(const ContinueReplay&) {}
void Ledger::Note(const CreateEventType&) {}
void Ledger::Note(const ReplaceEventType&) {}
void Ledger::Note(const DeleteEventType&) {}

void Ledger::Note(const ReleaseDelivery& write) {
  if (write.status.ok()) deliveries_[write.claim.delivery].token = 0;
}

void Ledger::Note(const SaveHealth&) {}
void Ledger::Note(const DeleteExpired&) {}

void Ledger::ReadWebhooks() {
  const auto stored = store_.LoadWebhooks();
  TestCheck(stored.ok(), "the memory store can be read");
  std::map<std::string, v1::Webhook> before = std::exchange(webhooks_, {});
  for (const StoredWebhook& one : *stored) {
    const std::string& uid = one.webhook.uid();
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
  Event event{stored->sequence, stored->delivery_count, stored->event.ordering_key(), {}};
  for (const v1::Delivery& delivery : page->rows) {
    const Sequence sequence = *DeliveryInName(kDefaultTenant, delivery.name());
    event.deliveries.push_back(sequence);
    touched_deliveries_.insert(sequence);
  }
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

void Ledger::ReadDelivery(Sequence delivery) {
  std::optional<Delivery> read = Read(delivery);
  if (!read.has_value()) return;
  Delivery& kept = deliveries_[delivery];
  read->token = kept.token;
  read->lease_end = kept.lease_end;
  changes_.push_back({delivery, kept, *read});
  kept = *std::move(read);
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
