#include "src/engine/committer.h"

#include <pthread.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "src/base/log.h"
#include "src/core/errors.h"

namespace herald {

void Committer::Start() {
  thread_ = std::thread([this] { Run(); });
  pthread_setname_np(thread_.native_handle(), "committer");
}

void Committer::Stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
  }
  wake_.NotifyOne();
  if (thread_.joinable()) thread_.join();
}

absl::Status Committer::Submit(Write write, int64_t bytes, Done done) {
  return Add(std::move(write), bytes, std::move(done), /*bounded=*/true);
}

absl::Status Committer::SubmitOwn(Write write, Done done) {
  return Add(std::move(write), 0, std::move(done), /*bounded=*/false);
}

absl::Status Committer::Add(Write write, int64_t bytes, Done done, bool bounded) {
  {
    MutexLock lock(mutex_);
    if (stopping_) return MakeError(absl::StatusCode::kUnavailable, v1::DRAINING, "the server is stopping; call again");
    if (bounded && (static_cast<int64_t>(waiting_.size()) >= options_.waiting_writes_max ||
                    waiting_bytes_ + bytes > options_.waiting_bytes_max)) {
      return QueueFullError(absl::Milliseconds(100));
    }
    waiting_bytes_ += bytes;
    waiting_.push_back({std::move(write), bytes, std::move(done)});
  }
  wake_.NotifyOne();
  return absl::OkStatus();
}

std::vector<Committer::Waiting> Committer::Take() {
  std::vector<Waiting> batch;
  if (waiting_.size() <= options_.batch_writes_max) {
    batch.swap(waiting_);
  } else {
    const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(options_.batch_writes_max);
    batch.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
  }
  for (const Waiting& waiting : batch) waiting_bytes_ -= waiting.bytes;
  return batch;
}

bool Committer::RunOnce() {
  std::vector<Waiting> batch;
  {
    MutexLock lock(mutex_);
    batch = Take();
  }
  if (batch.empty()) return false;
  Apply(std::move(batch));
  return true;
}

void Committer::Apply(std::vector<Waiting> batch) {
  WriteBatch writes;
  writes.reserve(batch.size());
  for (Waiting& waiting : batch) writes.push_back(std::move(waiting.write));
  if (observer_ != nullptr) observer_->BeforeApply(writes);
  const absl::Status applied = store_.Apply(writes);
  if (!applied.ok()) log::Error("the store refused a batch", {{"reason", applied.message()}});
  for (size_t i = 0; i < batch.size(); ++i) {
    const absl::Status& own =
        std::visit([](const auto& write) -> const absl::Status& { return write.status; }, writes[i]);
    batch[i].done(applied.ok() ? own : applied, writes[i]);
  }
  if (observer_ != nullptr) observer_->AfterBatch();
}

void Committer::Run() {
  for (;;) {
    if (RunOnce()) continue;
    MutexLock lock(mutex_);
    while (waiting_.empty() && !stopping_) wake_.Wait(mutex_);
    if (waiting_.empty()) return;
  }
}

}  // namespace herald
