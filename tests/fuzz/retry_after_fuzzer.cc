// Retry-After on any text. Input: the time now in seconds since 1970, a line; the value. A wait is never negative nor
// longer than a day, shrinks as time passes, is the same however it is written, and is what a plain reading of the
// value says.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "src/base/ascii.h"
#include "src/core/retry_after.h"

namespace herald {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);

void Require(bool holds, absl::string_view what) {
  if (holds) return;
  std::cerr << what << "\n";
  std::abort();
}

bool IsDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return IsDigit(c); });
}

// The number that `length` digits at `at` are; -1: they are others.
int NumberAt(absl::string_view text, size_t at, size_t length) {
  int number = 0;
  return IsDigits(text.substr(at, length)) && absl::SimpleAtoi(text.substr(at, length), &number) ? number : -1;
}

// "120", read without a number that could overflow.
std::optional<absl::Duration> PlainSeconds(absl::string_view text) {
  if (!IsDigits(text)) return std::nullopt;
  while (text.size() > 1 && text[0] == '0') text.remove_prefix(1);
  return text.size() > 5 ? kDay : std::min(kDay, absl::Seconds(NumberAt(text, 0, text.size())));
}

// "Sun, 06 Nov 1994 08:49:37 GMT", read by position; the day of the week counts for nothing.
std::optional<absl::Time> PlainDate(absl::string_view text) {
  constexpr const char* kDays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  constexpr absl::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != 29 || std::find(std::begin(kDays), std::end(kDays), text.substr(0, 3)) == std::end(kDays)) {
    return std::nullopt;
  }
  const bool separated = text.substr(3, 2) == ", " && text[7] == ' ' && text[11] == ' ' && text[16] == ' ' &&
                         text[19] == ':' && text[22] == ':' && text.substr(25) == " GMT";
  const size_t month = kMonths.find(text.substr(8, 3));
  const int day = NumberAt(text, 5, 2);
  const int year = NumberAt(text, 12, 4);
  const int hour = NumberAt(text, 17, 2);
  const int minute = NumberAt(text, 20, 2);
  const int second = NumberAt(text, 23, 2);
  if (!separated || month == absl::string_view::npos || month % 3 != 0 || day < 1 || year < 0 || hour < 0 ||
      minute < 0 || second < 0)
    return std::nullopt;
  const absl::CivilSecond time(year, static_cast<int>(month / 3) + 1, day, hour, minute, second);
  const bool exists = time.day() == day && time.hour() == hour && time.minute() == minute && time.second() == second;
  return exists ? std::optional<absl::Time>(absl::FromCivil(time, absl::UTCTimeZone())) : std::nullopt;
}

void CheckReading(absl::string_view value, absl::Time now, absl::Duration wait) {
  const absl::string_view text = absl::StripAsciiWhitespace(value);
  const std::optional<absl::Duration> seconds = PlainSeconds(text);
  Require(!seconds.has_value() || wait == *seconds, "the seconds are others");
  const std::optional<absl::Time> date = PlainDate(text);
  Require(!date.has_value() || wait == std::clamp(*date - now, absl::ZeroDuration(), kDay), "the date is another");
}

void CheckWriting(absl::Time now, absl::Duration wait) {
  Require(ParseRetryAfter(absl::StrCat(absl::ToInt64Seconds(wait)), now) == wait, "as seconds it is another wait");
  for (const char* format : {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"}) {
    const std::string date = absl::FormatTime(format, now + wait, absl::UTCTimeZone());
    Require(ParseRetryAfter(date, now) == wait, absl::StrCat("as ", date, " it is another wait"));
  }
}

void CheckHeader(absl::string_view value, absl::Time now, absl::Duration wait) {
  HttpExchange exchange;
  exchange.response.emplace();
  exchange.response->headers = {{"retry-after", std::string(value)}};
  Require(RetryAfter(exchange, now) == wait, "as a header it is another wait");
}

void CheckPassingTime(absl::string_view value, absl::Time now, absl::Duration wait) {
  if (IsDigits(absl::StripAsciiWhitespace(value)) || wait == absl::ZeroDuration() || wait == kDay) return;
  Require(ParseRetryAfter(value, now + absl::Seconds(1)) == wait - absl::Seconds(1), "a date moves with the clock");
  Require(ParseRetryAfter(value, now + wait) == absl::ZeroDuration(), "a date that has come is waited for");
}

void Run(absl::string_view value, absl::Time now) {
  const absl::Duration wait = ParseRetryAfter(value, now);
  Require(wait >= absl::ZeroDuration() && wait <= kDay, "the wait is out of bounds");
  Require(wait == absl::Floor(wait, absl::Seconds(1)), "the wait is not whole seconds");
  Require(ParseRetryAfter(absl::StrCat(" ", value, "\t"), now) == wait, "space around it makes another wait");
  CheckReading(value, now, wait);
  CheckWriting(now, wait);
  CheckHeader(value, now, wait);
  CheckPassingTime(value, now, wait);
}

}  // namespace
}  // namespace herald

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t border = input.find('\n');
  uint32_t seconds = 0;
  if (border == absl::string_view::npos || !absl::SimpleAtoi(input.substr(0, border), &seconds)) return 0;
  herald::Run(input.substr(border + 1), absl::FromUnixSeconds(seconds));
  return 0;
}
