#include "clients/cli/message_flags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clients/cli/webhook_edit.h"
#include "tests/cli/run_herald.h"

namespace herald::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string ErrorOf(const std::string& flag, const std::string& value) {
  const RunResult result = RunHerald({"webhooks", "create", flag, value});
  EXPECT_EQ(result.exit_code, 2) << flag << " " << value;
  return result.err;
}

TEST(FlagsOfMessages, SayWhichJsonTheyTake) {
  EXPECT_EQ(ErrorOf("--filter", "$.data[ IN x"),
            "error: --filter: line 1, column 1: not JSON: syntax error; give JSON such as "
            "'{\"path\": \"$.data.x\", \"values\": [\"a\"]}'\n");
  EXPECT_EQ(ErrorOf("--signing", "[]"),
            "error: --signing: Signing in JSON is an object: {…}; give JSON such as '{\"scheme\": \"ED25519\"}'\n");
  // What is wrong inside an object says so by itself.
  EXPECT_EQ(ErrorOf("--retry_policy", R"({"schedule": ["10"]})"),
            "error: --retry_policy: \"schedule\" is \"10\"; a duration is a number of seconds with \"s\", such as "
            "\"10s\"\n");
}

TEST(FlagsOfMessages, HaveAnExampleInTheirHelp) {
  for (const Flag& flag : WebhookFlags()) {
    if (flag.value != "JSON|@FILE") continue;
    const std::string error = ErrorOf("--" + flag.name, "t0ken");
    EXPECT_THAT(error, HasSubstr("; give JSON such as '{\"")) << flag.name;
    EXPECT_THAT(error, HasSubstr("}'\n")) << flag.name;
    EXPECT_THAT(error, Not(HasSubstr("t0ken"))) << flag.name;
  }
}

}  // namespace
}  // namespace herald::cli
