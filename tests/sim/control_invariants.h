// Of the invariants, those of what people do to deliveries: cancel, retry and replay. Each gives a sentence when it is
// broken.

#ifndef HERALD_TESTS_SIM_CONTROL_INVARIANTS_H_
#define HERALD_TESTS_SIM_CONTROL_INVARIANTS_H_

#include <string>

#include "tests/sim/world.h"

namespace herald {

// After every step.
std::string CancelledDeliveriesStaySo(const World& world);
std::string CancelledDeliveriesAreNotSent(const World& world);
std::string AcceptedReplaysAreKept(const World& world);
std::string ReplaysSendNothingTwice(const World& world);

// At rest.
std::string RetriesGetAFurtherAttempt(const World& world);
std::string ReplaysEndAndLeaveNothingOut(const World& world);
std::string EventsGoToAWebhookOnce(const World& world);

}  // namespace herald

#endif  // HERALD_TESTS_SIM_CONTROL_INVARIANTS_H_
