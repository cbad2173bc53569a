// Who waits for the first attempts of an event's deliveries. Thread-safe.

#ifndef HERALD_ENGINE_FIRST_ATTEMPTS_H_
#define HERALD_ENGINE_FIRST_ATTEMPTS_H_

#include <functional>
#include <unordered_map>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "src/base/mutex.h"
#include "src/core/sequence.h"

namespace herald {

class FirstAttempts {
 public:
  using Done = std::function<void()>;

  // Calls `done` once, when each of `deliveries` was attempted or when Expire is called with the ticket, whichever is
  // first. Register before the deliveries can be sent. With no deliveries it is called at once.
  using Ticket = uint64_t;
  Ticket Wait(const std::vector<Sequence>& deliveries, Done done);
  void Expire(Ticket ticket);

  // A delivery's attempt was recorded, or there will be none.
  void Attempted(Sequence delivery);

 private:
  struct Waiter {
    size_t left = 0;
    std::vector<Sequence> deliveries;
    Done done;
  };

  Done Remove(Ticket ticket) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Mutex mutex_;
  Ticket last_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_map<Ticket, Waiter> waiters_ ABSL_GUARDED_BY(mutex_);
  std::unordered_multimap<Sequence, Ticket> waiting_for_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace herald

#endif  // HERALD_ENGINE_FIRST_ATTEMPTS_H_
