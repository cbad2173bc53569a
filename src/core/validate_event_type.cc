#include "absl/strings/str_cat.h"
#include "src/base/json.h"
#include "src/core/event_document_parser.h"
#include "src/core/field_checks.h"
#include "src/core/validate.h"

namespace herald {
namespace {

bool HasBytes(absl::string_view text, int bytes_max, absl::string_view field, FieldViolations& violations) {
  CheckBytes(text, bytes_max, field, violations);
  return text.size() <= static_cast<size_t>(bytes_max);
}

void CheckSchema(absl::string_view schema, const v1::Limits& limits, absl::string_view field,
                 FieldViolations& violations) {
  if (schema.empty() || !HasBytes(schema, limits.event_type_json_bytes_max(), field, violations)) return;
  const auto document =
      JsonDocument::Parse(schema, {.depth_max = limits.json_depth_max(), .refuse_duplicate_names = true});
  if (!document.ok()) {
    violations.Add(field, document.status().message());
  } else if (!document->root().is_object()) {
    violations.Add(field, "has to be a JSON object: a JSON Schema such as {\"type\": \"object\"}");
  }
}

void CheckSample(absl::string_view sample, absl::string_view type, const v1::Limits& limits, absl::string_view field,
                 FieldViolations& violations) {
  if (sample.empty() || !HasBytes(sample, limits.event_type_json_bytes_max(), field, violations)) return;
  const v1::Event event = ParseEventDocument(sample, limits, field, violations);
  if (type.empty() || event.type().empty() || event.type() == type) return;
  violations.Add(field, absl::StrCat("event_type: is ", Quoted(event.type()), "; want ", Quoted(type),
                                     ", the type that it is a sample of"));
}

}  // namespace

void ValidateEventType(const v1::EventType& event_type, absl::string_view type, const v1::Limits& limits,
                       absl::string_view prefix, FieldViolations& violations) {
  const auto field = [prefix](absl::string_view name) { return absl::StrCat(prefix, ".", name); };
  CheckBytes(event_type.display_name(), limits.short_text_bytes_max(), field("display_name"), violations);
  CheckBytes(event_type.description(), limits.description_bytes_max(), field("description"), violations);
  CheckSchema(event_type.schema_json(), limits, field("schema_json"), violations);
  CheckSample(event_type.sample_json(), type, limits, field("sample_json"), violations);
}

}  // namespace herald
