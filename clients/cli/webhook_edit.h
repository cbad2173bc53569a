// A webhook as a person describes it on the command line: a file, flags, or a file changed by flags.

#ifndef HERALD_CLIENTS_CLI_WEBHOOK_EDIT_H_
#define HERALD_CLIENTS_CLI_WEBHOOK_EDIT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/cli/command.h"
#include "herald/v1/webhook.pb.h"

namespace herald::cli {

struct WebhookEdit {
  v1::Webhook webhook;
  std::vector<std::string> fields;  // what the file and the flags set, those that only Herald sets left out
};

// --display_name, --url, …
std::vector<Flag> WebhookFlags();

// `base` with what `file` (if not empty) sets, then without the fields of --clear, then with what the flags set.
// `fields` names what the three did.
absl::StatusOr<WebhookEdit> ReadWebhookEdit(v1::Webhook base, absl::string_view file, CommandContext& context);

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_WEBHOOK_EDIT_H_
