#include "clients/cli/time_json.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "src/base/ascii.h"
#include "src/base/status_macros.h"
#include "src/core/rfc3339.h"

namespace herald::cli {
namespace {

constexpr int64_t kSecondsMax = 315'576'000'000;  // of a protobuf Duration: 10,000 years
constexpr size_t kFractionDigitsMax = 9;

bool AreDigits(absl::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit); }

// "-1.5s"; whether the field takes what is less than 0 is for the server to say.
bool IsDuration(absl::string_view text) {
  if (!absl::ConsumeSuffix(&text, "s")) return false;
  absl::ConsumePrefix(&text, "-");
  const size_t point = text.find('.');
  if (point != absl::string_view::npos) {
    const absl::string_view fraction = text.substr(point + 1);
    if (!AreDigits(fraction) || fraction.size() > kFractionDigitsMax) return false;
  }
  const absl::string_view whole = text.substr(0, point);
  int64_t seconds = 0;
  return AreDigits(whole) && absl::SimpleAtoi(whole, &seconds) && seconds < kSecondsMax;
}

absl::Status Refused(const JsonValue& value, absl::string_view path, absl::string_view wanted) {
  return absl::InvalidArgumentError(absl::StrCat("\"", path, "\" is ", ToJson(value), "; ", wanted));
}

absl::Status CheckOne(const google::protobuf::Descriptor& type, const JsonValue& value, absl::string_view path) {
  if (value.is_null()) return absl::OkStatus();
  if (&type == google::protobuf::Duration::descriptor() && !(value.is_string() && IsDuration(value.string()))) {
    return Refused(value, path, "a duration is a number of seconds with \"s\", such as \"10s\"");
  }
  if (&type == google::protobuf::Timestamp::descriptor() &&
      !(value.is_string() && ParseRfc3339(value.string()).has_value())) {
    return Refused(value, path, "a time is as RFC 3339 has it, such as \"2023-10-02T16:14:25Z\"");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckTimes(const google::protobuf::FieldDescriptor& field, const JsonValue& value,
                        absl::string_view path) {
  if (field.cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) return absl::OkStatus();
  if (!value.is_array()) return CheckOne(*field.message_type(), value, path);
  for (const JsonValue& item : value.items()) {
    HERALD_RETURN_IF_ERROR(CheckOne(*field.message_type(), item, path));
  }
  return absl::OkStatus();
}

}  // namespace herald::cli
