// What the process answers to the shell. Scripts rely on these numbers: they are documented in every --help.

#ifndef HERALD_CLIENTS_CLI_EXIT_CODE_H_
#define HERALD_CLIENTS_CLI_EXIT_CODE_H_

#include "absl/status/status.h"

namespace herald::cli {

enum class ExitCode {
  kOk = 0,
  kNegative = 1,     // the command worked, and its answer is no: a test failed, a URL is forbidden
  kUsage = 2,        // the command line, a file or a field is wrong
  kNotFound = 3,     // no such resource
  kUnavailable = 4,  // the server could not be reached, or did not answer in time
  kOtherError = 5,   // the server refused for another reason
};

ExitCode ExitCodeOf(const absl::Status& status);

// The list of them for --help.
inline constexpr char kExitCodesHelp[] =
    "Exit codes:\n"
    "  0  done\n"
    "  1  done, and the answer is no: a test or a delivery did not succeed, a URL is forbidden\n"
    "  2  the command line, a file or a field is wrong\n"
    "  3  no such resource\n"
    "  4  the server could not be reached, or did not answer in time\n"
    "  5  the server refused for another reason\n";

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_EXIT_CODE_H_
