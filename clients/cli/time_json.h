// Durations and times in a message's JSON, which protobuf refuses in words of its own.

#ifndef HERALD_CLIENTS_CLI_TIME_JSON_H_
#define HERALD_CLIENTS_CLI_TIME_JSON_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "src/base/json.h"

namespace herald::cli {

// OK when `value` can stand in `field`: each duration "10s", each time RFC 3339; and for a field of any other type.
// Else INVALID_ARGUMENT with `path`, the value, and what is allowed.
absl::Status CheckTimes(const google::protobuf::FieldDescriptor& field, const JsonValue& value, absl::string_view path);

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_TIME_JSON_H_
