// Messages as JSON: protobuf's mapping, with the names of the protos in output, and either form of them in input.
//
// A field that holds JSON as text, such as sample_json, takes an object or array in its place.
// Input is checked as strict JSON first, so that errors have a line and a column. The payload of an event keeps its
// characters both ways: it travels as data_json and is written as `data`.

#ifndef HERALD_CLIENTS_CLI_MESSAGE_JSON_H_
#define HERALD_CLIENTS_CLI_MESSAGE_JSON_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "herald/v1/event.pb.h"
#include "src/base/json.h"

namespace herald::cli {

// INVALID_ARGUMENT: "hook.json: line 3, column 7: …"; `label` is the file's name.
absl::Status ParseMessage(absl::string_view text, absl::string_view label, google::protobuf::Message* message);

// The fields that a JSON object sets in a message of that type, by their names in the proto, in the object's order.
std::vector<std::string> FieldsSet(const JsonValue& object, const google::protobuf::Descriptor& type);

// An event. `data` comes out as data_json with the characters of the text.
absl::StatusOr<v1::Event> EventOfJson(const JsonValue& value, absl::string_view label);

// Strict JSON, each name once, deeper than any message of Herald may be.
absl::StatusOr<JsonDocument> ParseJson(absl::string_view text, absl::string_view label);

// On one line. An event's data_json is written as `data` where it is an object.
std::string MessageJson(const google::protobuf::Message& message);

// `value` on many lines, two spaces a level, without a line feed at the end.
std::string IndentedJson(const JsonValue& value);
// The same of a text; the text itself when it is not JSON.
std::string IndentedJson(absl::string_view text);

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_MESSAGE_JSON_H_
