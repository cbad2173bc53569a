// herald eval template: what a body template makes of an event.

#ifndef HERALD_CLIENTS_CLI_EVAL_TEMPLATE_COMMAND_H_
#define HERALD_CLIENTS_CLI_EVAL_TEMPLATE_COMMAND_H_

#include "clients/cli/command.h"

namespace herald::cli {

Command EvalTemplateCommand();

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_EVAL_TEMPLATE_COMMAND_H_
