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
  return Add(std::move(write), bytes, std::move(done), Kind::kOfCaller);
}

absl::Status Committer::SubmitOwn(Write write, Done done) {
  return Add(std::move(write), 0, std::move(done), Kind::kOwn);
}

absl::Status Committer::SubmitPatiently(Write write, Done done) {
  return Add(std::move(write), 0, std::move(done), Kind::kPatient);
}

absl::Status Committer::Add(Write write, int64_t bytes, Done done, Kind kind) {
  bool wake = false;
  {
    MutexLock lock(mutex_);
    if (stopping_) return MakeError(absl::StatusCode::kUnavailable, v1::DRAINING, "the server is stopping; call again");
    if (kind == Kind::kOfCaller && (static_cast<int64_t>(WaitingCount()) >= options_.waiting_writes_max ||
                                    waiting_bytes_ + bytes > options_.waiting_bytes_max)) {
      return QueueFullError(absl::Milliseconds(100));
    }
    if (WaitingCount() == 0) patient_until_ = std::chrono::steady_clock::now() + options_.patience;
    waiting_bytes_ += bytes;
    std::vector<Waiting>& waiting = std::holds_alternative<EnqueueEvent>(write) ? waiting_events_ : waiting_others_;
    waiting.push_back({std::move(write), bytes, std::move(done)});
    urgent_ = urgent_ || kind != Kind::kPatient;
    // It sleeps until there is a first to be patient with, and then until it is time.
    wake = WaitingCount() == 1 || IsTimeToApply();
  }
  if (wake) wake_.NotifyOne();
  return absl::OkStatus();
}

bool Committer::IsTimeToApply() const {
  return urgent_ || WaitingCount() >= options_.patient_writes_max ||
         (WaitingCount() > 0 && (stopping_ || std::chrono::steady_clock::now() >= patient_until_));
}

bool Committer::IsBusy() const {
  MutexLock lock(mutex_);
  return WaitingCount() > 0;
}

void Committer::TakeFrom(std::vector<Waiting>& waiting, std::vector<Waiting>& batch) {
  const size_t count = std::min(waiting.size(), options_.batch_writes_max);
  const auto end = waiting.begin() + static_cast<std::ptrdiff_t>(count);
  for (auto it = waiting.begin(); it != end; ++it) waiting_bytes_ -= it->bytes;
  batch.insert(batch.end(), std::make_move_iterator(waiting.begin()), std::make_move_iterator(end));
  waiting.erase(waiting.begin(), end);
}

bool Committer::RunOnce() {
  std::vector<Waiting> batch;
  {
    MutexLock lock(mutex_);
    TakeFrom(waiting_events_, batch);
    TakeFrom(waiting_others_, batch);
    urgent_ = WaitingCount() > 0;
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
  while (AwaitTimeToApply()) RunOnce();
}

bool Committer::AwaitTimeToApply() {
  MutexLock lock(mutex_);
  while (!IsTimeToApply()) {
    if (WaitingCount() > 0) {
      wake_.WaitUntil(mutex_, patient_until_);
    } else if (stopping_) {
      return false;
    } else {
      wake_.Wait(mutex_);
    }
  }
  return true;
}

}  // namespace herald
