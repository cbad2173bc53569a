// What must hold in every simulation, a small function each.
//
// To add one: write a function of the world that gives a sentence when it is broken and "" while it holds, and name it
// in one of the two tables. Those of what people do to deliveries are in control_invariants.h.

#ifndef HERALD_TESTS_SIM_INVARIANTS_H_
#define HERALD_TESTS_SIM_INVARIANTS_H_

#include <optional>
#include <string>

#include "tests/sim/world.h"

namespace herald {

struct Violation {
  std::string invariant;
  std::string sentence;
};

// After every step.
std::optional<Violation> CheckStep(const World& world);
// At rest: the network and the store are well, and time has passed until nothing moved any more.
std::optional<Violation> CheckRest(const World& world);

}  // namespace herald

#endif  // HERALD_TESTS_SIM_INVARIANTS_H_
