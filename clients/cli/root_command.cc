#include "clients/cli/root_command.h"

#include <iostream>

#include "clients/cli/deliveries_command.h"
#include "clients/cli/eval_command.h"
#include "clients/cli/event_types_command.h"
#include "clients/cli/events_command.h"
#include "clients/cli/listen_command.h"
#include "clients/cli/replays_command.h"
#include "clients/cli/server_command.h"
#include "clients/cli/webhooks_command.h"

namespace herald::cli {
namespace {

absl::StatusOr<ExitCode> Version(CommandContext& context) {
  if (!context.arguments.Has("version")) {
    return absl::InvalidArgumentError("a command is missing; \"herald --help\" lists them");
  }
  context.output.stream() << "herald " << HERALD_VERSION << '\n';
  return ExitCode::kOk;
}

}  // namespace

Command RootCommand() {
  return {
      .name = "herald",
      .summary = "the command line of Herald, which delivers events to webhooks",
      .description = "\"herald help COMMAND\" and \"herald COMMAND --help\" tell more about each.",
      .flags = {{"version", Flag::Kind::kSwitch, "", "the version of this program"}},
      .examples = {"herald webhooks create examples/slack/webhook.json", "herald webhooks test slack",
                   "herald events dispatch examples/slack/event.json --wait", "herald deliveries list --state FAILED"},
      .run = Version,
      .subcommands = {WebhooksCommand(), EventsCommand(), DeliveriesCommand(), ReplaysCommand(), EventTypesCommand(),
                      ServerCommand(), EvalCommand(), ListenCommand()}};
}

}  // namespace herald::cli
