#include "src/core/event_document.h"

#include <openssl/sha.h>

#include <charconv>
#include <cmath>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "src/base/status_macros.h"
#include "src/base/utf8.h"
#include "src/core/sorted_entries.h"

namespace herald {
namespace {

using google::protobuf::ListValue;
using google::protobuf::Struct;
using google::protobuf::Timestamp;
using google::protobuf::Value;

absl::Status TooDeep(int depth_max) {
  return absl::InvalidArgumentError(absl::StrCat("nested more than ", depth_max, " levels deep"));
}

absl::Status CheckSize(size_t bytes, const v1::Limits& limits) {
  if (bytes <= static_cast<size_t>(limits.event_data_bytes_max())) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("has ", bytes, " bytes as JSON text; at most ", limits.event_data_bytes_max(), " are allowed"));
}

void AppendNumber(double number, std::string* out) {
  constexpr double kWholeMax = 9007199254740992;  // 2^53
  if (std::trunc(number) == number && std::abs(number) < kWholeMax) {
    absl::StrAppend(out, static_cast<int64_t>(number));
    return;
  }
  char text[32];
  const std::to_chars_result end = std::to_chars(text, text + sizeof(text), number);
  out->append(text, end.ptr);
}

// Writes a Struct as JSON text, down to `depth_max` levels.
class StructWriter {
 public:
  explicit StructWriter(int depth_max) : depth_max_(depth_max) {}

  absl::Status WriteObject(const Struct& object, int depth) {
    if (depth > depth_max_) return TooDeep(depth_max_);
    char before = '{';
    for (const auto* member : SortedEntries(object.fields())) {
      text_.push_back(std::exchange(before, ','));
      HERALD_RETURN_IF_ERROR(WriteString(member->first));
      text_.push_back(':');
      if (absl::Status status = Write(member->second, depth); !status.ok()) return Within(member->first, status);
    }
    text_.append(before == '{' ? "{}" : "}");
    return absl::OkStatus();
  }

  std::string Take() { return std::move(text_); }

 private:
  absl::Status WriteArray(const ListValue& array, int depth) {
    if (depth > depth_max_) return TooDeep(depth_max_);
    char before = '[';
    for (const Value& item : array.values()) {
      text_.push_back(std::exchange(before, ','));
      HERALD_RETURN_IF_ERROR(Write(item, depth));
    }
    text_.append(before == '[' ? "[]" : "]");
    return absl::OkStatus();
  }

  absl::Status WriteString(absl::string_view string) {
    if (!IsValidUtf8(string)) return absl::InvalidArgumentError("holds a text that is not UTF-8");
    AppendJsonString(string, &text_);
    return absl::OkStatus();
  }

  absl::Status WriteNumber(double number) {
    if (!std::isfinite(number)) {
      return absl::InvalidArgumentError("NaN and infinities are no JSON; only finite numbers are allowed");
    }
    AppendNumber(number, &text_);
    return absl::OkStatus();
  }

  absl::Status Write(const Value& value, int depth) {
    switch (value.kind_case()) {
      case Value::kNullValue:
        text_.append("null");
        return absl::OkStatus();
      case Value::kBoolValue:
        text_.append(value.bool_value() ? "true" : "false");
        return absl::OkStatus();
      case Value::kNumberValue:
        return WriteNumber(value.number_value());
      case Value::kStringValue:
        return WriteString(value.string_value());
      case Value::kStructValue:
        return WriteObject(value.struct_value(), depth + 1);
      case Value::kListValue:
        return WriteArray(value.list_value(), depth + 1);
      case Value::KIND_NOT_SET:
        break;
    }
    return absl::InvalidArgumentError("holds a google.protobuf.Value that is not set; set null_value for null");
  }

  // Names the member once, the innermost.
  static absl::Status Within(absl::string_view name, const absl::Status& status) {
    constexpr size_t kNameBytesMax = 40;
    if (status.message().substr(0, 1) == "\"") return status;
    std::string message;
    AppendJsonString(Shortened(name, kNameBytesMax), &message);
    return absl::InvalidArgumentError(absl::StrCat(message, ": ", status.message()));
  }

