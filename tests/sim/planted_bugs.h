// Bugs that are planted on purpose, around the engine and not in it, to see that the simulator finds them.

#ifndef HERALD_TESTS_SIM_PLANTED_BUGS_H_
#define HERALD_TESTS_SIM_PLANTED_BUGS_H_

#include <memory>

#include "src/http/sender.h"
#include "src/store/store.h"

namespace herald {

enum class PlantedBug {
  kNone,
  // Of the store.
  kTokenIsNotChecked,       // a settlement counts whoever holds the claim
  kBacklogIsForgotten,      // a lane is told that nothing waits when it has its fill
  kDeliveryIsClaimedTwice,  // claims that are held do not keep others away
  kSettlesTwice,            // an attempt is recorded twice
  kCommitIsLost,            // reported as made, and not made
  kRefusedCommitIsMade,     // reported as not made, and made
  kFanOutLosesOne,          // an event's last delivery is not made
  kRetryComesAtOnce,        // the wait before a retry is forgotten
  kDeleteIsNotMade,         // a webhook is said to be deleted, and is not
  kRateIsForgotten,         // a restart finds webhooks without their rate limit
  kBreakerIsForgotten,      // a restart finds every breaker closed
  kCancelIsNotTold,         // which claims a cancel ended
  kCancelIsNotMade,         // a delivery is said to be cancelled, and is not
  kRetryIsNotMade,          // likewise
  kReplayOpensTwice,        // a step of a replay repeats the one before
  kReplayMissesAnEvent,     // of the events that a step of a replay found, it forgets the last
  // Of the sender.
  kEndsTwice,  // an exchange that succeeds ends twice, so that its attempt is settled twice
  kNeverEnds,  // some exchanges never end
};

// `store` and `sender`, with the bug when it is one of theirs. They outlive what is given back.
std::unique_ptr<Store> PlantInStore(PlantedBug bug, Store& store);
std::unique_ptr<HttpSender> PlantInSender(PlantedBug bug, HttpSender& sender);

}  // namespace herald

#endif  // HERALD_TESTS_SIM_PLANTED_BUGS_H_
