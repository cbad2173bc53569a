// herald events: telling Herald what happened, and asking where it went.

#ifndef HERALD_CLIENTS_CLI_EVENTS_COMMAND_H_
#define HERALD_CLIENTS_CLI_EVENTS_COMMAND_H_

#include "clients/cli/command.h"

namespace herald::cli {

Command EventsCommand();

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_EVENTS_COMMAND_H_
