// Runs the real `herald` binary and tells what came of it.

#ifndef HERALD_TESTS_CLI_RUN_HERALD_H_
#define HERALD_TESTS_CLI_RUN_HERALD_H_

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
  int exit_code = -1;
  std::string out;
  std::string err;
};

RunResult RunHerald(const std::vector<std::string>& words, const RunOptions& options = {});

// A file in the test's own directory, and its path.
std::string WriteTestFile(const std::string& name, absl::string_view text);

}  // namespace herald::cli

#endif  // HERALD_TESTS_CLI_RUN_HERALD_H_