  const int depth_max_;
  std::string text_;
};

absl::StatusOr<Payload> WithValue(std::string text, const v1::Limits& limits) {
  Payload payload;
  HERALD_ASSIGN_OR_RETURN(payload.json, JsonDocument::Parse(text, {.depth_max = limits.json_depth_max()}));
  payload.text = std::move(text);
  return payload;
}

absl::StatusOr<Payload> StructPayload(const Struct& data, const v1::Limits& limits) {
  StructWriter writer(limits.json_depth_max());
  HERALD_RETURN_IF_ERROR(writer.WriteObject(data, 1));
  std::string text = writer.Take();
  HERALD_RETURN_IF_ERROR(CheckSize(text.size(), limits));
  return WithValue(std::move(text), limits);
}

absl::StatusOr<Payload> JsonPayload(absl::string_view json, const v1::Limits& limits) {
  HERALD_RETURN_IF_ERROR(CheckSize(json.size(), limits));
  Payload payload;
  HERALD_ASSIGN_OR_RETURN(
      payload.json, JsonDocument::Parse(json, {.depth_max = limits.json_depth_max(), .refuse_duplicate_names = true}));
  payload.text.reserve(json.size());
  AppendJson(payload.json.root(), &payload.text);
  return payload;
}

// Epoch seconds with nine decimals.
std::string SecondsText(const Timestamp& time) {
  constexpr int kNanos = 1'000'000'000;
  if (time.seconds() >= 0 || time.nanos() == 0) return absl::StrFormat("%d.%09d", time.seconds(), time.nanos());
  return absl::StrFormat("-%d.%09d", -(time.seconds() + 1), kNanos - time.nanos());
}

void AppendMember(absl::string_view name, absl::string_view json, std::string* out) {
  out->push_back(out->empty() ? '{' : ',');
  AppendJsonString(name, out);
  absl::StrAppend(out, ":", json);
}

void AppendTextMember(absl::string_view name, absl::string_view text, std::string* out) {
  AppendMember(name, "", out);
  AppendJsonString(text, out);
}

void AppendAttributes(const v1::Event& event, std::string* out) {
  if (event.attributes().empty()) return;
  std::string attributes;
  for (const auto* entry : SortedEntries(event.attributes())) {
    AppendTextMember(entry->first, entry->second, &attributes);
  }
  AppendMember("attributes", absl::StrCat(attributes, "}"), out);
}

void AppendSourceAndSubject(const v1::Event& event, std::string* out) {
  if (!event.source().empty()) AppendTextMember("source", event.source(), out);
  if (!event.subject().empty()) AppendTextMember("subject", event.subject(), out);
}

}  // namespace

absl::StatusOr<Payload> ParsePayload(const v1::Event& event, const v1::Limits& limits) {
  switch (event.payload_case()) {
    case v1::Event::kData:
      return StructPayload(event.data(), limits);
    case v1::Event::kDataJson:
      return JsonPayload(event.data_json(), limits);
    case v1::Event::PAYLOAD_NOT_SET:
      break;
  }
  return WithValue("null", limits);
}

std::string EventDocumentText(const v1::Event& event) {
  std::string out;
  AppendAttributes(event, &out);
  AppendMember("data", event.has_data_json() ? absl::string_view(event.data_json()) : "null", &out);
  AppendTextMember("event_id", event.id(), &out);
  AppendMember("event_time", SecondsText(event.time()), &out);
  AppendTextMember("event_type", event.type(), &out);
  AppendSourceAndSubject(event, &out);
  out.push_back('}');
  return out;
}

EventDocument::EventDocument(const v1::Event& event, const JsonValue& payload) : time_(SecondsText(event.time())) {
  const auto add_given = [this](absl::string_view name, absl::string_view text) {
    if (!text.empty()) members_.push_back({name, JsonValue::String(text)});
  };
  for (const auto* entry : SortedEntries(event.attributes())) {
    attributes_.push_back({entry->first, JsonValue::String(entry->second)});
  }
  double seconds = 0;
  static_cast<void>(absl::SimpleAtod(time_, &seconds));  // it is a number
  if (!attributes_.empty()) members_.push_back({"attributes", JsonValue::Object(attributes_)});
  members_.push_back({"data", payload});
  members_.push_back({"event_id", JsonValue::String(event.id())});
  members_.push_back({"event_time", JsonValue::Number(seconds, time_)});
  members_.push_back({"event_type", JsonValue::String(event.type())});
  add_given("source", event.source());
  add_given("subject", event.subject());
  root_ = JsonValue::Object(members_);
}

std::string ContentHash(const v1::Event& event, const JsonValue& payload) {
  std::string content;
  AppendAttributes(event, &content);
  std::string data;
  AppendCanonicalJson(payload, &data);
  AppendMember("data", data, &content);
  if (event.has_time()) AppendMember("event_time", SecondsText(event.time()), &content);
  AppendTextMember("event_type", event.type(), &content);
  if (!event.ordering_key().empty()) AppendTextMember("ordering_key", event.ordering_key(), &content);
  AppendSourceAndSubject(event, &content);
  std::string hash(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(content.data()), content.size(),
         reinterpret_cast<unsigned char*>(hash.data()));
  return hash;
}

}  // namespace herald
