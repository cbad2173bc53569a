// "herald replays": past deliveries sent again.

#ifndef HERALD_CLIENTS_CLI_REPLAYS_COMMAND_H_
#define HERALD_CLIENTS_CLI_REPLAYS_COMMAND_H_

#include "clients/cli/command.h"

namespace herald::cli {

Command ReplaysCommand();

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_REPLAYS_COMMAND_H_
