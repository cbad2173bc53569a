// herald deliveries: where deliveries stand and what each attempt said.

#ifndef HERALD_CLIENTS_CLI_DELIVERIES_COMMAND_H_
#define HERALD_CLIENTS_CLI_DELIVERIES_COMMAND_H_

#include "clients/cli/command.h"

namespace herald::cli {

Command DeliveriesCommand();

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_DELIVERIES_COMMAND_H_
