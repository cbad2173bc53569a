#include "src/rpc/draining.h"

namespace herald {

bool Draining::Enter() {
  MutexLock lock(mutex_);
  if (begun_) return false;
  ++under_way_;
  return true;
}

void Draining::Leave() {
  MutexLock lock(mutex_);
  if (--under_way_ == 0) none_left_.NotifyAll();
}

void Draining::Begin() {
  MutexLock lock(mutex_);
  begun_ = true;
}

void Draining::WaitForCalls(std::chrono::steady_clock::time_point deadline) {
  MutexLock lock(mutex_);
  while (under_way_ > 0 && std::chrono::steady_clock::now() < deadline) none_left_.WaitUntil(mutex_, deadline);
}

}  // namespace herald
