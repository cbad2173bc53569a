// RFC 3339 on any text. Whatever is taken, Abseil takes too and for the same time, but for leap seconds, whose time is
// known; the order of two times is one.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "src/core/rfc3339.h"

namespace herald {
namespace {

void Require(bool holds, absl::string_view what) {
  if (holds) return;
  std::cerr << what << "\n";
  std::abort();
}

int SignOf(int number) { return (number > 0) - (number < 0); }

void CheckAgainstAbseil(const Rfc3339Time& time, absl::string_view text) {
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) { return c == 't' ? 'T' : c == 'z' ? 'Z' : c; });
  absl::Time other;
  Require(absl::ParseTime(absl::RFC3339_full, upper, &other, nullptr), "Abseil refuses it");
  Require(absl::ToUnixSeconds(other) == time.seconds, "Abseil reads another time");
}

void CheckFraction(const Rfc3339Time& time, absl::string_view text) {
  Require(time.fraction.empty() || time.fraction.back() != '0', "the fraction ends in a zero");
  Require(time.fraction.empty() || absl::StrContains(text, absl::StrCat(".", time.fraction)),
          "the fraction is not the text's");
}

void CheckWriting(const Rfc3339Time& time) {
  const absl::Time second = absl::FromUnixSeconds(time.seconds);
  const int64_t year = absl::ToCivilYear(second, absl::UTCTimeZone()).year();
  if (year < 0 || year > 9999) return;  // by its offset
  const std::string fraction = time.fraction.empty() ? "" : absl::StrCat(".", time.fraction);
  const std::string written =
      absl::StrCat(absl::FormatTime("%E4Y-%m-%dT%H:%M:%S", second, absl::UTCTimeZone()), fraction, "Z");
  const std::optional<Rfc3339Time> again = ParseRfc3339(written);
  Require(again.has_value() && CompareTimes(*again, time) == 0, "written again it is another time");
}

void CheckOrder(const Rfc3339Time& a, const Rfc3339Time& b) {
  Require(CompareTimes(a, a) == 0 && CompareTimes(b, b) == 0, "a time is not itself");
  Require(SignOf(CompareTimes(a, b)) == -SignOf(CompareTimes(b, a)), "the order depends on the side");
  if (a.seconds < b.seconds) Require(CompareTimes(a, b) < 0, "an earlier second is not earlier");
}

}  // namespace
}  // namespace herald

// Input: two times, one a line.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t border = std::min(input.find('\n'), input.size());
  const absl::string_view first = input.substr(0, border);
  const std::optional<herald::Rfc3339Time> a = herald::ParseRfc3339(first);
  if (!a.has_value()) return 0;
  herald::CheckAgainstAbseil(*a, first);
  herald::CheckFraction(*a, first);
  herald::CheckWriting(*a);
  if (border == input.size()) return 0;
  const std::optional<herald::Rfc3339Time> b = herald::ParseRfc3339(input.substr(border + 1));
  if (b.has_value()) herald::CheckOrder(*a, *b);
  return 0;
}
