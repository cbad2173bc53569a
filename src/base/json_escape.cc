#include <cstdint>
#include <cstring>

#include "src/base/json.h"

namespace herald {
namespace {

// How many bytes at the beginning of `text` stand for themselves in a JSON string. Eight at a time: nearly all of what
// goes through here does.
std::size_t PlainPrefix(absl::string_view text) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  constexpr uint64_t kHighBits = kOnes * 0x80;
  const auto has_zero_byte = [](uint64_t word) { return ((word - kOnes) & ~word & kHighBits) != 0; };
  std::size_t size = 0;
  for (uint64_t word = 0; size + sizeof(word) <= text.size(); size += sizeof(word)) {
    std::memcpy(&word, text.data() + size, sizeof(word));
    const bool has_control = ((word - kOnes * 0x20) & ~word & kHighBits) != 0;
    if (has_control || has_zero_byte(word ^ (kOnes * '"')) || has_zero_byte(word ^ (kOnes * '\\'))) break;
  }
  const auto is_plain = [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; };
  while (size < text.size() && is_plain(text[size])) ++size;
  return size;
}

void AppendEscape(char character, std::string* out) {
  static constexpr char kHex[] = "0123456789abcdef";
  switch (character) {
    case '"':
      out->append("\\\"");
      break;
    case '\\':
      out->append("\\\\");
      break;
    case '\b':
      out->append("\\b");
      break;
    case '\f':
      out->append("\\f");
      break;
    case '\n':
      out->append("\\n");
      break;
    case '\r':
      out->append("\\r");
      break;
    case '\t':
      out->append("\\t");
      break;
    default: {
      const auto c = static_cast<unsigned char>(character);
      const char escape[] = {'\\', 'u', '0', '0', kHex[c >> 4], kHex[c & 15]};
      out->append(escape, sizeof(escape));
    }
  }
}

}  // namespace

void AppendJsonEscaped(absl::string_view text, std::string* out) {
  while (true) {
    const std::size_t plain = PlainPrefix(text);
    out->append(text.data(), plain);
    if (plain == text.size()) return;
    AppendEscape(text[plain], out);
    text.remove_prefix(plain + 1);
  }
}

void AppendJsonString(absl::string_view text, std::string* out) {
  out->push_back('"');
  AppendJsonEscaped(text, out);
  out->push_back('"');
}

}  // namespace herald
