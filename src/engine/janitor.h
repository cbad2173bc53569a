// The janitor removes what is older than the retention: closed deliveries with their invocations, and events without
// deliveries. Open deliveries stay, whatever their age.
//
// One small write at a time, with a pause after each, and put off while other writes wait for the store. It sleeps
// until the oldest event can expire, between a minute and an hour. A pass goes on where the last one ended, so that old
// rows that have to stay are not looked at again and again; once a day one begins at the beginning, for deliveries that
// were closed late. After Start, confined to the loop's thread.

#ifndef HERALD_ENGINE_JANITOR_H_
#define HERALD_ENGINE_JANITOR_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "src/base/clock.h"
#include "src/engine/committer.h"
#include "src/engine/loop.h"
#include "src/store/store.h"

namespace herald {

class Janitor {
 public:
  // All of these outlive the janitor. Retention zero: everything is kept.
  Janitor(Loop& loop, Committer& committer, const Clock& clock, absl::Duration retention)
      : loop_(loop), committer_(committer), clock_(clock), retention_(retention) {}

  // Begins with a pass over all there is.
  void Start();

 private:
  struct Removed {
    int64_t events = 0;
    int64_t deliveries = 0;
    int64_t invocations = 0;
  };

  void BeginPass();
  // Makes the next write of the pass, or puts it off.
  void Step();
  void Stepped(const absl::Status& status, const DeleteExpired& write);
  void EndPass(const DeleteExpired& write);
  void Report();

  Loop& loop_;
  Committer& committer_;
  const Clock& clock_;
  const absl::Duration retention_;

  Sequence next_ = 0;    // what is before it was looked at
  Sequence before_ = 0;  // where the pass ends
  int put_off_ = 0;      // times in a row
  absl::Duration rewind_at_ = absl::ZeroDuration();
  absl::Duration report_at_ = absl::ZeroDuration();
  Removed removed_;  // and not reported
};

}  // namespace herald

#endif  // HERALD_ENGINE_JANITOR_H_
