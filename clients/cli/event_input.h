// An event as a person describes it on the command line: a file, flags, or a file changed by flags.

#ifndef HERALD_CLIENTS_CLI_EVENT_INPUT_H_
#define HERALD_CLIENTS_CLI_EVENT_INPUT_H_

#include <vector>

#include "absl/status/statusor.h"
#include "clients/cli/command.h"
#include "herald/v1/event.pb.h"

namespace herald::cli {

// --type, --data, …
std::vector<Flag> EventFlags();
bool HasEventFlags(const Arguments& arguments);

// The file's event, or its events when it holds a JSON array of them. The payload is data_json.
absl::StatusOr<std::vector<v1::Event>> ReadEvents(absl::string_view file, InputFiles& files);
absl::StatusOr<v1::Event> ReadEvent(absl::string_view file, InputFiles& files);

absl::Status ApplyEventFlags(const Arguments& arguments, InputFiles& files, v1::Event* event);

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_EVENT_INPUT_H_
