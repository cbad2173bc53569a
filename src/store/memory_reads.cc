// MemoryStore: what is read.

#include <algorithm>
#include <iterator>
#include <utility>

#include "src/core/names.h"
#include "src/store/invocation_parts.h"
#include "src/store/memory_store.h"
#include "src/store/page_builder.h"
#include "src/store/store_errors.h"

namespace herald {

absl::StatusOr<std::vector<StoredWebhook>> MemoryStore::LoadWebhooks() {
  MutexLock lock(mutex_);
  std::vector<StoredWebhook> webhooks;
  for (const auto& [key, webhook] : webhooks_) webhooks.push_back({key.first, webhook});
  return webhooks;
}

absl::StatusOr<std::vector<StoredHealth>> MemoryStore::LoadHealth() {
  MutexLock lock(mutex_);
  std::vector<StoredHealth> all;
  for (const auto& [key, health] : health_) all.push_back({key.first, key.second, health});
  return all;
}

absl::StatusOr<int64_t> MemoryStore::CountOpenDeliveries(const std::string& tenant, const std::string& webhook_uid,
                                                         int64_t count_max) {
  MutexLock lock(mutex_);
  const auto lane = lanes_.find(webhook_uid);
  if (lane == lanes_.end() || lane->second.tenant != tenant) return 0;
  return std::min(static_cast<int64_t>(lane->second.open.size()), count_max);
}

absl::StatusOr<std::vector<OpenLane>> MemoryStore::LoadOpenLanes() {
  MutexLock lock(mutex_);
  std::vector<OpenLane> lanes;  // the first of each is due: what waits, waits for another of the lane
  for (const auto& [uid, lane] : lanes_) lanes.push_back({lane.tenant, uid, lane.open.begin()->first});
  return lanes;
}

absl::StatusOr<QueueState> MemoryStore::ReadQueue() {
  MutexLock lock(mutex_);
  QueueState queue;
  queue.open = static_cast<int64_t>(open_.size());
  if (!open_.empty()) queue.oldest = TimeOfSequence(*open_.begin());
  return queue;
}

absl::StatusOr<StoredEvent> MemoryStore::FindEvent(const std::string& tenant, const std::string& id) {
  MutexLock lock(mutex_);
  const auto found = events_by_id_.find({tenant, id});
  if (found == events_by_id_.end()) return EventNotFoundError(id);
  return events_.at(found->second).stored;
}

absl::StatusOr<Page<StoredEvent>> MemoryStore::ListEvents(const std::string& tenant, const EventQuery& query) {
  MutexLock lock(mutex_);
  PageBuilder<StoredEvent> page(query.bounds);
  // Whether the page takes more.
  const auto add = [&](const EventRow& row) {
    if (row.tenant != tenant || (!query.type.empty() && row.stored.event.type() != query.type)) return true;
    StoredEvent stored = row.stored;
    if (!query.with_payload) stored.event.clear_payload();
    const size_t bytes = stored.event.ByteSizeLong();
    return page.Add(std::move(stored), bytes);
  };
  const auto begin = events_.lower_bound(query.range.first);
  const auto end = events_.lower_bound(std::max(query.range.first, query.range.end));
  if (query.oldest_first) {
    for (auto row = begin; row != end && add(row->second); ++row) {
    }
  } else {
    for (auto row = end; row != begin && add((--row)->second);) {
    }
  }
  return std::move(page).Build();
}

absl::StatusOr<v1::Delivery> MemoryStore::FindDelivery(const std::string& tenant, Sequence delivery) {
  MutexLock lock(mutex_);
  const auto found = deliveries_.find(delivery);
  if (found == deliveries_.end() || found->second.tenant != tenant) return DeliveryNotFoundError(delivery);
  v1::Delivery whole = found->second.delivery;
  if (!found->second.invocations.empty()) *whole.mutable_last_result() = found->second.invocations.back();
  return whole;
}

bool MemoryStore::Matches(const std::string& tenant, const DeliveryQuery& query, const DeliveryRow& row) const {
  const v1::Delivery& delivery = row.delivery;
  return row.tenant == tenant && (query.webhook_id.empty() || delivery.webhook() == WebhookName(query.webhook_id)) &&
         (query.event_id.empty() || delivery.event() == EventName(query.event_id)) &&
         (query.event_type.empty() || delivery.event_type() == query.event_type) &&
         (query.state == v1::Delivery::STATE_UNSPECIFIED || delivery.state() == query.state);
}

absl::StatusOr<Page<v1::Delivery>> MemoryStore::ListDeliveries(const std::string& tenant, const DeliveryQuery& query) {
  MutexLock lock(mutex_);
  PageBuilder<v1::Delivery> page(query.bounds);
  for (auto row = std::make_reverse_iterator(deliveries_.lower_bound(query.range.end));
       row != deliveries_.rend() && row->first >= query.range.first; ++row) {
    if (!Matches(tenant, query, row->second)) continue;
    v1::Delivery delivery = row->second.delivery;
    if (!row->second.invocations.empty()) {
      *delivery.mutable_last_result() = row->second.invocations.back();
      if (!query.with_bodies) RemoveBodies(*delivery.mutable_last_result());
    }
    const size_t bytes = delivery.ByteSizeLong();
    if (!page.Add(std::move(delivery), bytes)) break;
  }
  return std::move(page).Build();
}

absl::StatusOr<Page<v1::InvocationResult>> MemoryStore::ListInvocations(const std::string& tenant, Sequence delivery,
                                                                        int after, const PageBounds& bounds) {
  MutexLock lock(mutex_);
  PageBuilder<v1::InvocationResult> page(bounds);
  const auto found = deliveries_.find(delivery);
  if (found == deliveries_.end() || found->second.tenant != tenant) return std::move(page).Build();
  const auto& invocations = found->second.invocations;
  for (size_t i = static_cast<size_t>(std::max(after, 0)); i < invocations.size(); ++i) {
    if (!page.Add(invocations[i], invocations[i].ByteSizeLong())) break;
  }
  return std::move(page).Build();
}

}  // namespace herald
