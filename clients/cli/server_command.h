// herald server: what the server is and allows.

#ifndef HERALD_CLIENTS_CLI_SERVER_COMMAND_H_
#define HERALD_CLIENTS_CLI_SERVER_COMMAND_H_

#include "clients/cli/command.h"

namespace herald::cli {

Command ServerCommand();

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_SERVER_COMMAND_H_
