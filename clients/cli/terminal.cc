#include "clients/cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace herald::cli {
namespace {

constexpr int kUsualWidth = 80;

bool WantsColours() {
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  const char* term = std::getenv("TERM");
  return term == nullptr || absl::string_view(term) != "dumb";
}

absl::string_view Escape(Style style) {
  switch (style) {
    case Style::kPlain:
      return "";
    case Style::kBold:
      return "\x1b[1m";
    case Style::kDim:
      return "\x1b[2m";
    case Style::kGreen:
      return "\x1b[32m";
    case Style::kRed:
      return "\x1b[31m";
    case Style::kYellow:
      return "\x1b[33m";
    case Style::kWhite:
      return "\x1b[97m";
  }
  return "";
}

// C0, DEL, and C1 as UTF-8 (U+0080 to U+009F are 0xC2 0x80 to 0xC2 0x9F).
size_t ControlBytesAt(absl::string_view text, size_t i) {
  const unsigned char c = static_cast<unsigned char>(text[i]);
  if (c < 0x20 || c == 0x7F) return 1;
  if (c != 0xC2 || i + 1 == text.size()) return 0;
  return static_cast<unsigned char>(text[i + 1]) < 0xA0 ? 2 : 0;
}

std::string Escaped(absl::string_view text, bool one_line) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const size_t control_bytes = ControlBytesAt(text, i);
    if (control_bytes == 0) {
      out.push_back(text[i]);
    } else if (text[i] == '\n' || text[i] == '\t') {
      absl::StrAppend(&out, !one_line ? text.substr(i, 1) : text[i] == '\n' ? "\\n" : "\\t");
    } else {
      i += control_bytes - 1;
      absl::StrAppend(&out, "\\x", absl::Hex(static_cast<unsigned char>(text[i]), absl::kZeroPad2));
    }
  }
  return out;
}

}  // namespace

Terminal DetectTerminal(int file_descriptor) {
  if (isatty(file_descriptor) == 0) return {};
  winsize size = {};
  const bool known = ioctl(file_descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return {.colours = WantsColours(), .width = known ? size.ws_col : kUsualWidth};
}

std::string Painted(absl::string_view text, Style style, const Terminal& terminal) {
  if (!terminal.colours || style == Style::kPlain) return std::string(text);
  return absl::StrCat(Escape(style), text, "\x1b[0m");
}

std::string Printable(absl::string_view text) { return Escaped(text, false); }

std::string PrintableLine(absl::string_view text) { return Escaped(text, true); }

}  // namespace herald::cli
