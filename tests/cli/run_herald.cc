#include "tests/cli/run_herald.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/strings/match.h"

namespace herald::cli {
namespace {

std::string TestPath(const std::string& name) {
  const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
  return ::testing::TempDir() + "herald_cli_" + test->test_suite_name() + "_" + test->name() + "_" + name;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Everything that is written to a terminal until its last writer is gone.
std::string ReadTerminal(int master) {
  std::string text;
  char buffer[4096];
  for (ssize_t got = 0; (got = read(master, buffer, sizeof(buffer))) > 0;) {
    text.append(buffer, static_cast<size_t>(got));
  }
  return text;
}

std::vector<char*> Pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> EnvironmentWith(std::vector<std::string> variables) {
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const absl::string_view text(*variable);
    const bool left_out = absl::StartsWith(text, "HERALD_SERVER=") || absl::StartsWith(text, "NO_COLOR=") ||
                          absl::StartsWith(text, "TERM=");
    if (!left_out) variables.emplace_back(text);
  }
  return variables;
}

}  // namespace

std::string WriteTestFile(const std::string& name, absl::string_view text) {
  std::string path = TestPath(name);
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

RunResult RunHerald(const std::vector<std::string>& words, const RunOptions& options) {
  const std::string in = WriteTestFile("stdin", options.input);
  const std::string out = WriteTestFile("stdout", "");
  const std::string err = WriteTestFile("stderr", "");
  int master = -1;
  int terminal = -1;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, in.c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err.c_str(), O_WRONLY | O_TRUNC, 0);
  if (options.terminal) {
    winsize size = {.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
    EXPECT_EQ(openpty(&master, &terminal, nullptr, nullptr, &size), 0);
    posix_spawn_file_actions_adddup2(&actions, terminal, STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, terminal);
    posix_spawn_file_actions_addclose(&actions, master);
  } else {
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), O_WRONLY | O_TRUNC, 0);
  }
  std::vector<std::string> command = {HERALD_BINARY};
  command.insert(command.end(), words.begin(), words.end());
  const std::vector<std::string> environment = EnvironmentWith(options.environment);
  pid_t pid = 0;
  EXPECT_EQ(posix_spawn(&pid, HERALD_BINARY, &actions, nullptr, Pointers(command).data(), Pointers(environment).data()),
            0);
  posix_spawn_file_actions_destroy(&actions);
  RunResult result;
  if (options.terminal) {
    close(terminal);
    result.out = ReadTerminal(master);
    close(master);
  }
  int status = 0;
  EXPECT_EQ(waitpid(pid, &status, 0), pid);
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  if (!options.terminal) result.out = ReadFile(out);
  result.err = ReadFile(err);
  for (const std::string& path : {in, out, err}) std::remove(path.c_str());
  return result;
}

}  // namespace herald::cli
