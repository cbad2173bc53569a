// What flags such as --header and --secret take: NAME=VALUE.

#ifndef HERALD_CLIENTS_CLI_NAME_AND_VALUE_H_
#define HERALD_CLIENTS_CLI_NAME_AND_VALUE_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace herald::cli {

// `text` at its first "=". INVALID_ARGUMENT when there is none, or when what stands before it is empty or has a space
// or a colon, which no name of the API has; the error names the flag, but never shows `text`, which may be a secret.
absl::StatusOr<std::pair<std::string, std::string>> ParseNameAndValue(absl::string_view flag, absl::string_view text);

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_NAME_AND_VALUE_H_
