#include "clients/cli/message_json.h"

#include <list>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/cli/suggestion.h"
#include "clients/cli/time_json.h"
#include "google/protobuf/util/json_util.h"
#include "src/base/status_macros.h"

namespace herald::cli {
namespace {

constexpr int kMessageDepthMax = 90;  // protobuf's own parser stops at 100

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

const FieldDescriptor* FieldNamed(absl::string_view name, const Descriptor& type) {
  const std::string text(name);
  const FieldDescriptor* field = type.FindFieldByName(text);
  return field != nullptr ? field : type.FindFieldByCamelcaseName(text);
}

absl::Status UnknownField(absl::string_view path, absl::string_view name, const Descriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.field_count(); ++i) names.push_back(type.field(i)->name());
  return absl::InvalidArgumentError(
      absl::StrCat(type.name(), " has no field \"", path, name, "\"", DidYouMean(name, names)));
}

// OK when every member names a field, at every level, and durations and times are such. protobuf's own errors do not
// say what was meant.
absl::Status CheckMembers(const JsonValue& value, const std::string& path, const Descriptor& type) {
  for (size_t i = 0; i < value.items().size(); ++i) {
    HERALD_RETURN_IF_ERROR(CheckMembers(value.items()[i], path, type));
  }
  for (const JsonMember& member : value.members()) {
    const FieldDescriptor* field = FieldNamed(member.name, type);
    if (field == nullptr) return UnknownField(path, member.name, type);
    // protobuf's own types (Duration, Struct, …) have JSON forms of their own
    const bool nested = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field->is_map() &&
                        !absl::StartsWith(field->message_type()->full_name(), "google.protobuf.");
    if (!nested) {
      HERALD_RETURN_IF_ERROR(CheckTimes(*field, member.value, absl::StrCat(path, member.name)));
      continue;
    }
    HERALD_RETURN_IF_ERROR(CheckMembers(member.value, absl::StrCat(path, member.name, "."), *field->message_type()));
  }
  return absl::OkStatus();
}

// Whether the field is a text that holds JSON, such as sample_json.
bool HoldsJson(const FieldDescriptor* field) {
  return field != nullptr && field->type() == FieldDescriptor::TYPE_STRING && absl::EndsWith(field->name(), "_json");
}

// `object` as text, where fields that hold JSON have the text of an object or array given for them.
std::string WithJsonAsTexts(const JsonValue& object, const Descriptor& type) {
  std::vector<JsonMember> members(object.members().begin(), object.members().end());
  std::list<std::string> texts;
  for (JsonMember& member : members) {
    if (!member.value.is_object() && !member.value.is_array()) continue;
    if (!HoldsJson(FieldNamed(member.name, type))) continue;
    member.value = JsonValue::String(texts.emplace_back(ToJson(member.value)));
  }
  return ToJson(JsonValue::Object(members));
}

absl::Status ParseObject(const JsonValue& object, absl::string_view label, google::protobuf::Message* message) {
  const absl::Status members = CheckMembers(object, "", *message->GetDescriptor());
  if (!members.ok()) return absl::InvalidArgumentError(absl::StrCat(label, ": ", members.message()));
  google::protobuf::util::JsonParseOptions options;
  options.case_insensitive_enum_parsing = true;
  const auto status =
      google::protobuf::util::JsonStringToMessage(WithJsonAsTexts(object, *message->GetDescriptor()), message, options);
  if (status.ok()) return absl::OkStatus();
  const absl::string_view reason(status.message().data(), status.message().size());
  return absl::InvalidArgumentError(absl::StrCat(label, ": ", reason));
}

std::string PlainJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  if (status.ok()) return json;  // else there is an Any of a type that this program does not know
  json = "{\"error\":";
  AppendJsonString(status.ToString(), &json);
  return json + "}";
}

