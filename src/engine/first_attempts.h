// Who waits for the first attempts of an event's deliveries. Thread-safe.

#ifndef HERALD_ENGINE_FIRST_ATTEMPTS_H_
#define HERALD_ENGINE_FIRST_ATTEMPTS_H_

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "src/base/mutex.h"
#include "src/core/sequence.h"

namespace herald {

class FirstAttempts {
 public:
  using Done = std::function<void()>;

  struct Awaited {
    Sequence delivery = 0;
    std::string webhook_uid;
  };

  // Calls `done` once, when each of `deliveries` was attempted or when Expire is called with the ticket, whichever is
  // first. Register before the deliveries can be sent. With no deliveries it is called at once.
  using Ticket = uint64_t;
  Ticket Wait(const std::vector<Awaited>& deliveries, const Done& done);
  void Expire(Ticket ticket);

  // Whether somebody waits for this delivery's attempt.
  bool IsAwaited(Sequence delivery) const;
  // A delivery's attempt was recorded.
  void Attempted(Sequence delivery);
  // A webhook was deleted: its deliveries are not attempted any more.
  void Gone(const std::string& webhook_uid);
  // No attempts are made any more: who waits is answered now, and who comes later at once.
  void Close();

 private:
  struct Waiter {
    size_t left = 0;
    std::vector<Sequence> deliveries;
    Done done;
  };

  struct Waiting {
    Ticket ticket = 0;
    std::string webhook_uid;
  };

  // 0: nothing is to be waited for any more.
  Ticket Add(const std::vector<Awaited>& deliveries, const Done& done);
  Done Remove(Ticket ticket) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable Mutex mutex_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  Ticket last_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_map<Ticket, Waiter> waiters_ ABSL_GUARDED_BY(mutex_);
  std::unordered_multimap<Sequence, Waiting> waiting_for_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace herald

#endif  // HERALD_ENGINE_FIRST_ATTEMPTS_H_
