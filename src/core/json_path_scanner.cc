#include "src/core/json_path_scanner.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "src/base/ascii.h"
#include "src/base/status_macros.h"
#include "src/base/utf8.h"

namespace herald::json_path {
namespace {

constexpr int64_t kIntegerMax = (int64_t{1} << 53) - 1;  // of I-JSON, RFC 7493
constexpr size_t kFoundBytesMax = 24;

bool IsNameFirst(char c) { return IsAlpha(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80; }

}  // namespace

bool Scanner::PeekDigit() const { return IsDigit(Peek()); }

bool Scanner::Take(absl::string_view token) {
  if (!absl::StartsWith(text_.substr(offset_), token)) return false;
  offset_ += token.size();
  return true;
}

bool Scanner::TakeAfterBlanks(absl::string_view token) {
  const size_t before = offset_;
  SkipBlanks();
  if (Take(token)) return true;
  offset_ = before;
  return false;
}

void Scanner::SkipBlanks() {
  while (!AtEnd() && absl::StrContains(" \t\n\r", text_.substr(offset_, 1))) ++offset_;
}

absl::StatusOr<std::string> Scanner::Name() {
  if (!IsNameFirst(Peek())) return Expected("a name or * (other names are written ['…'])");
  const size_t start = offset_;
  while (IsNameFirst(Peek()) || PeekDigit()) ++offset_;
  return std::string(text_.substr(start, offset_ - start));
}

absl::string_view Scanner::Word() {
  const size_t start = offset_;
  while (IsLower(Peek()) || PeekDigit() || Peek() == '_') ++offset_;
  return text_.substr(start, offset_ - start);
}

absl::string_view Scanner::TakeDigits() {
  const size_t start = offset_;
  while (PeekDigit()) ++offset_;
  return text_.substr(start, offset_ - start);
}

absl::StatusOr<int64_t> Scanner::Integer() {
  const size_t start = offset_;
  const bool negative = Take("-");
  const absl::string_view digits = TakeDigits();
  if (digits.empty()) return Expected("a digit");
  if (digits.front() == '0' && (negative || digits.size() > 1)) {
    return ErrorAt(start, "an integer has no leading zero and is not -0");
  }
  int64_t value = 0;
  if (!absl::SimpleAtoi(digits, &value) || value > kIntegerMax) {
    return ErrorAt(start, absl::StrCat("an integer is at most ", kIntegerMax, " and at least -", kIntegerMax));
  }
  return negative ? -value : value;
}

absl::StatusOr<std::string> Scanner::Number() {
  const size_t start = offset_;
  Take("-");
  const absl::string_view whole = TakeDigits();
  if (whole.empty()) return Expected("a digit");
  if (whole.front() == '0' && whole.size() > 1) return ErrorAt(start, "a number has no leading zero");
  if (Take(".") && TakeDigits().empty()) return Expected("a digit after the decimal point");
  if (Take("e") || Take("E")) {
    if (!Take("-")) Take("+");
    if (TakeDigits().empty()) return Expected("a digit of the exponent");
  }
  return std::string(text_.substr(start, offset_ - start));
}

absl::StatusOr<std::string> Scanner::String() {
  const size_t start = offset_;
  const char quote = text_[offset_++];
  std::string out;
  while (!AtEnd()) {
    const char c = text_[offset_];
    if (static_cast<unsigned char>(c) < 0x20) return Expected("no control character in a string; write it as \\u00xx");
    ++offset_;
    if (c == quote) return out;
    if (c == '\\') {
      HERALD_RETURN_IF_ERROR(Escape(quote, out));
    } else {
      out.push_back(c);
    }
  }
  return ErrorAt(start, "a string without its closing quote");
}

absl::Status Scanner::Escape(char quote, std::string& out) {
  static constexpr absl::string_view kEscapes = "bfnrt/\\";
  static constexpr absl::string_view kMeanings = "\b\f\n\r\t/\\";
  if (Take("u")) return UnicodeEscape(out);
  const size_t which = AtEnd() ? absl::string_view::npos : kEscapes.find(Peek());
  if (which != absl::string_view::npos) {
    out.push_back(kMeanings[which]);
  } else if (Peek() == quote) {
    out.push_back(quote);
  } else {
    return Expected(absl::StrCat("one of b f n r t / \\ u ", absl::string_view(&quote, 1), " after the backslash"));
  }
  ++offset_;
  return absl::OkStatus();
}

absl::Status Scanner::UnicodeEscape(std::string& out) {
  const size_t start = offset_ - 2;
  HERALD_ASSIGN_OR_RETURN(uint32_t code_point, HexDigits());
  if (code_point >= 0xDC00 && code_point <= 0xDFFF)
    return ErrorAt(start, "a low surrogate without a high one before it");
  if (code_point >= 0xD800 && code_point <= 0xDBFF) {
    if (!Take("\\u")) return ErrorAt(start, "a high surrogate without a low one after it");
    HERALD_ASSIGN_OR_RETURN(const uint32_t low, HexDigits());
    if (low < 0xDC00 || low > 0xDFFF) return ErrorAt(start, "a high surrogate without a low one after it");
    code_point = 0x10000 + ((code_point - 0xD800) << 10) + (low - 0xDC00);
  }
  AppendCodePoint(code_point, &out);
  return absl::OkStatus();
}

absl::StatusOr<uint32_t> Scanner::HexDigits() {
  uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const auto c = static_cast<unsigned char>(Peek());
    if (!absl::ascii_isxdigit(c)) return Expected("four hexadecimal digits after \\u");
    const int digit = IsDigit(static_cast<char>(c)) ? c - '0' : absl::ascii_tolower(c) - 'a' + 10;
    value = value * 16 + static_cast<uint32_t>(digit);
    ++offset_;
  }
  return value;
}

absl::Status Scanner::Expected(absl::string_view what) const {
  const std::string found =
      AtEnd() ? "the end" : absl::StrCat("\"", Shortened(text_.substr(offset_), kFoundBytesMax), "\"");
  return ErrorAt(offset_, absl::StrCat("expected ", what, ", found ", found));
}

absl::Status Scanner::ErrorAt(size_t offset, absl::string_view sentence) {
  return absl::InvalidArgumentError(absl::StrCat("position ", offset + 1, ": ", sentence));
}

}  // namespace herald::json_path