std::string EventJson(v1::Event event) {
  const auto payload = JsonDocument::Parse(event.data_json(), {.depth_max = kMessageDepthMax});
  if (!payload.ok() || !payload->root().is_object()) return PlainJson(event);
  event.clear_data_json();
  std::string json(absl::StripSuffix(PlainJson(event), "}"));
  absl::StrAppend(&json, json == "{" ? "" : ",", "\"data\":", ToJson(payload->root()), "}");
  return json;
}

void AppendIndented(const JsonValue& value, size_t indent, std::string* out) {
  const std::string line = absl::StrCat("\n", std::string(indent + 2, ' '));
  absl::string_view before = line;
  const std::string between = absl::StrCat(",", line);
  for (const JsonValue& item : value.items()) {
    absl::StrAppend(out, before == line ? "[" : "", before);
    before = between;
    AppendIndented(item, indent + 2, out);
  }
  for (const JsonMember& member : value.members()) {
    absl::StrAppend(out, before == line ? "{" : "", before);
    before = between;
    AppendJsonString(member.name, out);
    out->append(": ");
    AppendIndented(member.value, indent + 2, out);
  }
  if (before == line) {
    AppendJson(value, out);  // a scalar, [] or {}
  } else {
    absl::StrAppend(out, "\n", std::string(indent, ' '), value.is_array() ? "]" : "}");
  }
}

}  // namespace

absl::StatusOr<JsonDocument> ParseJson(absl::string_view text, absl::string_view label) {
  auto document = JsonDocument::Parse(text, {.depth_max = kMessageDepthMax, .refuse_duplicate_names = true});
  if (document.ok()) return document;
  return absl::InvalidArgumentError(absl::StrCat(label, ": ", document.status().message()));
}

absl::Status ParseMessage(absl::string_view text, absl::string_view label, google::protobuf::Message* message) {
  HERALD_ASSIGN_OR_RETURN(const JsonDocument document, ParseJson(text, label));
  if (!document.root().is_object()) {
    return absl::InvalidArgumentError(
        absl::StrCat(label, ": ", message->GetDescriptor()->name(), " in JSON is an object: {…}"));
  }
  return ParseObject(document.root(), label, message);
}

std::vector<std::string> FieldsSet(const JsonValue& object, const Descriptor& type) {
  std::vector<std::string> names;
  for (const JsonMember& member : object.members()) {
    const FieldDescriptor* field = FieldNamed(member.name, type);
    if (field != nullptr) names.push_back(field->name());
  }
  return names;
}

absl::StatusOr<v1::Event> EventOfJson(const JsonValue& value, absl::string_view label) {
  if (!value.is_object()) {
    return absl::InvalidArgumentError(absl::StrCat(label, ": Event in JSON is an object: {\"type\": …}"));
  }
  std::vector<JsonMember> members;
  const JsonValue* data = nullptr;
  for (const JsonMember& member : value.members()) {
    if (member.name == "data") {
      data = &member.value;
    } else {
      members.push_back(member);
    }
  }
  v1::Event event;
  HERALD_RETURN_IF_ERROR(ParseObject(JsonValue::Object(members), label, &event));
  if (data == nullptr || data->is_null()) return event;
  if (!data->is_object()) {
    return absl::InvalidArgumentError(absl::StrCat(label, ": data has to be an object; put other JSON into data_json"));
  }
  if (event.payload_case() != v1::Event::PAYLOAD_NOT_SET) {
    return absl::InvalidArgumentError(absl::StrCat(label, ": data and data_json are both set; set one of them"));
  }
  event.set_data_json(ToJson(*data));
  return event;
}

std::string MessageJson(const google::protobuf::Message& message) {
  const auto* event = google::protobuf::DynamicCastToGenerated<v1::Event>(&message);
  return event == nullptr ? PlainJson(message) : EventJson(*event);
}

std::string IndentedJson(const JsonValue& value) {
  std::string out;
  AppendIndented(value, 0, &out);
  return out;
}

std::string IndentedJson(absl::string_view text) {
  const auto document = JsonDocument::Parse(text, {.depth_max = kMessageDepthMax});
  return document.ok() ? IndentedJson(document->root()) : std::string(text);
}

}  // namespace herald::cli
