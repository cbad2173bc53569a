// MemoryStore: removing what has expired.

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>

#include "src/store/memory_store.h"

namespace herald {

Sequence MemoryStore::EndOfRows(const DeleteExpired& write) const {
  auto event = events_.lower_bound(write.first);
  auto delivery = deliveries_.lower_bound(write.first);
  for (int64_t rows = 0;;) {
    const Sequence next_event = event == events_.end() ? INT64_MAX : event->first;
    const Sequence next_delivery = delivery == deliveries_.end() ? INT64_MAX : delivery->first;
    const Sequence next = std::min(next_event, next_delivery);
    if (next >= write.before) return std::max(write.first, write.before);
    const bool is_first = rows == 0;
    rows += next == next_event ? 1 : 1 + delivery->second.delivery.attempt_count();
    if (rows > write.rows_max && !is_first) return next;
    next == next_event ? static_cast<void>(++event) : static_cast<void>(++delivery);
  }
}

void MemoryStore::DeleteEventIfUnused(Sequence event, DeleteExpired& write) {
  const auto found = events_.find(event);
  if (found == events_.end() || found->second.deliveries_left > 0) return;
  events_by_id_.erase({found->second.tenant, found->second.stored.event.id()});
  events_.erase(found);
  ++write.events;
}

void MemoryStore::ApplyWrite(DeleteExpired& write) {
  write.events = write.deliveries = write.invocations = 0;
  write.next = EndOfRows(write);
  write.more = write.next < write.before;
  for (auto row = deliveries_.lower_bound(write.first); row != deliveries_.end() && row->first < write.next;) {
    const Sequence event = row->second.event;
    const v1::Delivery::State state = row->second.delivery.state();
    if (state == v1::Delivery::PENDING || state == v1::Delivery::RETRYING) {
      ++row;
      continue;
    }
    write.invocations += static_cast<int64_t>(row->second.invocations.size());
    ++write.deliveries;
    row = deliveries_.erase(row);
    if (--events_.at(event).deliveries_left == 0 && event < write.first) DeleteEventIfUnused(event, write);
  }
  for (auto row = events_.lower_bound(write.first); row != events_.end() && row->first < write.next;) {
    DeleteEventIfUnused((row++)->first, write);
  }
  const auto kept = events_.lower_bound(write.before);
  write.first_kept = write.more || kept == events_.end() ? INT64_MAX : kept->first;
  if (!write.more) {
    for (auto replay = replays_.begin(); replay != replays_.lower_bound(write.before);) {
      replay = replay->second.replay.state() == v1::Replay::RUNNING ? std::next(replay) : replays_.erase(replay);
    }
  }
  write.status = absl::OkStatus();
}

}  // namespace herald
