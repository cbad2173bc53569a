#include "clients/cli/text_width.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "src/base/utf8.h"

namespace herald::cli {
namespace {

struct Range {
  uint32_t first;
  uint32_t last;
};

// Unicode's combining marks and zero-width characters in the scripts that terminals compose.
constexpr Range kZeroWidth[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x0610, 0x061A}, {0x064B, 0x065F}, {0x0900, 0x0902},
    {0x093C, 0x093C}, {0x0941, 0x0948}, {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF},
    {0x1DC0, 0x1DFF}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xE0100, 0xE01EF},
};

// East Asian wide and full-width characters, and emoji.
constexpr Range kDoubleWidth[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x23E9, 0x23EC},   {0x25FD, 0x25FE},   {0x2614, 0x2615},
    {0x2648, 0x2653},   {0x26AA, 0x26AB},   {0x26BD, 0x26BE},   {0x2705, 0x2705},   {0x274C, 0x274C},
    {0x2753, 0x2755},   {0x2757, 0x2757},   {0x2795, 0x2797},   {0x2B1B, 0x2B1C},   {0x2B50, 0x2B50},
    {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},
    {0xA960, 0xA97F},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F7E0, 0x1F7EB}, {0x1F900, 0x1F9FF},
    {0x1FA70, 0x1FAFF}, {0x20000, 0x3FFFD},
};

template <size_t n>
bool Contains(const Range (&ranges)[n], uint32_t code_point) {
  const Range* after = std::upper_bound(std::begin(ranges), std::end(ranges), code_point,
                                        [](uint32_t c, const Range& range) { return c < range.first; });
  return after != std::begin(ranges) && code_point <= std::prev(after)->last;
}

struct CodePoint {
  uint32_t value;
  size_t bytes;
};

// The first one of `text`; a byte that is not UTF-8 counts as one by itself.
CodePoint FirstCodePoint(absl::string_view text) {
  const size_t bytes = CodePointBytes(text);
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  if (bytes <= 1) return {byte(0), 1};
  uint32_t value = byte(0) & (0xFFu >> (bytes + 1));
  for (size_t i = 1; i < bytes; ++i) value = value << 6 | (byte(i) & 0x3Fu);
  return {value, bytes};
}

int WidthOf(uint32_t code_point) {
  if (code_point < 0x300) return 1;
  if (Contains(kZeroWidth, code_point)) return 0;
  return Contains(kDoubleWidth, code_point) ? 2 : 1;
}

// The bytes of the longest beginning of `text` that takes at most `width` columns.
size_t BytesWithin(absl::string_view text, int width) {
  size_t bytes = 0;
  while (bytes < text.size()) {
    const CodePoint next = FirstCodePoint(text.substr(bytes));
    width -= WidthOf(next.value);
    if (width < 0) break;
    bytes += next.bytes;
  }
  return bytes;
}

}  // namespace

int TextWidth(absl::string_view text) {
  int width = 0;
  for (size_t i = 0; i < text.size();) {
    const CodePoint next = FirstCodePoint(text.substr(i));
    width += WidthOf(next.value);
    i += next.bytes;
  }
  return width;
}

std::string CutToWidth(absl::string_view text, int width) {
  if (BytesWithin(text, width) == text.size()) return std::string(text);
  return absl::StrCat(text.substr(0, BytesWithin(text, width - 1)), "…");
}

}  // namespace herald::cli
