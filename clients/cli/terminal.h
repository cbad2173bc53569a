// What the place that text goes to can show, and text made for it.

#ifndef HERALD_CLIENTS_CLI_TERMINAL_H_
#define HERALD_CLIENTS_CLI_TERMINAL_H_

#include <string>

#include "absl/strings/string_view.h"

namespace herald::cli {

struct Terminal {
  bool colours = false;
  int width = 0;  // columns; 0: not a terminal, lines are as long as they are
};

// A file descriptor's. No colours where it is no terminal, NO_COLOR is set or TERM is "dumb".
Terminal DetectTerminal(int file_descriptor);

enum class Style { kPlain, kBold, kDim, kGreen, kRed, kYellow, kWhite };

std::string Painted(absl::string_view text, Style style, const Terminal& terminal);

// `text` with control characters but line feed and tab as "\x1b": what a receiver or a sender wrote must not steer the
// terminal.
std::string Printable(absl::string_view text);
// The same on one line: line feeds and tabs are written as "\n" and "\t".
std::string PrintableLine(absl::string_view text);

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_TERMINAL_H_
