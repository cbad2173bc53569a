// Errors for people: the message and its reason, then every bad field, then when to try again.

#ifndef HERALD_CLIENTS_CLI_ERROR_TEXT_H_
#define HERALD_CLIENTS_CLI_ERROR_TEXT_H_

#include <string>

#include "absl/status/status.h"
#include "clients/cli/terminal.h"

namespace herald::cli {

// error: 2 fields are wrong; the first is webhook.url: … [INVALID_FIELDS]
//   - webhook.url: …
//   - webhook.timeout: …
std::string ErrorText(const absl::Status& status, const Terminal& terminal);

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_ERROR_TEXT_H_
