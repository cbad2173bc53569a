// Deliveries that people cancel and retry.

#include <utility>
#include <vector>

#include "src/base/protobuf_time.h"
#include "src/core/names.h"
#include "src/store/memory_store.h"
#include "src/store/replay_progress.h"
#include "src/store/store_errors.h"

namespace herald {

void MemoryStore::Cancel(Sequence sequence, DeliveryRow& row, absl::Time now) {
  Close(sequence, row);
  row.delivery.set_state(v1::Delivery::CANCELLED);
  *row.delivery.mutable_update_time() = ToProto(StoredTime(now));
}

void MemoryStore::ApplyWrite(CancelDeliveries& write) {
  write.status = absl::OkStatus();
  write.cancelled.clear();
  const auto lane = lanes_.find(write.webhook_uid);
  if (lane == lanes_.end() || lane->second.tenant != write.tenant) return;
  const auto& open = lane->second.open;
  std::vector<Sequence> found;
  const auto find = [&](auto begin, auto end) {
    for (auto each = begin; each != end && static_cast<int>(found.size()) < write.count_max; ++each) {
      if (each->second >= write.range.first && each->second < write.range.end) found.push_back(each->second);
    }
  };
  const auto waiting = open.lower_bound({absl::InfiniteFuture(), 0});
  find(waiting, open.end());
  find(open.begin(), waiting);
  std::vector<std::string> keys_passed_on;
  for (const Sequence sequence : found) {
    DeliveryRow& row = deliveries_.at(sequence);
    write.cancelled.push_back({sequence, row.token});
    if (!row.ordering_key.empty() && row.due != absl::InfiniteFuture()) keys_passed_on.push_back(row.ordering_key);
    Cancel(sequence, row, write.now);
  }
  for (const std::string& key : keys_passed_on) AdvanceKey(write.webhook_uid, key, write.now);
}

void MemoryStore::ApplyWrite(RetryDelivery& write) {
  const auto found = deliveries_.find(write.delivery);
  if (found == deliveries_.end() || found->second.tenant != write.tenant) {
    write.status = DeliveryNotFoundError(write.delivery);
    return;
  }
  DeliveryRow& row = found->second;
  v1::Delivery& delivery = row.delivery;
  const bool webhook_exists = uids_.contains({write.tenant, delivery.webhook_uid()});
  write.status = CheckRetry(write, delivery.state(), webhook_exists,
                            IdInName(write.tenant, "webhooks", delivery.webhook()).value_or(""));
  if (!write.status.ok()) return;
  const absl::Time now = StoredTime(write.now);
  if (delivery.state() != v1::Delivery::PENDING && delivery.state() != v1::Delivery::RETRYING) {
    return OpenAgain(write.delivery, row, now);
  }
  if (row.due == absl::InfiniteFuture() || row.due <= now) return;
  lanes_.at(delivery.webhook_uid()).open.erase({row.due, write.delivery});
  row.due = now;
  *delivery.mutable_update_time() = ToProto(now);
  Open(write.delivery, row);
}

void MemoryStore::OpenAgain(Sequence sequence, DeliveryRow& row, absl::Time now) {
  v1::Delivery& delivery = row.delivery;
  const bool waits = !row.ordering_key.empty() && HasOpenOfKey(delivery.webhook_uid(), row.ordering_key);
  row.due = waits ? absl::InfiniteFuture() : StoredTime(now);
  row.attempts_former = delivery.attempt_count();
  row.open_time = StoredTime(now);
  delivery.set_state(StateOpenedAgain(delivery.attempt_count()));
  *delivery.mutable_update_time() = ToProto(StoredTime(now));
  Open(sequence, row);
}

}  // namespace herald
