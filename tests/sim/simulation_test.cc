// A thousand seeds. HERALD_SIM_SEED=17 runs that one alone and shows all of what happened in it.

#include "tests/sim/simulation.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"

namespace herald {
namespace {

constexpr size_t kLinesShown = 80;
constexpr uint64_t kSeedsOfAShard = 100;

// The seed is run again, since only a run that is traced can be read.
std::string Report(uint64_t seed, const Violation& violation, size_t lines_shown) {
  Simulation again(seed, PlantedBug::kNone, /*traced=*/true);
  again.Run();
  const auto& lines = again.trace();
  const size_t first = lines.size() > lines_shown ? lines.size() - lines_shown : 0;
  return absl::StrCat("seed ", seed, ": broken is \"", violation.invariant, "\": ", violation.sentence, "\n",
                      absl::StrJoin(lines.begin() + static_cast<std::ptrdiff_t>(first), lines.end(), "\n"),
                      "\nThe whole of it: HERALD_SIM_SEED=", seed, " build/dev/bin/sim_test",
                      " --gtest_filter=Simulation.ReplaysASeed");
}

class Seeds : public ::testing::TestWithParam<uint64_t> {};

TEST_P(Seeds, HoldTheInvariants) {
  const uint64_t first = GetParam() * kSeedsOfAShard + 1;
  for (uint64_t seed = first; seed < first + kSeedsOfAShard; ++seed) {
    const std::optional<Violation> violation = Simulation(seed, PlantedBug::kNone, /*traced=*/false).Run();
    ASSERT_FALSE(violation.has_value()) << Report(seed, *violation, kLinesShown);
  }
}

INSTANTIATE_TEST_SUITE_P(Hundreds, Seeds, ::testing::Range(uint64_t{0}, uint64_t{10}));

TEST(Simulation, ReplaysASeed) {
  uint64_t seed = 1;
  const char* const asked = std::getenv("HERALD_SIM_SEED");
  ASSERT_TRUE(asked == nullptr || absl::SimpleAtoi(asked, &seed)) << "HERALD_SIM_SEED is no number: " << asked;
  Simulation first(seed, PlantedBug::kNone, /*traced=*/true);
  const std::optional<Violation> violation = first.Run();
  Simulation second(seed, PlantedBug::kNone, /*traced=*/true);
  second.Run();
  EXPECT_GT(first.trace().size(), 100U);
  EXPECT_EQ(first.trace(), second.trace()) << "the same seed does the same again";
  ASSERT_FALSE(violation.has_value()) << Report(seed, *violation, first.trace().size());
}

}  // namespace
}  // namespace herald
