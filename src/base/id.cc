#include "src/base/id.h"

namespace herald {
namespace {

constexpr char kDigits[] = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr size_t kLength = 13;  // 13 digits of 5 bits hold 64 bits; the first digit is at most "f"

}  // namespace

std::string EncodeId(uint64_t number) {
  std::string text(kLength, '0');
  for (size_t i = kLength; i-- > 0; number >>= 5) text[i] = kDigits[number & 31];
  return text;
}

std::optional<uint64_t> DecodeId(absl::string_view text) {
  if (text.size() != kLength) return std::nullopt;
  const absl::string_view digits(kDigits);
  uint64_t number = 0;
  for (size_t i = 0; i < kLength; ++i) {
    const size_t digit = digits.find(text[i]);
    if (digit == absl::string_view::npos || (i == 0 && digit > 15)) return std::nullopt;
    number = number << 5 | digit;
  }
  return number;
}

}  // namespace herald
