// herald eval: trying a path, a filter, a template or a URL, without a server.

#ifndef HERALD_CLIENTS_CLI_EVAL_COMMAND_H_
#define HERALD_CLIENTS_CLI_EVAL_COMMAND_H_

#include "clients/cli/command.h"

namespace herald::cli {

Command EvalCommand();

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_EVAL_COMMAND_H_
