#include "clients/cli/message_edit.h"

#include <algorithm>

#include "clients/cli/message_json.h"
#include "src/base/status_macros.h"
#include "src/core/field_mask.h"

namespace herald::cli {
namespace {

using google::protobuf::Message;

absl::Status ReadFile(const std::string& file, InputFiles& files, Message* message, std::vector<std::string>* fields) {
  const std::string label = FileLabel(file);
  HERALD_ASSIGN_OR_RETURN(const std::string text, files.Read(file));
  HERALD_RETURN_IF_ERROR(ParseMessage(text, label, message));
  HERALD_ASSIGN_OR_RETURN(const JsonDocument document, ParseJson(text, label));
  *fields = FieldsSet(document.root(), *message->GetDescriptor());
  return absl::OkStatus();
}

// A name that is no field is left to the server, which says so.
void ClearFields(const std::vector<std::string>& names, Message* message, std::vector<std::string>* fields) {
  for (const std::string& name : names) {
    const auto* field = message->GetDescriptor()->FindFieldByName(name);
    if (field != nullptr) message->GetReflection()->ClearField(message, field);
    fields->push_back(name);
  }
}

}  // namespace

absl::StatusOr<std::vector<std::string>> EditMessage(const std::vector<FieldFlag>& flags, absl::string_view file,
                                                     CommandContext& context, Message* message) {
  std::vector<std::string> fields;
  if (!file.empty()) HERALD_RETURN_IF_ERROR(ReadFile(std::string(file), context.files, message, &fields));
  ClearFields(context.arguments.Texts("clear"), message, &fields);
  HERALD_RETURN_IF_ERROR(ApplyFlags(flags, context.arguments, context.files, message, &fields));
  std::sort(fields.begin(), fields.end());
  fields.erase(std::unique(fields.begin(), fields.end()), fields.end());
  const std::vector<absl::string_view>& output_only = OutputOnlyFields(*message->GetDescriptor());
  const auto is_output_only = [&](const std::string& field) {
    return std::find(output_only.begin(), output_only.end(), field) != output_only.end();
  };
  fields.erase(std::remove_if(fields.begin(), fields.end(), is_output_only), fields.end());
  return fields;
}

google::protobuf::FieldMask MaskOf(const std::vector<std::string>& fields, const Arguments& arguments) {
  google::protobuf::FieldMask mask;
  if (arguments.Has("replace")) {
    mask.add_paths("*");
  } else {
    for (const std::string& field : fields) mask.add_paths(field);
  }
  return mask;
}

std::vector<Flag> UpdateFlags() {
  return {{"clear", Flag::Kind::kTexts, "FIELD", "empties a field: --clear description"},
          {"replace", Flag::Kind::kSwitch, "", "fields that are not set become empty"}};
}

Flag ValidateOnlyFlag() { return {"validate_only", Flag::Kind::kSwitch, "", "checks everything and changes nothing"}; }

}  // namespace herald::cli
