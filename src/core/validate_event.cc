#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/ascii.h"
#include "src/core/event_document.h"
#include "src/core/field_checks.h"
#include "src/core/sorted_entries.h"
#include "src/core/trigger.h"
#include "src/core/validate.h"

namespace herald {
namespace {

void CheckId(absl::string_view id, absl::string_view field, FieldViolations& violations) {
  constexpr size_t kBytesMax = 128;
  const auto is_allowed = [](char c) { return IsPrintable(c) && c != '/'; };
  if (id.empty() || HasForm(id, kBytesMax, is_allowed, is_allowed)) return;
  violations.Add(field, absl::StrCat(Quoted(id), " is no event id: 1 to ", kBytesMax,
                                     " printable ASCII characters without space or \"/\""));
}

void CheckTime(const google::protobuf::Timestamp& time, absl::string_view field, FieldViolations& violations) {
  constexpr int64_t kFirst = -62'135'596'800;  // 0001-01-01T00:00:00Z
  constexpr int64_t kLast = 253'402'300'799;   // 9999-12-31T23:59:59Z
  if (time.seconds() < kFirst || time.seconds() > kLast) {
    violations.Add(field, absl::StrCat(time.seconds(), " s is outside the years 0001 to 9999"));
  } else if (time.nanos() < 0 || time.nanos() > 999'999'999) {
    violations.Add(field, absl::StrCat("nanos is ", time.nanos(), "; from 0 to 999999999 is allowed"));
  }
}

void CheckAttributes(const v1::Event& event, const v1::Limits& limits, absl::string_view field,
                     FieldViolations& violations) {
  constexpr size_t kKeyBytesMax = 63;
  const auto is_other = [](char c) { return IsAlphanumeric(c) || c == '.' || c == '_' || c == '-'; };
  CheckCount(static_cast<int>(event.attributes().size()), limits.attributes_max(), "attributes", field, violations);
  for (const auto* entry : SortedEntries(event.attributes())) {
    const std::string entry_field = FieldOfKey(field, entry->first);
    if (!HasForm(entry->first, kKeyBytesMax, IsAlphanumeric, is_other)) {
      violations.Add(entry_field,
                     "a key has 1 to 63 letters, digits, \".\", \"_\" and \"-\", the first a letter or digit");
    }
    CheckBytes(entry->second, limits.short_text_bytes_max(), entry_field, violations);
  }
}

}  // namespace

void ValidateEventTypeId(absl::string_view type, absl::string_view field, FieldViolations& violations) {
  if (const absl::Status status = ValidateEventType(type); !status.ok()) {
    violations.Add(field, status.message());
  } else if (IsOwnEventType(type)) {
    violations.Add(field,
                   absl::StrCat(Quoted(type), " is refused: types that begin with \"herald.\" are Herald's own"));
  }
}

Payload ValidateEvent(const v1::Event& event, const v1::Limits& limits, absl::string_view prefix,
                      FieldViolations& violations) {
  const auto field = [prefix](absl::string_view name) { return absl::StrCat(prefix, ".", name); };
  CheckId(event.id(), field("id"), violations);
  ValidateEventTypeId(event.type(), field("type"), violations);
  CheckBytes(event.source(), limits.short_text_bytes_max(), field("source"), violations);
  CheckBytes(event.subject(), limits.short_text_bytes_max(), field("subject"), violations);
  CheckBytes(event.ordering_key(), limits.short_text_bytes_max(), field("ordering_key"), violations);
  if (event.has_time()) CheckTime(event.time(), field("time"), violations);
  CheckAttributes(event, limits, field("attributes"), violations);
  absl::StatusOr<Payload> payload = ParsePayload(event, limits);
  if (payload.ok()) return *std::move(payload);
  violations.Add(field(event.has_data() ? "data" : "data_json"), payload.status().message());
  return {};
}

}  // namespace herald
