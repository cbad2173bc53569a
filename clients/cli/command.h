// A command of the tree "herald webhooks create": what it takes, how help describes it, and what it does.
//
// A group has subcommands, a leaf has `run`.

#ifndef HERALD_CLIENTS_CLI_COMMAND_H_
#define HERALD_CLIENTS_CLI_COMMAND_H_

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/cli/arguments.h"
#include "clients/cli/exit_code.h"
#include "clients/cli/input_files.h"
#include "clients/cli/output.h"
#include "clients/cli/rpc_client.h"

namespace herald::cli {

// What a command works with. Confined to one thread.
struct CommandContext {
  const Arguments& arguments;
  InputFiles& files;
  Output& output;
  std::ostream& notes;  // standard error: for people, beside the answer
  std::string server;
  absl::Duration timeout;

  RpcClient Connect() const { return RpcClient(server, timeout); }
};

// kOk or kNegative; an error is printed and becomes the other exit codes.
using CommandFunction = std::function<absl::StatusOr<ExitCode>(CommandContext&)>;

inline constexpr absl::Duration kTimeoutUsual = absl::Seconds(30);

struct Command {
  std::string name = {};                   // "create"
  std::string summary = {};                // "Creates a webhook."
  std::string description = {};            // what else there is to know; may be empty
  std::vector<std::string> operands = {};  // "NAME", "[FILE]"; a last "FILE..." takes one or more
  std::vector<Flag> flags = {};
  std::vector<std::string> examples = {};  // whole command lines
  CommandFunction run = {};
  absl::Duration timeout = kTimeoutUsual;
  std::vector<Command> subcommands = {};
};

// The flags that every command takes.
const std::vector<Flag>& GlobalFlags();

// What --help prints; `path` is "herald webhooks create".
std::string HelpText(const Command& command, absl::string_view path);

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_COMMAND_H_
