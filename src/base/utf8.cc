#include "src/base/utf8.h"

#include "absl/strings/str_cat.h"

namespace herald {
namespace {

uint8_t ByteAt(absl::string_view text, size_t i) { return static_cast<uint8_t>(text[i]); }

bool IsContinuation(uint8_t byte) { return (byte & 0xC0) == 0x80; }

// The bytes that may follow the first one; they exclude overlong forms, surrogates and what is above U+10FFFF.
struct Second {
  uint8_t low;
  uint8_t high;
};
Second SecondByteOf(uint8_t first) {
  switch (first) {
    case 0xE0:
      return {0xA0, 0xBF};
    case 0xED:
      return {0x80, 0x9F};
    case 0xF0:
      return {0x90, 0xBF};
    case 0xF4:
      return {0x80, 0x8F};
    default:
      return {0x80, 0xBF};
  }
}

size_t BytesAnnouncedBy(uint8_t first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  if (first >= 0xF0 && first <= 0xF4) return 4;
  return 0;
}

}  // namespace

size_t CodePointBytes(absl::string_view text) {
  if (text.empty()) return 0;
  const size_t bytes = BytesAnnouncedBy(ByteAt(text, 0));
  if (bytes == 0 || bytes > text.size()) return 0;
  if (bytes == 1) return 1;
  const Second second = SecondByteOf(ByteAt(text, 0));
  if (ByteAt(text, 1) < second.low || ByteAt(text, 1) > second.high) return 0;
  for (size_t i = 2; i < bytes; ++i) {
    if (!IsContinuation(ByteAt(text, i))) return 0;
  }
  return bytes;
}

bool IsValidUtf8(absl::string_view text) { return ValidUtf8Bytes(text) == text.size(); }

size_t ValidUtf8Bytes(absl::string_view text) {
  size_t valid = 0;
  while (valid < text.size()) {
    const size_t bytes = CodePointBytes(text.substr(valid));
    if (bytes == 0) break;
    valid += bytes;
  }
  return valid;
}

size_t CountCodePoints(absl::string_view text) {
  size_t count = 0;
  for (const char c : text) count += IsContinuation(static_cast<uint8_t>(c)) ? 0 : 1;
  return count;
}

void AppendCodePoint(uint32_t code_point, std::string* out) {
  const auto append = [out](uint32_t byte) { out->push_back(static_cast<char>(byte)); };
  const auto append_tail = [&](uint32_t shift) { append(0x80 | ((code_point >> shift) & 0x3F)); };
  if (code_point < 0x80) {
    append(code_point);
  } else if (code_point < 0x800) {
    append(0xC0 | (code_point >> 6));
    append_tail(0);
  } else if (code_point < 0x10000) {
    append(0xE0 | (code_point >> 12));
    append_tail(6);
    append_tail(0);
  } else {
    append(0xF0 | (code_point >> 18));
    append_tail(12);
    append_tail(6);
    append_tail(0);
  }
}

std::string Shortened(absl::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  size_t end = bytes_max - 3;  // "…" takes three
  while (end > 0 && IsContinuation(ByteAt(text, end))) --end;
  return absl::StrCat(text.substr(0, end), "…");
}

}  // namespace herald
