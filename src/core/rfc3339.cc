#include "src/core/rfc3339.h"

#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "src/base/ascii.h"

namespace herald {
namespace {

constexpr int64_t kDaySeconds = 86'400;

// Takes `digits` digits, whose value is at most `max`; -1 when they are not there.
int TakeNumber(absl::string_view& text, size_t digits, int max) {
  if (text.size() < digits) return -1;
  int value = 0;
  for (size_t i = 0; i < digits; ++i) {
    if (!IsDigit(text[i])) return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value <= max ? value : -1;
}

// ".851898000" -> "851898". Nothing when a point has no digits.
std::optional<absl::string_view> TakeFraction(absl::string_view& text) {
  if (!absl::ConsumePrefix(&text, ".")) return absl::string_view();
  size_t count = 0;
  while (count < text.size() && IsDigit(text[count])) ++count;
  if (count == 0) return std::nullopt;
  const absl::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits.substr(0, digits.find_last_not_of('0') + 1);
}

// The rest of the text, in seconds east of UTC.
std::optional<int64_t> Offset(absl::string_view text) {
  if (text == "Z" || text == "z") return 0;
  const bool west = absl::ConsumePrefix(&text, "-");
  if (!west && !absl::ConsumePrefix(&text, "+")) return std::nullopt;
  const int hours = TakeNumber(text, 2, 23);
  if (hours < 0 || !absl::ConsumePrefix(&text, ":")) return std::nullopt;
  const int minutes = TakeNumber(text, 2, 59);
  if (minutes < 0 || !text.empty()) return std::nullopt;
  const int64_t seconds = (int64_t{60} * hours + minutes) * 60;
  return west ? -seconds : seconds;
}

// Seconds since 1970 of a date and time that exist, ":60" included.
std::optional<int64_t> LocalSeconds(absl::string_view& text) {
  const int year = TakeNumber(text, 4, 9999);
  if (year < 0 || !absl::ConsumePrefix(&text, "-")) return std::nullopt;
  const int month = TakeNumber(text, 2, 12);
  if (month < 1 || !absl::ConsumePrefix(&text, "-")) return std::nullopt;
  const int day = TakeNumber(text, 2, 31);
  const absl::CivilDay date(year, month, day);
  if (day < 1 || date.day() != day) return std::nullopt;  // 30 February
  if (!absl::ConsumePrefix(&text, "T") && !absl::ConsumePrefix(&text, "t")) return std::nullopt;
  const int hour = TakeNumber(text, 2, 23);
  if (hour < 0 || !absl::ConsumePrefix(&text, ":")) return std::nullopt;
  const int minute = TakeNumber(text, 2, 59);
  if (minute < 0 || !absl::ConsumePrefix(&text, ":")) return std::nullopt;
  const int second = TakeNumber(text, 2, 60);
  if (second < 0) return std::nullopt;
  return (date - absl::CivilDay(1970, 1, 1)) * kDaySeconds + (int64_t{60} * hour + minute) * 60 + second;
}

}  // namespace

std::optional<Rfc3339Time> ParseRfc3339(absl::string_view text) {
  const bool leap_second = text.size() > 19 && text.substr(17, 2) == "60";
  const std::optional<int64_t> local = LocalSeconds(text);
  if (!local.has_value()) return std::nullopt;
  const std::optional<absl::string_view> fraction = TakeFraction(text);
  const std::optional<int64_t> offset = Offset(text);
  if (!fraction.has_value() || !offset.has_value()) return std::nullopt;
  const int64_t seconds = *local - *offset;
  if (leap_second && seconds % kDaySeconds != 0) return std::nullopt;
  return Rfc3339Time{seconds, *fraction};
}

int CompareTimes(const Rfc3339Time& a, const Rfc3339Time& b) {
  if (a.seconds != b.seconds) return a.seconds < b.seconds ? -1 : 1;
  return a.fraction.compare(b.fraction);
}

}  // namespace herald
