// A message as a person describes it on the command line: a file, flags, or a file changed by flags.

#ifndef HERALD_CLIENTS_CLI_MESSAGE_EDIT_H_
#define HERALD_CLIENTS_CLI_MESSAGE_EDIT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/cli/command.h"
#include "clients/cli/message_flags.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"

namespace herald::cli {

// Gives `message` what `file` (if not empty) sets, then takes the fields of --clear from it, then gives it what the
// flags set. The answer names the fields that the three touched, output only ones left out.
absl::StatusOr<std::vector<std::string>> EditMessage(const std::vector<FieldFlag>& flags, absl::string_view file,
                                                     CommandContext& context, google::protobuf::Message* message);

// The mask of an update that sets `fields`, or with --replace all of them.
google::protobuf::FieldMask MaskOf(const std::vector<std::string>& fields, const Arguments& arguments);

// --clear and --replace.
std::vector<Flag> UpdateFlags();

Flag ValidateOnlyFlag();

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_MESSAGE_EDIT_H_
