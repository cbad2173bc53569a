// herald: the whole tree of commands.

#ifndef HERALD_CLIENTS_CLI_ROOT_COMMAND_H_
#define HERALD_CLIENTS_CLI_ROOT_COMMAND_H_

#include "clients/cli/command.h"

namespace herald::cli {

Command RootCommand();

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_ROOT_COMMAND_H_
