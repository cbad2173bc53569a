// Everything that one simulation is made of: the engine's real parts on a memory store, the clock, the network, the
// store's faults, those who call, and what they all remember. Invariants look at it; the simulation moves it.
//
// Confined to one thread.

#ifndef HERALD_TESTS_SIM_WORLD_H_
#define HERALD_TESTS_SIM_WORLD_H_

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "src/base/fake_clock.h"
#include "src/core/limits.h"
#include "src/store/memory_store.h"
#include "tests/engine/whole_engine.h"
#include "tests/sim/dice.h"
#include "tests/sim/gate_watch.h"
#include "tests/sim/ledger.h"
#include "tests/sim/planted_bugs.h"
#include "tests/sim/sim_callers.h"
#include "tests/sim/sim_network.h"
#include "tests/sim/sim_operators.h"
#include "tests/sim/sim_store.h"
#include "tests/sim/trace.h"

namespace herald {

struct World {
  World(uint64_t seed, PlantedBug bug, bool traced);

  // The process begins, on what the store holds.
  void Start();
  // The process is gone, with all that was not in the store.
  void Crash();

  // A webhook that is there.
  bool IsActive(const std::string& uid) const;

  Dice dice;
  FakeClock clock{absl::FromUnixSeconds(1'700'000'000)};
  Trace trace;
  SeededRandom engine_random;
  const v1::Limits limits = DefaultLimits();
  Dispatcher::Options options;
  Committer::Options committer_options;
  Replayer::Options replayer_options;

  MemoryStore disk;
  const std::unique_ptr<Store> faulty_disk;  // with the planted bug, if it is one of the store's
  Ledger ledger{disk};
  SimStore store{*faulty_disk, ledger, clock, dice, trace};
  SimNetwork network{clock, dice, trace};
  const std::unique_ptr<HttpSender> sender;  // likewise
  SimCallers callers{ledger, clock, dice, trace};
  SimOperators operators{ledger, clock, dice, trace};
  GateWatch gates{disk, ledger, clock};
  std::unique_ptr<Engine> engine;

  // Requests whose attempts died with a process before they were recorded, by delivery.
  std::map<Sequence, int> lost_attempts;
  // Webhooks that were changed or deleted between the last two turns of the loop: it may act before it hears of that.
  std::set<std::string> unseen_changes;
  // Deliveries that were cancelled then, likewise.
  std::set<Sequence> unseen_cancels;
};

}  // namespace herald

#endif  // HERALD_TESTS_SIM_WORLD_H_
