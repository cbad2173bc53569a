// Where Herald gets the time from.
//
// Now() is the wall clock: it is stored and shown, and may step. Monotonic() only moves forward: timers and timeouts
// use it. Implementations are thread-safe.

#ifndef HERALD_BASE_CLOCK_H_
#define HERALD_BASE_CLOCK_H_

#include "absl/time/time.h"

namespace herald {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
  // Time since some fixed point of this process.
  virtual absl::Duration Monotonic() const = 0;
};

class SystemClock final : public Clock {
 public:
  absl::Time Now() const override;
  absl::Duration Monotonic() const override;
};

}  // namespace herald

#endif  // HERALD_BASE_CLOCK_H_
