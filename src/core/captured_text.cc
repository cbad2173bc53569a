#include "src/core/captured_text.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/base/utf8.h"

namespace herald {
namespace {

constexpr absl::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// Control characters of Unicode (U+0080..U+009F), and those that turn or hide the text around them.
bool IsInvisible(absl::string_view code_point) {
  if (code_point.size() == 1) return code_point[0] <= ' ' || code_point[0] == '\x7F';
  if (code_point.size() == 2) return code_point[0] == '\xC2' && code_point[1] <= '\x9F';
  return absl::StartsWith(code_point, "\xE2\x80") &&
         ((code_point[2] >= '\x8B' && code_point[2] <= '\x8F') || (code_point[2] >= '\xA8' && code_point[2] <= '\xAE'));
}

size_t AsciiPrefix(absl::string_view text) {
  size_t size = 0;
  while (size < text.size() && static_cast<unsigned char>(text[size]) < 0x80) ++size;
  return size;
}

}  // namespace

CapturedText Capture(absl::string_view bytes, int bytes_max) {
  CapturedText captured;
  const auto size_max = static_cast<size_t>(std::max(bytes_max, 0));
  captured.text.reserve(std::min(bytes.size(), size_max));
  while (!bytes.empty()) {
    const size_t size = std::max(AsciiPrefix(bytes.substr(0, size_max - captured.text.size())), CodePointBytes(bytes));
    const absl::string_view next = size == 0 ? kReplacement : bytes.substr(0, size);
    if (captured.text.size() + next.size() > size_max) {
      captured.truncated = true;
      return captured;
    }
    absl::StrAppend(&captured.text, next);
    bytes.remove_prefix(std::max(size, size_t{1}));
  }
  return captured;
}

std::string Excerpt(absl::string_view text, size_t bytes_max) {
  std::string out;
  bool space = false;
  while (!text.empty() && out.size() <= bytes_max) {
    const size_t size = CodePointBytes(text);
    const absl::string_view next = text.substr(0, size);
    if (size == 0 || next == kReplacement) return "";
    text.remove_prefix(size);
    if (IsInvisible(next)) {
      space = true;
      continue;
    }
    if (std::exchange(space, false) && !out.empty()) out.push_back(' ');
    absl::StrAppend(&out, next);
  }
  return Shortened(out, bytes_max);
}

}  // namespace herald
