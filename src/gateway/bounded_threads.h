// A fixed number of threads and a short queue before them: whoever brings more work waits.
//
// Thread-safe. It is what cpp-httplib runs its connections on.

#ifndef HERALD_GATEWAY_BOUNDED_THREADS_H_
#define HERALD_GATEWAY_BOUNDED_THREADS_H_

#include <httplib.h>

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "src/base/mutex.h"

namespace herald {

class BoundedThreads final : public httplib::TaskQueue {
 public:
  BoundedThreads(size_t threads, size_t waiting_max);

  // Waits while `waiting_max` tasks wait.
  void enqueue(std::function<void()> task) override;
  // Runs what was brought, then ends the threads.
  void shutdown() override;

 private:
  void Run();
  // The next task; none: the end.
  std::function<void()> Take();

  const size_t waiting_max_;
  Mutex mutex_;
  CondVar brought_;
  CondVar taken_;
  std::deque<std::function<void()>> waiting_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace herald

#endif  // HERALD_GATEWAY_BOUNDED_THREADS_H_
