// herald listen: a small receiver for trying webhooks.

#ifndef HERALD_CLIENTS_CLI_LISTEN_COMMAND_H_
#define HERALD_CLIENTS_CLI_LISTEN_COMMAND_H_

#include "clients/cli/command.h"

namespace herald::cli {

Command ListenCommand();

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_LISTEN_COMMAND_H_
