#include "src/core/retry_after.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "src/base/ascii.h"
#include "src/core/limits.h"

namespace herald {
namespace {

absl::Duration Bounded(absl::Duration wait) { return std::clamp(wait, absl::ZeroDuration(), kRetryWaitMax); }

absl::Duration ParseSeconds(absl::string_view digits) {
  int64_t seconds = 0;
  return absl::SimpleAtoi(digits, &seconds) ? Bounded(absl::Seconds(seconds)) : kRetryWaitMax;
}

// A year of two digits is the last such one that is at most 50 years ahead.
absl::Time WithCentury(absl::Time time, absl::Time now) {
  constexpr int kYears = 50;
  absl::CivilSecond civil = absl::ToCivilSecond(time, absl::UTCTimeZone());
  const int64_t last = absl::ToCivilYear(now, absl::UTCTimeZone()).year() + kYears;
  int64_t year = last / 100 * 100 + civil.year() % 100;
  if (year > last) year -= 100;
  civil = absl::CivilSecond(year, civil.month(), civil.day(), civil.hour(), civil.minute(), civil.second());
  return absl::FromCivil(civil, absl::UTCTimeZone());
}

std::optional<absl::Time> ParseHttpDate(absl::string_view value, absl::Time now) {
  constexpr char kImfFixdate[] = "%a, %d %b %Y %H:%M:%S GMT";  // Sun, 06 Nov 1994 08:49:37 GMT
  constexpr char kRfc850[] = "%A, %d-%b-%y %H:%M:%S GMT";      // Sunday, 06-Nov-94 08:49:37 GMT
  constexpr char kAsctime[] = "%a %b %e %H:%M:%S %Y";          // Sun Nov  6 08:49:37 1994
  if (!absl::c_any_of(value, IsDigit)) return std::nullopt;    // "infinite-future" is a time to absl
  absl::Time time;
  if (absl::ParseTime(kImfFixdate, value, &time, nullptr)) return time;
  if (absl::ParseTime(kRfc850, value, &time, nullptr)) return WithCentury(time, now);
  if (absl::ParseTime(kAsctime, value, &time, nullptr)) return time;
  return std::nullopt;
}

}  // namespace

absl::Duration ParseRetryAfter(absl::string_view value, absl::Time now) {
  value = absl::StripAsciiWhitespace(value);
  if (value.empty()) return absl::ZeroDuration();
  if (absl::c_all_of(value, IsDigit)) return ParseSeconds(value);
  const std::optional<absl::Time> time = ParseHttpDate(value, now);
  return time.has_value() ? Bounded(*time - now) : absl::ZeroDuration();
}

absl::Duration RetryAfter(const HttpExchange& exchange, absl::Time now) {
  if (!exchange.response.has_value()) return absl::ZeroDuration();
  for (const auto& [name, value] : exchange.response->headers) {
    if (name == "retry-after") return ParseRetryAfter(value, now);
  }
  return absl::ZeroDuration();
}

}  // namespace herald
