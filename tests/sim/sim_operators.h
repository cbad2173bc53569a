// People at work on deliveries: they cancel, retry and replay them, and remember what they were told.
//
// Confined to one thread.

#ifndef HERALD_TESTS_SIM_SIM_OPERATORS_H_
#define HERALD_TESTS_SIM_SIM_OPERATORS_H_

#include <deque>
#include <optional>

#include "absl/status/statusor.h"
#include "tests/engine/whole_engine.h"
#include "tests/sim/dice.h"
#include "tests/sim/ledger.h"
#include "tests/sim/sim_callers.h"
#include "tests/sim/trace.h"

namespace herald {

class SimOperators {
 public:
  struct Cancel {
    Sequence delivery = 0;
    SimCallers::End end = SimCallers::End::kWaiting;
    int answers = 0;
  };
  struct Retry {
    Sequence delivery = 0;
    SimCallers::End end = SimCallers::End::kWaiting;
    int answers = 0;
    int attempts = 0;  // before it, once it is answered
  };
  struct Replay {
    SimCallers::End end = SimCallers::End::kWaiting;
    int answers = 0;
    Sequence replay = 0;  // once it is answered
  };

  SimOperators(const Ledger& ledger, const Clock& clock, Dice& dice, Trace& trace)
      : ledger_(ledger), clock_(clock), dice_(dice), trace_(trace) {}

  // Of a delivery that is likely to be open.
  void CancelOne(Engine& engine);
  void RetryOne(Engine& engine);
  // What some webhook had, or should have had.
  void ReplaySome(Engine& engine);
  // The process has ended.
  void Crash();

  const std::deque<Cancel>& cancels() const { return cancels_; }
  const std::deque<Retry>& retries() const { return retries_; }
  const std::deque<Replay>& replays() const { return replays_; }
  bool AnyWaits() const;

 private:
  // 0: there is none.
  Sequence PickDelivery(bool open);
  void Answered(Cancel& call, const absl::StatusOr<v1::Delivery>& answer);
  void Answered(Retry& call, const absl::StatusOr<v1::Delivery>& answer);
  void Answered(Replay& call, const absl::StatusOr<v1::Replay>& answer);

  const Ledger& ledger_;
  const Clock& clock_;
  Dice& dice_;
  Trace& trace_;
  // Deques: callbacks hold on to their call.
  std::deque<Cancel> cancels_;
  std::deque<Retry> retries_;
  std::deque<Replay> replays_;
};

}  // namespace herald

#endif  // HERALD_TESTS_SIM_SIM_OPERATORS_H_
