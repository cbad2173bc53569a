#include "src/gateway/bounded_threads.h"

#include <pthread.h>

#include <utility>

namespace herald {

BoundedThreads::BoundedThreads(size_t threads, size_t waiting_max) : waiting_max_(waiting_max) {
  for (size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { Run(); });
    pthread_setname_np(threads_.back().native_handle(), "gateway");
  }
}

void BoundedThreads::enqueue(std::function<void()> task) {
  MutexLock lock(mutex_);
  while (waiting_.size() >= waiting_max_) taken_.Wait(mutex_);
  waiting_.push_back(std::move(task));
  brought_.NotifyOne();
}

void BoundedThreads::shutdown() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    brought_.NotifyAll();
  }
  for (std::thread& thread : threads_) thread.join();
}

std::function<void()> BoundedThreads::Take() {
  MutexLock lock(mutex_);
  while (waiting_.empty() && !stopping_) brought_.Wait(mutex_);
  if (waiting_.empty()) return nullptr;
  std::function<void()> task = std::move(waiting_.front());
  waiting_.pop_front();
  taken_.NotifyOne();
  return task;
}

void BoundedThreads::Run() {
  while (const std::function<void()> task = Take()) task();
}

}  // namespace herald
