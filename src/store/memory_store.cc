#include "src/store/memory_store.h"

#include <algorithm>
#include <optional>
#include <variant>

#include "absl/strings/ascii.h"
#include "src/base/protobuf_time.h"
#include "src/core/names.h"
#include "src/store/store_errors.h"

namespace herald {
namespace {

std::string WebhookId(const std::string& tenant, const v1::Webhook& webhook) {
  return std::string(IdInName(tenant, "webhooks", webhook.name()).value_or(""));
}

}  // namespace

absl::Status MemoryStore::Apply(WriteBatch& batch) {
  MutexLock lock(mutex_);
  for (Write& write : batch) {
    // Not std::visit: the thread-safety analysis does not see through a lambda.
    if (auto* create = std::get_if<CreateWebhook>(&write)) ApplyWrite(*create);
    if (auto* replace = std::get_if<ReplaceWebhook>(&write)) ApplyWrite(*replace);
    if (auto* remove = std::get_if<DeleteWebhook>(&write)) ApplyWrite(*remove);
    if (auto* enqueue = std::get_if<EnqueueEvent>(&write)) ApplyWrite(*enqueue);
    if (auto* claim = std::get_if<ClaimDeliveries>(&write)) ApplyWrite(*claim);
    if (auto* settle = std::get_if<SettleDelivery>(&write)) ApplyWrite(*settle);
    if (auto* release = std::get_if<ReleaseDelivery>(&write)) ApplyWrite(*release);
    if (auto* cancel = std::get_if<CancelDeliveries>(&write)) ApplyWrite(*cancel);
    if (auto* retry = std::get_if<RetryDelivery>(&write)) ApplyWrite(*retry);
    if (auto* create = std::get_if<CreateReplay>(&write)) ApplyWrite(*create);
    if (auto* go_on = std::get_if<ContinueReplay>(&write)) ApplyWrite(*go_on);
    if (auto* save = std::get_if<SaveHealth>(&write)) ApplyWrite(*save);
    if (auto* expire = std::get_if<DeleteExpired>(&write)) ApplyWrite(*expire);
    if (auto* create = std::get_if<CreateEventType>(&write)) ApplyWrite(*create);
    if (auto* replace = std::get_if<ReplaceEventType>(&write)) ApplyWrite(*replace);
    if (auto* remove = std::get_if<DeleteEventType>(&write)) ApplyWrite(*remove);
  }
  return absl::OkStatus();
}

void MemoryStore::VoidClaims() {
  MutexLock lock(mutex_);
  for (auto& [sequence, row] : deliveries_) row.token = 0;
}

// ---- Webhooks

const v1::Webhook* MemoryStore::FindWebhook(const TenantKey& key) const {
  const auto found = webhooks_.find(key);
  return found == webhooks_.end() ? nullptr : &found->second;
}

int MemoryStore::CountWebhooks(const std::string& tenant) const {
  int count = 0;
  for (auto row = webhooks_.lower_bound({tenant, ""}); row != webhooks_.end() && row->first.first == tenant; ++row) {
    ++count;
  }
  return count;
}

void MemoryStore::ApplyWrite(CreateWebhook& write) {
  const std::string id = WebhookId(write.tenant, write.webhook);
  const TenantKey name{write.tenant, absl::AsciiStrToLower(write.webhook.display_name())};
  if (FindWebhook({write.tenant, id}) != nullptr) {
    write.status = WebhookIdTakenError(id);
  } else if (webhooks_by_name_.contains(name)) {
    write.status = DisplayNameTakenError(write.webhook.display_name());
  } else if (write.webhooks_max > 0 && CountWebhooks(write.tenant) >= write.webhooks_max) {
    write.status = WebhookLimitError(write.webhooks_max);
  } else {
    webhooks_[{write.tenant, id}] = write.webhook;
    webhooks_by_name_[name] = id;
    uids_.insert({write.tenant, write.webhook.uid()});
    write.status = absl::OkStatus();
  }
}

void MemoryStore::ApplyWrite(ReplaceWebhook& write) {
  const std::string id = WebhookId(write.tenant, write.webhook);
  const auto found = webhooks_.find({write.tenant, id});
  const TenantKey name{write.tenant, absl::AsciiStrToLower(write.webhook.display_name())};
  const auto named = webhooks_by_name_.find(name);
  if (found == webhooks_.end()) {
    write.status = WebhookNotFoundError(id);
  } else if (found->second.uid() != write.webhook.uid() || found->second.etag() != write.expected_etag) {
    write.status = EtagMismatchError(id);
  } else if (named != webhooks_by_name_.end() && named->second != id) {
    write.status = DisplayNameTakenError(write.webhook.display_name());
  } else {
    webhooks_by_name_.erase({write.tenant, absl::AsciiStrToLower(found->second.display_name())});
    webhooks_by_name_[name] = id;
    found->second = write.webhook;
    write.status = absl::OkStatus();
    if (write.event.has_value()) ApplyWrite(*write.event);
  }
}

void MemoryStore::ApplyWrite(DeleteWebhook& write) {
  const auto found = webhooks_.find({write.tenant, write.id});
  if (found == webhooks_.end()) {
    write.status = WebhookNotFoundError(write.id);
    return;
  }
  if (!write.expected_etag.empty() && found->second.etag() != write.expected_etag) {
    write.status = EtagMismatchError(write.id);
    return;
  }
  const std::string uid = found->second.uid();
  if (const auto lane = lanes_.find(uid); lane != lanes_.end()) {
    const auto open = lane->second.open;  // a copy: Close takes them out one by one
    for (const auto& [due, sequence] : open) Cancel(sequence, deliveries_.at(sequence), write.now);
  }
  uids_.erase({write.tenant, uid});
  health_.erase({write.tenant, uid});
  webhooks_by_name_.erase({write.tenant, absl::AsciiStrToLower(found->second.display_name())});
  webhooks_.erase(found);
  write.status = absl::OkStatus();
}

void MemoryStore::ApplyWrite(SaveHealth& write) {
  write.status = absl::OkStatus();
  if (uids_.contains({write.tenant, write.webhook_uid})) health_[{write.tenant, write.webhook_uid}] = write.health;
}

// ---- Events and deliveries

void MemoryStore::ApplyWrite(EnqueueEvent& write) {
  const Sequence sequence = last_sequence_ = NextSequence(last_sequence_, write.now);
  if (write.event.id().empty()) write.event.set_id(GeneratedEventId(sequence));
  if (!events_by_id_.insert({{write.tenant, write.event.id()}, sequence}).second) {
    write.status = EventIdReusedError(write.event.id());
    write.sequence = 0;
    for (EnqueueEvent::Target& target : write.targets) target.delivery = target.token = 0;
    last_sequence_ += static_cast<Sequence>(write.targets.size());
    return;
  }
  write.sequence = sequence;
  write.event.set_name(EventName(write.event.id()));
  *write.event.mutable_accept_time() = ToProto(TimeOfSequence(sequence));
  EventRow& row = events_[write.sequence];
  row.tenant = write.tenant;
  row.stored.sequence = write.sequence;
  row.stored.event = write.event;
  row.stored.content_hash = write.content_hash;
  for (EnqueueEvent::Target& target : write.targets) AddDelivery(write, target);
  row.stored.delivery_count = row.deliveries_left;
  write.status = absl::OkStatus();
}

void MemoryStore::AddDelivery(const EnqueueEvent& event, EnqueueEvent::Target& target) {
  const bool exists = uids_.contains({event.tenant, target.webhook_uid});
  target.delivery = exists ? last_sequence_ + 1 : 0;
  target.token = 0;
  ++last_sequence_;  // also for a webhook that is gone
  if (!exists) return;
  DeliveryRow& row = AddRow(events_.at(event.sequence), target, event.now);
  if (target.claim && row.due != absl::InfiniteFuture()) {
    target.token = row.token = ++last_token_;
    row.lease_end = event.lease_end;
  }
}

MemoryStore::DeliveryRow& MemoryStore::AddRow(EventRow& event, const EnqueueEvent::Target& target, absl::Time now) {
  DeliveryRow& row = deliveries_[target.delivery];
  row.tenant = event.tenant;
  row.event = event.stored.sequence;
  ++event.deliveries_left;
  row.ordering_key = event.stored.event.ordering_key();
  const bool waits = !row.ordering_key.empty() && HasOpenOfKey(target.webhook_uid, row.ordering_key);
  row.due = waits ? absl::InfiniteFuture() : StoredTime(now);
  row.open_time = TimeOfSequence(target.delivery);
  row.delivery.set_name(DeliveryName(target.delivery));
  row.delivery.set_event(event.stored.event.name());
  row.delivery.set_webhook(WebhookName(target.webhook_id));
  row.delivery.set_webhook_uid(target.webhook_uid);
  row.delivery.set_event_type(event.stored.event.type());
  row.delivery.set_state(v1::Delivery::PENDING);
  *row.delivery.mutable_create_time() = ToProto(TimeOfSequence(target.delivery));
  *row.delivery.mutable_update_time() = row.delivery.create_time();
  Open(target.delivery, row);
  return row;
}

void MemoryStore::ApplyWrite(ClaimDeliveries& write) {
  write.status = absl::OkStatus();
  write.claimed.clear();
  write.next_due = absl::InfiniteFuture();
  const auto lane = lanes_.find(write.webhook_uid);
  if (lane == lanes_.end() || lane->second.tenant != write.tenant) return;
  int64_t bytes = 0;
  for (const auto& [due, sequence] : lane->second.open) {
    const DeliveryRow& row = deliveries_.at(sequence);
    if (row.token != 0 && row.lease_end > write.now) {
      write.next_due = std::min(write.next_due, std::max(due, row.lease_end));
      continue;
    }
    const bool enough = static_cast<int>(write.claimed.size()) >= write.count_max || bytes > write.bytes_max;
    if (enough || due > write.now) {
      write.next_due = std::min(write.next_due, due);
      return;
    }
    ClaimRow(write, sequence, write.claimed);
    bytes += static_cast<int64_t>(write.claimed.back().event.data_json().size());
  }
}

void MemoryStore::ClaimRow(const ClaimDeliveries& write, Sequence sequence, std::vector<ClaimedDelivery>& claimed) {
  DeliveryRow& row = deliveries_.at(sequence);
  row.token = ++last_token_;
  row.lease_end = write.lease_end;
  claimed.push_back({{sequence, row.token},
                     row.delivery.attempt_count(),
                     row.attempts_former,
                     row.open_time,
                     events_.at(row.event).stored.event});
}

MemoryStore::DeliveryRow* MemoryStore::FindClaimed(const std::string& tenant, const Claim& claim) {
  const auto found = deliveries_.find(claim.delivery);
  if (found == deliveries_.end() || found->second.tenant != tenant) return nullptr;
  return claim.token != 0 && found->second.token == claim.token ? &found->second : nullptr;
}

void MemoryStore::Open(Sequence sequence, DeliveryRow& row) {
  Lane& lane = lanes_[row.delivery.webhook_uid()];
  lane.tenant = row.tenant;
  lane.open.insert({row.due, sequence});
  open_.insert(sequence);
  if (!row.ordering_key.empty()) lane.open_by_key[row.ordering_key].insert(sequence);
  if (row.due != absl::InfiniteFuture()) *row.delivery.mutable_next_attempt_time() = ToProto(row.due);
}

bool MemoryStore::HasOpenOfKey(const std::string& webhook_uid, const std::string& key) const {
  const auto lane = lanes_.find(webhook_uid);
  return lane != lanes_.end() && lane->second.open_by_key.contains(key);
}

void MemoryStore::AdvanceKey(const std::string& webhook_uid, const std::string& key, absl::Time now) {
  if (!HasOpenOfKey(webhook_uid, key)) return;
  Lane& lane = lanes_.at(webhook_uid);
  const Sequence first = *lane.open_by_key.at(key).begin();
  DeliveryRow& row = deliveries_.at(first);
  if (row.due != absl::InfiniteFuture()) return;
  lane.open.erase({row.due, first});
  row.due = StoredTime(now);
  lane.open.insert({row.due, first});
  *row.delivery.mutable_next_attempt_time() = ToProto(row.due);
}

void MemoryStore::Close(Sequence sequence, DeliveryRow& row) {
  const auto lane = lanes_.find(row.delivery.webhook_uid());
  lane->second.open.erase({row.due, sequence});
  if (!row.ordering_key.empty()) {
    const auto of_key = lane->second.open_by_key.find(row.ordering_key);
    of_key->second.erase(sequence);
    if (of_key->second.empty()) lane->second.open_by_key.erase(of_key);
  }
  open_.erase(sequence);
  if (lane->second.open.empty()) lanes_.erase(lane);
  row.token = 0;
  row.delivery.clear_next_attempt_time();
}

void MemoryStore::ApplyWrite(SettleDelivery& write) {
  DeliveryRow* const row = FindClaimed(write.tenant, write.claim);
  if (row == nullptr) {
    write.status = ClaimLostError(write.claim.delivery);
    return;
  }
  Close(write.claim.delivery, *row);
  row->delivery.set_state(write.state);
  row->delivery.set_attempt_count(row->delivery.attempt_count() + 1);
  *row->delivery.mutable_update_time() = ToProto(StoredTime(write.now));
  row->invocations.push_back(write.result);
  if (write.next_attempt_time.has_value()) {
    row->due = StoredTime(*write.next_attempt_time);
    Open(write.claim.delivery, *row);
  } else if (write.ordered) {
    AdvanceKey(row->delivery.webhook_uid(), row->ordering_key, write.now);
  }
  write.status = absl::OkStatus();
  if (write.event.has_value()) ApplyWrite(*write.event);
}

void MemoryStore::ApplyWrite(ReleaseDelivery& write) {
  DeliveryRow* const row = FindClaimed(write.tenant, write.claim);
  write.status = row == nullptr ? ClaimLostError(write.claim.delivery) : absl::OkStatus();
  if (row != nullptr) row->token = 0;
}

}  // namespace herald
