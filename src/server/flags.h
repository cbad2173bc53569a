// The server's command line: Abseil flags, from the command line, --flagfile and HERALD_… environment variables, as one
// Config.

#ifndef HERALD_SERVER_FLAGS_H_
#define HERALD_SERVER_FLAGS_H_

#include "absl/status/statusor.h"
#include "src/server/config.h"

namespace herald {

// Reads environment variables (HERALD_ and the flag's name in capitals: HERALD_STORE), then the command line, which
// wins. A flag that does not parse ends the program with a sentence on standard error, --help with status 0.
// INVALID_ARGUMENT: flags that contradict each other, by name.
absl::StatusOr<Config> ParseFlags(int argc, char** argv);

}  // namespace herald

#endif  // HERALD_SERVER_FLAGS_H_
