#include "src/core/field_checks.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "src/base/json.h"
#include "src/base/protobuf_time.h"
#include "src/base/utf8.h"

namespace herald {
namespace {

// Seconds and nanoseconds in their ranges and of one sign.
bool IsWellFormed(const google::protobuf::Duration& duration) {
  constexpr int64_t kSecondsMax = 315'576'000'000;
  if (std::abs(duration.seconds()) > kSecondsMax || std::abs(duration.nanos()) > 999'999'999) return false;
  return duration.seconds() == 0 || duration.nanos() == 0 || (duration.seconds() > 0) == (duration.nanos() > 0);
}

bool IsIn(absl::Duration duration, const DurationRange& range) {
  const bool above = range.min_excluded ? duration > range.min : duration >= range.min;
  return above && duration <= range.max;
}

}  // namespace

std::string Quoted(absl::string_view value) {
  constexpr size_t kBytesMax = 48;
  std::string quoted;
  AppendJsonString(Shortened(value, kBytesMax), &quoted);
  return quoted;
}

void CheckCount(int count, int count_max, absl::string_view noun, absl::string_view field,
                FieldViolations& violations) {
  if (count <= count_max) return;
  violations.Add(field, absl::StrCat(count, " ", noun, "; at most ", count_max, " are allowed"));
}

void CheckBytes(absl::string_view value, int bytes_max, absl::string_view field, FieldViolations& violations) {
  if (value.size() <= static_cast<size_t>(bytes_max)) return;
  violations.Add(field, absl::StrCat("has ", value.size(), " bytes; at most ", bytes_max, " are allowed"));
}

void CheckDuration(const google::protobuf::Duration& duration, const DurationRange& range, absl::string_view field,
                   FieldViolations& violations) {
  if (IsWellFormed(duration) && IsIn(FromProto(duration), range)) return;
  const std::string value =
      IsWellFormed(duration) ? absl::FormatDuration(FromProto(duration)) : "seconds and nanos that make no duration";
  violations.Add(
      field, absl::StrCat(value, "; ", range.min_excluded ? "more than " : "from ", absl::FormatDuration(range.min),
                          range.min_excluded ? ", at most " : " to ", absl::FormatDuration(range.max), " is allowed"));
}

}  // namespace herald
