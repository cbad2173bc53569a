// herald webhooks: setting webhooks up and trying them.

#ifndef HERALD_CLIENTS_CLI_WEBHOOKS_COMMAND_H_
#define HERALD_CLIENTS_CLI_WEBHOOKS_COMMAND_H_

#include "clients/cli/command.h"

namespace herald::cli {

Command WebhooksCommand();

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_WEBHOOKS_COMMAND_H_
