#include "src/engine/loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "src/base/fake_clock.h"

namespace herald {
namespace {

using ::testing::ElementsAre;

TEST(Loop, RunsTimersWhenTheyAreDueAndSaysWhenTheNextIs) {
  FakeClock clock(absl::UnixEpoch());
  Loop loop(clock);
  std::vector<std::string> ran;
  loop.RunAt(absl::Seconds(2), [&] { ran.emplace_back("two"); });
  loop.RunAt(absl::Seconds(1), [&] { ran.emplace_back("one"); });
  loop.Post([&] { ran.emplace_back("now"); });
  EXPECT_EQ(loop.RunOnce(), absl::Seconds(1));
  EXPECT_THAT(ran, ElementsAre("now"));
  clock.Advance(absl::Seconds(3));
  EXPECT_EQ(loop.RunOnce(), absl::InfiniteDuration());
  EXPECT_THAT(ran, ElementsAre("now", "one", "two"));
}

TEST(Loop, TakesNothingOnceItIsStopped) {
  FakeClock clock(absl::UnixEpoch());
  Loop loop(clock);
  bool ran = false;
  loop.Stop();
  loop.Post([&] { ran = true; });
  loop.RunOnce();
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace herald
