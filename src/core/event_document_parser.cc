#include "src/core/event_document_parser.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "src/base/ascii.h"
#include "src/base/json.h"
#include "src/core/field_checks.h"
#include "src/core/trigger.h"
#include "src/core/validate.h"

namespace herald {
namespace {

bool AreDigits(absl::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit); }

// "1696263265.851898000"; nothing for another form, such as one with an exponent.
std::optional<google::protobuf::Timestamp> TimeOf(absl::string_view text) {
  constexpr size_t kDecimals = 9;
  constexpr int32_t kNanosPerSecond = 1'000'000'000;
  const bool negative = absl::ConsumePrefix(&text, "-");
  std::pair<std::string, std::string> parts = absl::StrSplit(text, absl::MaxSplits('.', 1));
  if (parts.second.size() > kDecimals || !AreDigits(parts.first)) return std::nullopt;
  if (!parts.second.empty() && !AreDigits(parts.second)) return std::nullopt;
  parts.second.append(kDecimals - parts.second.size(), '0');
  int64_t seconds = 0;
  int32_t nanos = 0;
  if (!absl::SimpleAtoi(parts.first, &seconds) || !absl::SimpleAtoi(parts.second, &nanos)) return std::nullopt;
  google::protobuf::Timestamp time;
  time.set_seconds(!negative ? seconds : -seconds - (nanos > 0 ? 1 : 0));
  time.set_nanos(negative && nanos > 0 ? kNanosPerSecond - nanos : nanos);
  return time;
}

// Takes the members of one document.
class DocumentReader {
 public:
  DocumentReader(absl::string_view field, FieldViolations& violations) : field_(field), violations_(violations) {}

  v1::Event Read(const JsonValue& document) {
    for (const JsonMember& member : document.members()) Take(member);
    for (const char* const required : {"event_id", "event_type", "event_time", "data"}) {
      if (document.Find(required) == nullptr) Add(required, "is missing");
    }
    return std::move(event_);
  }

 private:
  void Take(const JsonMember& member) {
    if (member.name == "event_id") return TakeText(member, *event_.mutable_id());
    if (member.name == "event_type") return TakeText(member, *event_.mutable_type());
    if (member.name == "event_time") return TakeTime(member);
    if (member.name == "data") return event_.set_data_json(ToJson(member.value));
    if (member.name == "source") return TakeText(member, *event_.mutable_source());
    if (member.name == "subject") return TakeText(member, *event_.mutable_subject());
    if (member.name == "attributes") return TakeAttributes(member);
    Add(Quoted(member.name), "no event has this at its top; what the sender gives is under data");
  }

  void TakeText(const JsonMember& member, std::string& text) {
    if (!member.value.is_string()) return Add(member.name, "has to be a string");
    if (member.value.string().empty()) return Add(member.name, "is empty");
    text = std::string(member.value.string());
  }

  void TakeTime(const JsonMember& member) {
    const auto time = TimeOf(member.value.number_text());
    if (!time.has_value()) {
      return Add(member.name, "is a number of seconds since 1970 with at most nine decimals: 1696263265.851898000");
    }
    *event_.mutable_time() = *time;
  }

  void TakeAttributes(const JsonMember& member) {
    if (!member.value.is_object()) return Add(member.name, "has to be an object of strings");
    for (const JsonMember& attribute : member.value.members()) {
      if (!attribute.value.is_string()) {
        Add(FieldOfKey(member.name, attribute.name), "has to be a string");
        continue;
      }
      (*event_.mutable_attributes())[std::string(attribute.name)] = std::string(attribute.value.string());
    }
  }

  void Add(absl::string_view member, absl::string_view sentence) {
    violations_.Add(field_, absl::StrCat(member, ": ", sentence));
  }

  const absl::string_view field_;
  FieldViolations& violations_;
  v1::Event event_;
};

// The member of the document that a field of the event is in.
std::string MemberOf(absl::string_view event_field) {
  absl::ConsumePrefix(&event_field, "event.");
  if (event_field == "id" || event_field == "type" || event_field == "time") return absl::StrCat("event_", event_field);
  return event_field == "data_json" ? "data" : std::string(event_field);
}

// What DispatchEvent says of the event. A type that is missing was said; those of Herald itself come so documented.
void CheckEvent(v1::Event& event, const v1::Limits& limits, absl::string_view field, FieldViolations& violations) {
  FieldViolations of_event;
  event.set_data_json(ValidateEvent(event, limits, "event", of_event).text);
  const google::rpc::BadRequest bad = BadRequestOf(of_event.ToStatus());
  for (const auto& violation : bad.field_violations()) {
    if (violation.field() == "event.type" && (event.type().empty() || IsOwnEventType(event.type()))) continue;
    violations.Add(field, absl::StrCat(MemberOf(violation.field()), ": ", violation.description()));
  }
}

}  // namespace

v1::Event ParseEventDocument(absl::string_view text, const v1::Limits& limits, absl::string_view field,
                             FieldViolations& violations) {
  // The document is one level deeper than its data.
  const auto document =
      JsonDocument::Parse(text, {.depth_max = limits.json_depth_max() + 1, .refuse_duplicate_names = true});
  if (!document.ok()) {
    violations.Add(field, document.status().message());
    return v1::Event();
  }
  if (!document->root().is_object()) {
    violations.Add(field, "has to be a JSON object: an event document, {\"event_id\": …}");
    return v1::Event();
  }
  v1::Event event = DocumentReader(field, violations).Read(document->root());
  CheckEvent(event, limits, field, violations);
  return event;
}

}  // namespace herald
