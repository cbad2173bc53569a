#include "src/core/json_number.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/charconv.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "src/base/ascii.h"

namespace herald {
namespace {

// Takes the digits that `text` begins with.
absl::string_view TakeDigits(absl::string_view& text) {
  size_t count = 0;
  while (count < text.size() && IsDigit(text[count])) ++count;
  const absl::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

struct NumberParts {
  bool negative = false;
  absl::string_view whole;
  absl::string_view fraction;
  bool exponent_negative = false;
  absl::string_view exponent;
  bool valid = true;
};

NumberParts Split(absl::string_view text) {
  NumberParts parts;
  parts.negative = absl::ConsumePrefix(&text, "-");
  parts.whole = TakeDigits(text);
  parts.valid = !parts.whole.empty() && (parts.whole.size() == 1 || parts.whole.front() != '0');
  if (absl::ConsumePrefix(&text, ".")) {
    parts.fraction = TakeDigits(text);
    parts.valid = parts.valid && !parts.fraction.empty();
  }
  if (absl::ConsumePrefix(&text, "e") || absl::ConsumePrefix(&text, "E")) {
    parts.exponent_negative = absl::ConsumePrefix(&text, "-");
    if (!parts.exponent_negative) absl::ConsumePrefix(&text, "+");
    parts.exponent = TakeDigits(text);
    parts.valid = parts.valid && !parts.exponent.empty();
  }
  parts.valid = parts.valid && text.empty();
  return parts;
}

int64_t BoundedExponent(const NumberParts& parts) {
  constexpr int64_t kMax = 100'000'000'000'000'000;
  int64_t value = 0;
  if (!parts.exponent.empty() && !absl::SimpleAtoi(parts.exponent, &value)) value = kMax;
  value = std::min(value, kMax);
  return parts.exponent_negative ? -value : value;
}

// sign * 0.digits * 10^exponent, digits with no zero at either end: one form for equal numbers.
struct Decimal {
  int sign = 0;
  std::string digits;
  int64_t exponent = 0;
};

Decimal ToDecimal(absl::string_view text) {
  const NumberParts parts = Split(text);
  Decimal decimal;
  decimal.digits = absl::StrCat(parts.whole, parts.fraction);
  const size_t first = std::min(decimal.digits.find_first_not_of('0'), decimal.digits.size());
  decimal.digits.erase(0, first);
  decimal.digits.erase(decimal.digits.find_last_not_of('0') + 1);
  if (decimal.digits.empty()) return decimal;
  decimal.sign = parts.negative ? -1 : 1;
  decimal.exponent = static_cast<int64_t>(parts.whole.size()) - static_cast<int64_t>(first) + BoundedExponent(parts);
  return decimal;
}

int CompareTexts(absl::string_view a_text, absl::string_view b_text) {
  const Decimal a = ToDecimal(a_text);
  const Decimal b = ToDecimal(b_text);
  if (a.sign != b.sign) return a.sign - b.sign;
  if (a.exponent != b.exponent) return a.exponent < b.exponent ? -a.sign : a.sign;
  return a.sign * a.digits.compare(b.digits);
}

std::string TextOf(const JsonValue& number) {
  return number.number_text().empty() ? absl::StrCat(static_cast<int64_t>(number.number()))
                                      : std::string(number.number_text());
}

// Decimals of so few characters and no exponent are as different as their doubles.
bool IsShort(absl::string_view text) {
  return text.size() <= 15 && text.find_first_of("eE") == absl::string_view::npos;
}

}  // namespace

bool IsJsonNumber(absl::string_view text) { return Split(text).valid; }

double NearestDouble(absl::string_view number_text) {
  double value = 0;
  absl::from_chars(number_text.data(), number_text.data() + number_text.size(), value);
  return value;
}

int CompareNumbers(const JsonValue& a, const JsonValue& b) {
  // Rounding to doubles keeps the order, so that only equal ones need a closer look.
  if (a.number() != b.number()) return a.number() < b.number() ? -1 : 1;
  if (a.number_text() == b.number_text() || (IsShort(a.number_text()) && IsShort(b.number_text()))) return 0;
  return CompareTexts(TextOf(a), TextOf(b));
}

}  // namespace herald
