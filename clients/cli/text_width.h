// How many columns of a terminal a text takes: UTF-8, wide characters (CJK, emoji) two, combining marks none.

#ifndef HERALD_CLIENTS_CLI_TEXT_WIDTH_H_
#define HERALD_CLIENTS_CLI_TEXT_WIDTH_H_

#include <string>

#include "absl/strings/string_view.h"

namespace herald::cli {

int TextWidth(absl::string_view text);

// `text` cut to at most `width` columns (at least 1), with "…" at the end where something is missing.
std::string CutToWidth(absl::string_view text, int width);

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_TEXT_WIDTH_H_
