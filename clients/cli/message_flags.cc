#include "clients/cli/message_flags.h"

#include <cstdlib>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/message_json.h"
#include "clients/cli/name_and_value.h"
#include "clients/cli/values_text.h"
#include "src/base/protobuf_time.h"
#include "src/base/status_macros.h"

namespace herald::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// The element to fill: a new one of a list, or the field's own.
Message* Target(const FieldDescriptor& field, Message* message) {
  const auto* reflection = message->GetReflection();
  return field.is_repeated() ? reflection->AddMessage(message, &field) : reflection->MutableMessage(message, &field);
}

void AddMapEntry(const FieldDescriptor& field, const std::string& key, const std::string& value, Message* message) {
  Message* entry = message->GetReflection()->AddMessage(message, &field);
  entry->GetReflection()->SetString(entry, field.message_type()->map_key(), key);
  entry->GetReflection()->SetString(entry, field.message_type()->map_value(), value);
}

absl::Status SetNumber(const FieldDescriptor& field, absl::string_view flag, absl::string_view text, Message* message) {
  int number = 0;
  if (!absl::SimpleAtoi(text, &number)) {
    return absl::InvalidArgumentError(absl::StrCat("--", flag, " is \"", text, "\"; it has to be a whole number"));
  }
  const auto* reflection = message->GetReflection();
  field.is_repeated() ? reflection->AddInt32(message, &field, number) : reflection->SetInt32(message, &field, number);
  return absl::OkStatus();
}

// The example in a flag's help: '{"scheme": "ED25519"}'.
absl::string_view ExampleOf(const Flag& flag) {
  const absl::string_view help = flag.help;
  const size_t from = help.find('\'');
  return help.substr(from, help.rfind('\'') - from + 1);
}

absl::Status SetMessage(const Flag& flag, const std::string& text, Message* message) {
  absl::Status status = ParseMessage(text, absl::StrCat("--", flag.name), message);
  if (status.ok()) return status;
  const absl::StatusOr<JsonDocument> document = ParseJson(text, "");
  if (document.ok() && document->root().is_object()) return status;
  return absl::InvalidArgumentError(absl::StrCat(status.message(), "; give JSON such as ", ExampleOf(flag)));
}

absl::Status SetText(const FieldDescriptor& field, const Flag& flag, const std::string& text, Message* message) {
  const auto* reflection = message->GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      field.is_repeated() ? reflection->AddString(message, &field, text) : reflection->SetString(message, &field, text);
      return absl::OkStatus();
    case FieldDescriptor::CPPTYPE_ENUM: {
      HERALD_ASSIGN_OR_RETURN(const int number, EnumNumber(*field.enum_type(), text, flag.name, flag.value));
      reflection->SetEnumValue(message, &field, number);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_INT32:
      return SetNumber(field, flag.name, text, message);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return SetMessage(flag, text, Target(field, message));
    default:
      std::abort();  // no flag is declared for a field of another type
  }
}

absl::Status SetValue(const FieldFlag& field_flag, const FieldDescriptor& field, const Arguments& arguments,
                      const std::string& value, InputFiles& files, Message* message) {
  const Flag& flag = field_flag.flag;
  if (flag.kind == Flag::Kind::kDuration) {
    Target(field, message)->CopyFrom(ToProto(arguments.Duration(flag.name, absl::ZeroDuration())));
    return absl::OkStatus();
  }
  if (flag.kind == Flag::Kind::kTime) {
    Target(field, message)->CopyFrom(ToProto(*arguments.Time(flag.name)));
    return absl::OkStatus();
  }
  const auto resolve = [&](const std::string& text) -> absl::StatusOr<std::string> {
    return field_flag.from_file ? files.Resolve(text) : text;
  };
  if (field.is_map()) {
    HERALD_ASSIGN_OR_RETURN(const auto entry, ParseNameAndValue(flag.name, value));
    HERALD_ASSIGN_OR_RETURN(const std::string text, resolve(entry.second));
    AddMapEntry(field, entry.first, text, message);
    return absl::OkStatus();
  }
  HERALD_ASSIGN_OR_RETURN(const std::string text, resolve(value));
  return SetText(field, flag, text, message);
}

}  // namespace

std::vector<Flag> FlagsOf(const std::vector<FieldFlag>& field_flags) {
  std::vector<Flag> flags;
  for (const FieldFlag& field_flag : field_flags) flags.push_back(field_flag.flag);
  return flags;
}

std::vector<Flag> Together(std::vector<Flag> flags, const std::vector<Flag>& more) {
  flags.insert(flags.end(), more.begin(), more.end());
  return flags;
}

absl::Status ApplyFlags(const std::vector<FieldFlag>& field_flags, const Arguments& arguments, InputFiles& files,
                        google::protobuf::Message* message, std::vector<std::string>* fields) {
  for (const FieldFlag& field_flag : field_flags) {
    if (!arguments.Has(field_flag.flag.name)) continue;
    const FieldDescriptor* field = message->GetDescriptor()->FindFieldByName(field_flag.field);
    if (!field->is_map()) message->GetReflection()->ClearField(message, field);
    for (const std::string& value : arguments.Texts(field_flag.flag.name)) {
      HERALD_RETURN_IF_ERROR(SetValue(field_flag, *field, arguments, value, files, message));
    }
    fields->push_back(field_flag.field);
  }
  return absl::OkStatus();
}

}  // namespace herald::cli
