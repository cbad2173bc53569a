#include "clients/cli/name_and_value.h"

#include "tests/cli/rpc_commands.h"

namespace herald::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;

TEST(NameAndValue, IsSplitAtTheFirstEqualsSign) {
  EXPECT_THAT(*ParseNameAndValue("header", "x-key=a=b: c"), Pair("x-key", "a=b: c"));
  EXPECT_THAT(*ParseNameAndValue("header", "x-key="), Pair("x-key", ""));
}

TEST(NameAndValue, IsNeverShownWhenItIsRefused) {
  const struct {
    std::string text;
    std::string error;
  } kCases[] = {
      {"t0ken", "--secret has no \"=\"; give NAME=VALUE"},
      {"", "--secret has no \"=\"; give NAME=VALUE"},
      {"=t0ken", "--secret has no name; give NAME=VALUE"},
      {"x: t0ken", "--secret has no \"=\"; give NAME=VALUE"},
      {"authorization: Basic t0ken==", "--secret has a space or a colon before the \"=\"; give NAME=VALUE"},
      {"x:t0ken=", "--secret has a space or a colon before the \"=\"; give NAME=VALUE"},
  };
  for (const auto& test : kCases) {
    const absl::Status status = ParseNameAndValue("secret", test.text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << test.text;
    EXPECT_EQ(status.message(), test.error) << test.text;
  }
}

class FlagsWithNames : public RpcCommands {};

TEST_F(FlagsWithNames, AreRefusedBeforeAnythingIsSent) {
  const std::vector<std::string> kCommands[] = {
      {"webhooks", "create", "--secret", "t0ken"},
      {"webhooks", "create", "--header", "x: t0ken"},
      {"webhooks", "create", "--label", "t0ken"},
      {"webhooks", "list", "--label", "t0ken"},
      {"webhooks", "test", "--url", "https://x", "--header", "x: t0ken=="},
      {"events", "dispatch", "--type", "x", "--attribute", "t0ken"},
      {"eval", "template", "--secret", "t0ken", WriteTestFile("body.hbs", "{{event_id}}"),
       WriteTestFile("event.json", R"({"type": "x"})")},
      {"listen", "--header", "x: t0ken"},
  };
  for (const auto& words : kCommands) {
    const RunResult result = Run(words);
    EXPECT_EQ(result.exit_code, 2) << words[1];
    EXPECT_EQ(result.out, "") << words[1];
    EXPECT_THAT(result.err, HasSubstr("; give NAME=VALUE")) << words[1];
    EXPECT_THAT(result.err, Not(HasSubstr("t0ken"))) << words[1];
  }
  EXPECT_THAT(script().requests(), IsEmpty());
}

}  // namespace
}  // namespace herald::cli
