// The way of a command line: words -> command -> arguments -> run -> exit code.

#ifndef HERALD_CLIENTS_CLI_PROGRAM_H_
#define HERALD_CLIENTS_CLI_PROGRAM_H_

#include <istream>
#include <ostream>
#include <string>
#include <vector>

#include "clients/cli/command.h"
#include "clients/cli/terminal.h"

namespace herald::cli {

// The process around the program.
struct Environment {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  Terminal out_terminal;
  Terminal err_terminal;
  std::string default_server;
};

// `words` are those after the program's name. Prints the answer to `out`, errors to `err`.
ExitCode RunProgram(const Command& root, const std::vector<std::string>& words, const Environment& environment);

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_PROGRAM_H_
