// Whether the server still takes calls, and which are under way, so that a stop can wait for these and for nothing
// else: a stream of health or reflection would keep it waiting for as long as its caller likes.
//
// Thread-safe.

#ifndef HERALD_RPC_DRAINING_H_
#define HERALD_RPC_DRAINING_H_

#include <chrono>

#include "src/base/mutex.h"

namespace herald {

class Draining {
 public:
  // A call begins. False: no more calls are taken; then it does not count, and Leave is not for it.
  bool Enter();
  // A call that entered has ended, its answer sent.
  void Leave();

  // No call enters from now on.
  void Begin();
  // Waits until no call is under way, or until `deadline`.
  void WaitForCalls(std::chrono::steady_clock::time_point deadline);

 private:
  Mutex mutex_;
  CondVar none_left_;
  bool begun_ ABSL_GUARDED_BY(mutex_) = false;
  int under_way_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace herald

#endif  // HERALD_RPC_DRAINING_H_
