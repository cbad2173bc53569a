// The simulator is only worth what it finds: each planted bug must be found within a thousand seeds.

#include "tests/sim/planted_bugs.h"

#include <gtest/gtest.h>

#include <iostream>

#include "tests/sim/simulation.h"

namespace herald {
namespace {

struct Planted {
  const char* name;
  PlantedBug bug;
};

class PlantedBugs : public ::testing::TestWithParam<Planted> {};

TEST_P(PlantedBugs, AreFoundWithinAThousandSeeds) {
  for (uint64_t seed = 1; seed <= 1000; ++seed) {
    const std::optional<Violation> violation = Simulation(seed, GetParam().bug, /*traced=*/false).Run();
    if (!violation.has_value()) continue;
    std::cout << "found by seed " << seed << ": \"" << violation->invariant << "\": " << violation->sentence << "\n";
    return;
  }
  FAIL() << "no seed found it";
}

INSTANTIATE_TEST_SUITE_P(All, PlantedBugs,
                         ::testing::Values(Planted{"TokenIsNotChecked", PlantedBug::kTokenIsNotChecked},
                                           Planted{"BacklogIsForgotten", PlantedBug::kBacklogIsForgotten},
                                           Planted{"DeliveryIsClaimedTwice", PlantedBug::kDeliveryIsClaimedTwice},
                                           Planted{"SettlesTwice", PlantedBug::kSettlesTwice},
                                           Planted{"CommitIsLost", PlantedBug::kCommitIsLost},
                                           Planted{"RefusedCommitIsMade", PlantedBug::kRefusedCommitIsMade},
                                           Planted{"FanOutLosesOne", PlantedBug::kFanOutLosesOne},
                                           Planted{"RetryComesAtOnce", PlantedBug::kRetryComesAtOnce},
                                           Planted{"DeleteIsNotMade", PlantedBug::kDeleteIsNotMade},
                                           Planted{"RateIsForgotten", PlantedBug::kRateIsForgotten},
                                           Planted{"BreakerIsForgotten", PlantedBug::kBreakerIsForgotten},
                                           Planted{"CancelIsNotTold", PlantedBug::kCancelIsNotTold},
                                           Planted{"CancelIsNotMade", PlantedBug::kCancelIsNotMade},
                                           Planted{"RetryIsNotMade", PlantedBug::kRetryIsNotMade},
                                           Planted{"ReplayOpensTwice", PlantedBug::kReplayOpensTwice},
                                           Planted{"ReplayMissesAnEvent", PlantedBug::kReplayMissesAnEvent},
                                           Planted{"EndsTwice", PlantedBug::kEndsTwice},
                                           Planted{"NeverEnds", PlantedBug::kNeverEnds}),
                         [](const auto& planted) { return planted.param.name; });

}  // namespace
}  // namespace herald
