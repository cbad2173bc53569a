#include "clients/cli/values_text.h"

#include <algorithm>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "src/base/protobuf_time.h"

namespace herald::cli {

std::string TimeText(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0 && time.nanos() == 0) return "";
  return absl::FormatTime("%E4Y-%m-%d %H:%M:%SZ", FromProto(time), absl::UTCTimeZone());
}

std::string DurationText(const google::protobuf::Duration& duration) {
  return absl::FormatDuration(absl::Trunc(FromProto(duration), absl::Microseconds(1)));
}

std::string LinesOf(const google::protobuf::Map<std::string, std::string>& map) {
  const std::map<std::string, std::string> sorted(map.begin(), map.end());
  return absl::StrJoin(sorted, "\n", absl::PairFormatter(": "));
}

std::string Joined(const google::protobuf::RepeatedPtrField<std::string>& texts, absl::string_view separator) {
  return absl::StrJoin(texts, separator);
}

Cell StateCell(v1::Webhook::State state) {
  const std::string& name = v1::Webhook::State_Name(state);
  return state == v1::Webhook::ACTIVE ? Cell(absl::StrCat("● ", name), Style::kGreen)
                                      : Cell(absl::StrCat("○ ", name), Style::kWhite);
}

Cell StateCell(v1::Delivery::State state) {
  const std::string& name = v1::Delivery::State_Name(state);
  switch (state) {
    case v1::Delivery::SUCCEEDED:
      return {name, Style::kGreen};
    case v1::Delivery::FAILED:
      return {name, Style::kRed};
    case v1::Delivery::RETRYING:
      return {name, Style::kYellow};
    case v1::Delivery::CANCELLED:
      return {name, Style::kDim};
    default:
      return {name, Style::kPlain};
  }
}

Cell OutcomeCell(v1::InvocationResult::Outcome outcome) {
  const std::string& name = v1::InvocationResult::Outcome_Name(outcome);
  return {name, outcome == v1::InvocationResult::SUCCEEDED ? Style::kGreen : Style::kRed};
}

absl::StatusOr<int> EnumNumber(const google::protobuf::EnumDescriptor& type, absl::string_view name,
                               absl::string_view flag, absl::string_view choices) {
  const std::string upper = absl::AsciiStrToUpper(name);
  const std::vector<std::string> allowed = absl::StrSplit(choices.empty() ? EnumNames(type) : choices, '|');
  const auto* value = type.FindValueByName(upper);
  const bool is_allowed = std::find(allowed.begin(), allowed.end(), upper) != allowed.end();
  if (value != nullptr && is_allowed) return value->number();
  return absl::InvalidArgumentError(
      absl::StrCat("--", flag, " is \"", name, "\"; it has to be one of ", absl::StrJoin(allowed, ", ")));
}

std::string EnumNames(const google::protobuf::EnumDescriptor& type) {
  std::vector<std::string> names;
  for (int i = 1; i < type.value_count(); ++i) names.push_back(type.value(i)->name());  // 0 is "unspecified"
  return absl::StrJoin(names, "|");
}

}  // namespace herald::cli
