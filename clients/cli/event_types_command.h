// herald event-types: the types of events that the server knows.

#ifndef HERALD_CLIENTS_CLI_EVENT_TYPES_COMMAND_H_
#define HERALD_CLIENTS_CLI_EVENT_TYPES_COMMAND_H_

#include "clients/cli/command.h"

namespace herald::cli {

Command EventTypesCommand();

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_EVENT_TYPES_COMMAND_H_
