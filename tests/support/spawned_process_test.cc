#include "tests/support/spawned_process.h"

#include <gtest/gtest.h>

#include <csignal>

namespace herald {
namespace {

TEST(SpawnedProcess, ReadsTheFirstLineAndTheExitStatus) {
  SpawnedProcess process({"sh", "-c", "echo 'listening grpc 127.0.0.1:1'; echo more; exit 3"});
  ASSERT_TRUE(process.started());
  EXPECT_EQ(process.first_line(), "listening grpc 127.0.0.1:1");
  EXPECT_EQ(process.Wait(), 3);
}

TEST(SpawnedProcess, TellsTheSignalThatEndedIt) {
  SpawnedProcess process({"sh", "-c", "echo up; cat"});  // its input does not end
  process.Signal(SIGTERM);
  EXPECT_EQ(process.Wait(), -SIGTERM);
}

TEST(SpawnedProcess, IsNotStartedWhenThereIsNoSuchProgram) {
  const SpawnedProcess process({"there-is-no-such-program"});
  EXPECT_FALSE(process.started());
}

}  // namespace
}  // namespace herald
