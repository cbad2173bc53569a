#include "tests/cli/run_herald.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/support/check.h"

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

// Both ends of what becomes the process's standard output.
struct OutputEnds {
  int ours = -1;
  int theirs = -1;
};

OutputEnds MakeOutput(bool terminal) {
  OutputEnds ends;
  if (terminal) {
    const winsize size = {.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
    TestCheck(openpty(&ends.ours, &ends.theirs, nullptr, nullptr, &size) == 0, "cannot make a terminal");
  } else {
    int pipe_ends[2];
    TestCheck(pipe(pipe_ends) == 0, "cannot make a pipe");
    ends = {pipe_ends[0], pipe_ends[1]};
  }
  TestCheck(fcntl(ends.ours, F_SETFD, FD_CLOEXEC) == 0, "cannot mark a file descriptor");
  TestCheck(fcntl(ends.theirs, F_SETFD, FD_CLOEXEC) == 0, "cannot mark a file descriptor");
  return ends;
}

}  // namespace

std::string WriteTestFile(const std::string& name, absl::string_view text) {
  std::string path = TestPath(name);
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

RunningHerald::RunningHerald(const std::vector<std::string>& words, const RunOptions& options) {
  static int runs = 0;  // several may run at once
  ++runs;
  input_file_ = WriteTestFile(absl::StrCat("stdin_", runs), options.input);
  error_file_ = WriteTestFile(absl::StrCat("stderr_", runs), "");
  const OutputEnds output = MakeOutput(options.terminal);
  out_ = output.ours;
  std::vector<std::string> command = {HERALD_BINARY};
  command.insert(command.end(), words.begin(), words.end());
  const std::vector<std::string> environment = EnvironmentWith(options.environment);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input_file_.c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output.theirs, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, error_file_.c_str(), O_WRONLY | O_TRUNC, 0);
  const int error =
      posix_spawn(&pid_, HERALD_BINARY, &actions, nullptr, Pointers(command).data(), Pointers(environment).data());
  TestCheck(error == 0, "cannot start herald");
  posix_spawn_file_actions_destroy(&actions);
  close(output.theirs);
}

RunningHerald::~RunningHerald() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close(out_);
  std::remove(input_file_.c_str());
  std::remove(error_file_.c_str());
}

// A terminal whose last writer is gone gives an error instead of an end.
bool RunningHerald::ReadMore() {
  char buffer[4096];
  const ssize_t got = read(out_, buffer, sizeof(buffer));
  if (got > 0) unread_.append(buffer, static_cast<size_t>(got));
  return got > 0;
}

std::string RunningHerald::ReadLine() {
  while (unread_.find('\n') == std::string::npos && ReadMore()) {
  }
  const std::pair<std::string, std::string> parts = absl::StrSplit(unread_, absl::MaxSplits('\n', 1));
  unread_ = parts.second;
  return parts.first;
}

RunResult RunningHerald::Wait() {
  while (ReadMore()) {
  }
  int status = 0;
  TestCheck(waitpid(pid_, &status, 0) == pid_, "herald is gone");
  pid_ = -1;
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, unread_, ReadFile(error_file_)};
}

RunResult RunHerald(const std::vector<std::string>& words, const RunOptions& options) {
  return RunningHerald(words, options).Wait();
}

}  // namespace herald::cli
