// A thread that runs tasks one at a time: what confines state to a thread so that it needs no lock.
//
// Post and RunAt are thread-safe. Start and Stop are for the owner. Without Start, the owner runs tasks by RunOnce
// (tests do, with a clock of their own).

#ifndef HERALD_ENGINE_LOOP_H_
#define HERALD_ENGINE_LOOP_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "src/base/clock.h"
#include "src/base/mutex.h"

namespace herald {

class Loop {
 public:
  using Task = std::function<void()>;

  explicit Loop(const Clock& clock) : clock_(clock) {}
  ~Loop() { Stop(); }

  // Begins a thread of this name (at most 15 characters).
  void Start(const std::string& name);
  // Runs what was posted before, then ends the thread. What comes later, and what waits for its time, is never run.
  void Stop();

  // Runs `task` soon, after all tasks that were posted before.
  void Post(Task task);
  // Runs `task` once Clock::Monotonic() has reached `at`.
  void RunAt(absl::Duration at, Task task);

  // Runs what has been posted and what is due; returns when the next one is due (InfiniteDuration: none).
  absl::Duration RunOnce();

 private:
  void Run();

  const Clock& clock_;
  Mutex mutex_;
  CondVar wake_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<Task> posted_ ABSL_GUARDED_BY(mutex_);
  std::multimap<absl::Duration, Task> timers_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace herald

#endif  // HERALD_ENGINE_LOOP_H_
