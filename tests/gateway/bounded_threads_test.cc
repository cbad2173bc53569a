#include "src/gateway/bounded_threads.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace herald {
namespace {

// Counts those inside, and lets them out when it is opened.
class Gate {
 public:
  void Pass() {
    MutexLock lock(mutex_);
    most_ = std::max(most_, ++inside_);
    while (!open_) changed_.Wait(mutex_);
    --inside_;
    ++passed_;
  }
  void Open() {
    MutexLock lock(mutex_);
    open_ = true;
    changed_.NotifyAll();
  }
  int most() {
    MutexLock lock(mutex_);
    return most_;
  }
  int passed() {
    MutexLock lock(mutex_);
    return passed_;
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  bool open_ ABSL_GUARDED_BY(mutex_) = false;
  int inside_ ABSL_GUARDED_BY(mutex_) = 0;
  int most_ ABSL_GUARDED_BY(mutex_) = 0;
  int passed_ ABSL_GUARDED_BY(mutex_) = 0;
};

TEST(BoundedThreads, RunNoMoreThanTheyAreAndLoseNothing) {
  constexpr int kTasks = 50;
  Gate gate;
  BoundedThreads threads(2, 3);
  // Waits for room until the gate opens.
  std::thread bringer([&] {
    for (int i = 0; i < kTasks; ++i) threads.enqueue([&gate] { gate.Pass(); });
  });
  gate.Open();
  bringer.join();
  threads.shutdown();
  EXPECT_EQ(gate.passed(), kTasks);
  EXPECT_LE(gate.most(), 2);
}

TEST(BoundedThreads, EndWithoutEverHavingHadWork) {
  BoundedThreads threads(2, 1);
  threads.shutdown();
}

}  // namespace
}  // namespace herald
