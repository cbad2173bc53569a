// A store whose commits fail as the dice choose: refused, lost without a word, made but reported as unknown, or slow.
// It tells the ledger of each that was made. Confined to one thread.

#ifndef HERALD_TESTS_SIM_SIM_STORE_H_
#define HERALD_TESTS_SIM_SIM_STORE_H_

#include "src/base/fake_clock.h"
#include "src/store/forwarding_store.h"
#include "tests/sim/dice.h"
#include "tests/sim/ledger.h"
#include "tests/sim/trace.h"

namespace herald {

class SimStore final : public ForwardingStore {
 public:
  // Chances in percent.
  struct Weather {
    int refused = 0;
    int unknown = 0;  // half of them made, half not
    int slow = 0;
  };

  SimStore(Store& inner, Ledger& ledger, FakeClock& clock, Dice& dice, Trace& trace)
      : ForwardingStore(inner), ledger_(ledger), clock_(clock), dice_(dice), trace_(trace) {}

  absl::Status Apply(WriteBatch& batch) override;

  void SetWeather(const Weather& weather) { weather_ = weather; }

 private:
  void TraceWrites(const WriteBatch& batch, const char* how);

  Ledger& ledger_;
  FakeClock& clock_;
  Dice& dice_;
  Trace& trace_;
  Weather weather_;
};

}  // namespace herald

#endif  // HERALD_TESTS_SIM_SIM_STORE_H_
