// One simulation: what its seed chooses happens, step after step, and the invariants are checked after each.
//
// Parts run in any order; the process crashes between any two steps and in the middle of a commit; the network, the
// store, the clock and the callers do what they do in bad weeks. Now and then everything is well again, and time passes
// until nothing moves: then nothing may be left behind. The same seed does the same again.
//
// Confined to one thread.

#ifndef HERALD_TESTS_SIM_SIMULATION_H_
#define HERALD_TESTS_SIM_SIMULATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/invariants.h"
#include "tests/sim/world.h"

namespace herald {

class Simulation {
 public:
  Simulation(uint64_t seed, PlantedBug bug, bool traced);

  // Nothing: every invariant held.
  std::optional<Violation> Run();
  const std::vector<std::string>& trace() const { return world_.trace.lines(); }

 private:
  struct Action {
    int weight = 0;
    void (Simulation::*act)();
  };

  void ChooseActions();
  // Checks after the step; false when an invariant is broken.
  bool Step(void (Simulation::*act)());
  // Makes everything well, lets time pass until nothing moves, and checks that.
  bool Rest();
  bool RunUntilNothingMoves();
  // Everything that does not wait for a time; false when an invariant is broken.
  bool RunWhatCanRun();

  void RunCommitter();
  void RunLoop();
  void EndAnExchange();
  void PassTime();
  void SkipToWhatIsNext();
  void SetWallClock();
  void SendEvent();
  void SendBatch();
  void CreateWebhook();
  void UpdateWebhook();
  void DeleteWebhook();
  void CancelDelivery();
  void RetryDelivery();
  void ReplayDeliveries();
  void ChangeNetworkWeather();
  void ChangeStoreWeather();
  void Crash();
  void CrashInACommit();
  void RestartInPeace();

  World world_;
  std::vector<Action> actions_;
  std::optional<Violation> violation_;
  size_t commits_ = 0;
  // By Clock::Monotonic, as the loop last said.
  absl::Duration next_timer_ = absl::ZeroDuration();
};

}  // namespace herald

#endif  // HERALD_TESTS_SIM_SIMULATION_H_
