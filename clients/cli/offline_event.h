// The document of an event that need not have happened, made as the server makes it, from a file.

#ifndef HERALD_CLIENTS_CLI_OFFLINE_EVENT_H_
#define HERALD_CLIENTS_CLI_OFFLINE_EVENT_H_

#include <string>

#include "absl/status/statusor.h"
#include "clients/cli/input_files.h"
#include "src/base/json.h"

namespace herald::cli {

struct OfflineEvent {
  std::string text;       // of the event document
  JsonDocument document;  // the same, parsed
};

// An event without id has "evt_example", one without time the present. INVALID_ARGUMENT: what the server refuses, too.
absl::StatusOr<OfflineEvent> ReadOfflineEvent(absl::string_view file, InputFiles& files);

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_OFFLINE_EVENT_H_
