// Runs the real `herald` binary and tells what came of it.

#ifndef HERALD_TESTS_CLI_RUN_HERALD_H_
#define HERALD_TESTS_CLI_RUN_HERALD_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace herald::cli {

struct RunOptions {
  std::string input = {};
  std::vector<std::string> environment =
      {};                 // "NAME=value", beside the test's own but HERALD_SERVER, NO_COLOR and TERM
  bool terminal = false;  // standard output is a terminal of 80 columns
};

struct RunResult {
  int exit_code = -1;  // -1: it was killed
  std::string out;
  std::string err;
};

// A process, from its making to Wait (or its end, which kills it). Confined to one thread.
class RunningHerald {
 public:
  explicit RunningHerald(const std::vector<std::string>& words, const RunOptions& options = {});
  ~RunningHerald();
  RunningHerald(const RunningHerald&) = delete;
  RunningHerald& operator=(const RunningHerald&) = delete;

  // The next line of its standard output, without the line feed; what there is when the output ends before.
  std::string ReadLine();

  // Waits for its end. `out` is what was not yet read.
  RunResult Wait();

 private:
  bool ReadMore();

  pid_t pid_ = -1;
  int out_ = -1;
  std::string unread_;
  std::string input_file_;
  std::string error_file_;
};

RunResult RunHerald(const std::vector<std::string>& words, const RunOptions& options = {});

// A file in the test's own directory, and its path.
std::string WriteTestFile(const std::string& name, absl::string_view text);

}  // namespace herald::cli

#endif  // HERALD_TESTS_CLI_RUN_HERALD_H_
