// MemoryStore: replays.

#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "src/base/protobuf_time.h"
#include "src/core/names.h"
#include "src/store/memory_store.h"
#include "src/store/page_builder.h"
#include "src/store/replay_progress.h"
#include "src/store/store_errors.h"

namespace herald {

void MemoryStore::ApplyWrite(CreateReplay& write) {
  write.sequence = 0;
  const int64_t running = absl::c_count_if(replays_, [&](const auto& each) {
    return each.second.tenant == write.tenant && each.second.replay.state() == v1::Replay::RUNNING;
  });
  write.status = CheckReplay(write, uids_.contains({write.tenant, write.replay.webhook_uid()}),
                             IdInName(write.tenant, "webhooks", write.replay.webhook()).value_or(""), running);
  if (!write.status.ok()) return;
  write.sequence = last_sequence_ = NextSequence(last_sequence_, write.now);
  StoredReplay stored = BeginReplay(write);
  write.replay = stored.replay;
  replays_.emplace(write.sequence, std::move(stored));
}

Sequence MemoryStore::OpenReplayed(ContinueReplay& write, const v1::Replay& replay) {
  int rows = 0;
  for (auto row = deliveries_.lower_bound(write.range.first); row != deliveries_.end() && row->first < write.range.end;
       ++row) {
    const v1::Delivery& delivery = row->second.delivery;
    if (row->second.tenant != write.tenant || delivery.webhook() != replay.webhook()) continue;
    const bool in_states = IsReplayed(replay, delivery.state());
    if (!in_states && !IsReplayed(replay, v1::Delivery::SUCCEEDED)) continue;
    if (in_states && delivery.webhook_uid() == replay.webhook_uid()) {
      OpenAgain(row->first, row->second, write.now);
      write.opened.push_back({row->first, delivery.state(), false});
    }
    if (++rows == write.rows_max) return row->first + 1;
  }
  return write.range.end;
}

bool MemoryStore::HasDelivery(Sequence event, const std::string& webhook_uid) const {
  return absl::c_any_of(deliveries_, [&](const auto& each) {
    return each.second.event == event && each.second.delivery.webhook_uid() == webhook_uid;
  });
}

void MemoryStore::AddMissed(ContinueReplay& write, v1::Replay& replay, Sequence before) {
  const std::string webhook_id(IdInName(write.tenant, "webhooks", replay.webhook()).value_or(""));
  for (const ContinueReplay::Missed& missed : write.missed) {
    if (missed.event >= before || HasDelivery(missed.event, replay.webhook_uid())) continue;
    replay.set_matched(replay.matched() + 1);
    const Sequence sequence = last_sequence_ = NextSequence(last_sequence_, write.now);
    const auto event = events_.find(missed.event);
    if (event == events_.end() || event->second.tenant != write.tenant) continue;
    AddRow(event->second, {webhook_id, replay.webhook_uid(), false, sequence, 0}, write.now);
    ++event->second.stored.delivery_count;
    replay.set_replayed(replay.replayed() + 1);
    write.opened.push_back({sequence, v1::Delivery::PENDING, true});
  }
}

void MemoryStore::ApplyWrite(ContinueReplay& write) {
  write.opened.clear();
  const auto found = replays_.find(write.replay);
  const bool exists = found != replays_.end() && found->second.tenant == write.tenant;
  write.status = exists ? CheckStep(write, found->second) : ReplayNotFoundError(write.replay);
  if (!write.status.ok()) return;
  StoredReplay& stored = found->second;
  if (uids_.contains({write.tenant, stored.replay.webhook_uid()})) {
    const Sequence next = OpenReplayed(write, stored.replay);
    const auto count = static_cast<int64_t>(write.opened.size());
    stored.replay.set_matched(stored.replay.matched() + count);
    stored.replay.set_replayed(stored.replay.replayed() + count);
    AddMissed(write, stored.replay, next);
    MoveOn(stored, next, write.now);
  } else {
    CancelReplay(stored, write.now);
  }
  write.after = stored;
}

absl::StatusOr<std::vector<StoredReplay>> MemoryStore::LoadRunningReplays() {
  MutexLock lock(mutex_);
  std::vector<StoredReplay> running;
  for (const auto& [sequence, stored] : replays_) {
    if (stored.replay.state() == v1::Replay::RUNNING) running.push_back(stored);
  }
  return running;
}

absl::StatusOr<v1::Replay> MemoryStore::FindReplay(const std::string& tenant, Sequence replay) {
  MutexLock lock(mutex_);
  const auto found = replays_.find(replay);
  if (found == replays_.end() || found->second.tenant != tenant) return ReplayNotFoundError(replay);
  return found->second.replay;
}

absl::StatusOr<Page<v1::Replay>> MemoryStore::ListReplays(const std::string& tenant, const ReplayQuery& query) {
  MutexLock lock(mutex_);
  PageBuilder<v1::Replay> page(query.bounds);
  for (auto row = std::make_reverse_iterator(replays_.lower_bound(query.before)); row != replays_.rend(); ++row) {
    const v1::Replay& replay = row->second.replay;
    if (row->second.tenant != tenant) continue;
    if (!query.webhook_id.empty() && replay.webhook() != WebhookName(query.webhook_id)) continue;
    if (!page.Add(replay, replay.ByteSizeLong())) break;
  }
  return std::move(page).Build();
}

}  // namespace herald
