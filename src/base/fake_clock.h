// A clock that moves when it is told to. Thread-safe.

#ifndef HERALD_BASE_FAKE_CLOCK_H_
#define HERALD_BASE_FAKE_CLOCK_H_

#include "src/base/clock.h"
#include "src/base/mutex.h"

namespace herald {

class FakeClock final : public Clock {
 public:
  explicit FakeClock(absl::Time now) : now_(now) {}
  absl::Time Now() const override {
    MutexLock lock(mutex_);
    return now_;
  }
  absl::Duration Monotonic() const override {
    MutexLock lock(mutex_);
    return monotonic_;
  }
  // Time passes.
  void Advance(absl::Duration by) {
    MutexLock lock(mutex_);
    now_ += by;
    monotonic_ += by;
  }
  // Somebody sets the wall clock, forward or back.
  void Step(absl::Duration by) {
    MutexLock lock(mutex_);
    now_ += by;
  }

 private:
  mutable Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
  absl::Duration monotonic_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace herald

#endif  // HERALD_BASE_FAKE_CLOCK_H_
