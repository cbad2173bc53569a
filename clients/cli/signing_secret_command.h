// herald webhooks signing-secret: what a receiver needs to verify signatures, and its rotation.

#ifndef HERALD_CLIENTS_CLI_SIGNING_SECRET_COMMAND_H_
#define HERALD_CLIENTS_CLI_SIGNING_SECRET_COMMAND_H_

#include "clients/cli/command.h"

namespace herald::cli {

Command SigningSecretCommand();

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_SIGNING_SECRET_COMMAND_H_
