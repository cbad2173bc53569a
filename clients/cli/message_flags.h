// Flags that set fields of a message: --trigger RequestCreated --header accept=text/plain.
//
// What a flag's value is follows from the field's type: text, number, an enum's name, a duration, a time, NAME=VALUE
// for a map, JSON for a message.

#ifndef HERALD_CLIENTS_CLI_MESSAGE_FLAGS_H_
#define HERALD_CLIENTS_CLI_MESSAGE_FLAGS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "clients/cli/arguments.h"
#include "clients/cli/input_files.h"
#include "google/protobuf/message.h"

namespace herald::cli {

struct FieldFlag {
  Flag flag;
  std::string field;       // the field's name in its message
  bool from_file = false;  // "@FILE" stands for the file's text
};

std::vector<Flag> FlagsOf(const std::vector<FieldFlag>& field_flags);

// All of both.
std::vector<Flag> Together(std::vector<Flag> flags, const std::vector<Flag>& more);

// Sets what the arguments have: a single value replaces, a list replaces the whole list, a map's entries are added to
// the map. Appends the names of the fields to `fields`. INVALID_ARGUMENT names the flag.
absl::Status ApplyFlags(const std::vector<FieldFlag>& field_flags, const Arguments& arguments, InputFiles& files,
                        google::protobuf::Message* message, std::vector<std::string>* fields);

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_MESSAGE_FLAGS_H_
