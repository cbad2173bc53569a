// The command line itself: help, versions, mistakes.

#include "clients/cli/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "clients/cli/root_command.h"
#include "tests/cli/run_herald.h"

namespace herald::cli {
namespace {

using ::testing::HasSubstr;

TEST(Program, TellsItsVersion) {
  const RunResult result = RunHerald({"--version"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, ::testing::MatchesRegex("herald [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST(Program, HelpOfEveryLevelIsTheSameByBothWays) {
  const RunResult flag = RunHerald({"webhooks", "create", "--help"});
  EXPECT_EQ(flag.exit_code, 0);
  EXPECT_THAT(flag.out, HasSubstr("Usage: herald webhooks create [FILE] [flags]"));
  EXPECT_THAT(flag.out, HasSubstr("--display_name TEXT"));
  EXPECT_THAT(flag.out, HasSubstr("--server HOST:PORT"));
  EXPECT_THAT(flag.out, HasSubstr("Exit codes:"));
  EXPECT_EQ(RunHerald({"help", "webhooks", "create"}).out, flag.out);
  EXPECT_THAT(RunHerald({"help"}).out, HasSubstr("herald webhooks create examples/"));
}

// Every command can be explained: a summary, and for what runs an example.
void ExpectExplained(const Command& command, const std::string& path) {
  EXPECT_FALSE(command.summary.empty()) << path;
  EXPECT_EQ(command.examples.empty(), !command.run) << path;
  for (const Flag& flag : command.flags) {
    EXPECT_FALSE(flag.help.empty()) << path << " --" << flag.name;
    EXPECT_EQ(flag.value.empty(), flag.kind == Flag::Kind::kSwitch) << path << " --" << flag.name;
    EXPECT_EQ(FindFlag(GlobalFlags(), flag.name), nullptr) << path << " --" << flag.name;
  }
  for (const Command& subcommand : command.subcommands) ExpectExplained(subcommand, path + " " + subcommand.name);
}

TEST(Program, EveryCommandIsExplained) { ExpectExplained(RootCommand(), "herald"); }

TEST(Program, MistakesExitWithTwoAndNameTheRemedy) {
  const struct {
    std::vector<std::string> words;
    std::string sentence;
  } kCases[] = {
      {{}, "a command is missing"},
      {{"webhooks"}, "\"herald webhooks\" needs a command after it"},
      {{"webhoks", "list"}, "there is no command \"herald webhoks\"; did you mean webhooks?"},
      {{"webhooks", "lst"}, "there is no command \"herald webhooks lst\"; did you mean list?"},
      {{"webhooks", "get"}, "NAME is missing"},
      {{"webhooks", "get", "a", "b"}, "\"b\" is one word too many"},
      {{"webhooks", "list", "--output", "yaml"}, "--output is \"yaml\"; it has to be table or json"},
      {{"webhooks", "list", "--state", "asleep"}, "--state is \"asleep\"; it has to be one of ACTIVE, INACTIVE"},
      {{"webhooks", "create", "/nowhere/x.json"}, "cannot read /nowhere/x.json: No such file or directory"},
      {{"webhooks", "create", "/"}, "cannot read /: Is a directory"},
      {{"webhooks", "create", "--filter", "{'path': 1}"}, "--filter: line 1, column 2: not JSON"},
      {{"webhooks", "create", "--success_status", "ok"}, "--success_status is \"ok\"; it has to be a whole number"},
      {{"webhooks", "create", "--header", "=x"}, "--header has no name; give NAME=VALUE"},
      {{"webhooks", "update", "a"}, "nothing is changed; give a FILE or flags"},
      {{"webhooks", "test"}, "NAME, a FILE or flags such as --url are missing"},
      {{"webhooks", "test", "-", "--event", "-"}, "\"-\" is given twice"},
      {{"events", "dispatch"}, "FILE, or flags such as --type and --data, are missing"},
  };
  for (const auto& test : kCases) {
    const RunResult result = RunHerald(test.words, {.input = "{\"url\": \"x\"}"});
    EXPECT_EQ(result.exit_code, 2) << test.sentence;
    EXPECT_EQ(result.out, "") << test.sentence;
    EXPECT_THAT(result.err, HasSubstr("error: " + test.sentence));
  }
}

TEST(Program, FailsWhenTheAnswerCannotBeWritten) {
  std::istringstream in;
  std::ostream out(nullptr);
  std::ostringstream err;
  EXPECT_EQ(RunProgram(RootCommand(), {"--version"}, {in, out, err, {}, {}, ""}), ExitCode::kOtherError);
  EXPECT_EQ(err.str(), "error: the answer cannot be written to standard output\n");
}

}  // namespace
}  // namespace herald::cli
