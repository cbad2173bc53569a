#include "src/engine/loop.h"

#include <pthread.h>

#include <chrono>

namespace herald {

void Loop::Start(const std::string& name) {
  thread_ = std::thread([this] { Run(); });
  pthread_setname_np(thread_.native_handle(), name.c_str());
}

void Loop::Stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
  }
  wake_.NotifyOne();
  if (thread_.joinable()) thread_.join();
}

void Loop::Post(Task task) {
  {
    MutexLock lock(mutex_);
    if (stopping_) return;
    posted_.push_back(std::move(task));
  }
  wake_.NotifyOne();
}

void Loop::RunAt(absl::Duration at, Task task) {
  {
    MutexLock lock(mutex_);
    if (stopping_) return;
    timers_.emplace(at, std::move(task));
  }
  wake_.NotifyOne();
}

absl::Duration Loop::RunOnce() {
  std::vector<Task> tasks;
  {
    MutexLock lock(mutex_);
    tasks.swap(posted_);
    const auto due_end = timers_.upper_bound(clock_.Monotonic());
    for (auto it = timers_.begin(); it != due_end; ++it) tasks.push_back(std::move(it->second));
    timers_.erase(timers_.begin(), due_end);
  }
  for (Task& task : tasks) task();
  MutexLock lock(mutex_);
  if (!posted_.empty()) return absl::ZeroDuration();
  return timers_.empty() ? absl::InfiniteDuration() : timers_.begin()->first;
}

void Loop::Run() {
  for (;;) {
    const absl::Duration next = RunOnce();
    MutexLock lock(mutex_);
    if (!posted_.empty()) continue;
    if (stopping_) return;
    if (!timers_.empty() && timers_.begin()->first < next) continue;
    if (next == absl::InfiniteDuration()) {
      wake_.Wait(mutex_);
    } else {
      wake_.WaitUntil(mutex_, std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(next - clock_.Monotonic()));
    }
  }
}

}  // namespace herald
