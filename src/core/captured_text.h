// Bytes of requests and answers as texts that are kept for people. Pure functions.

#ifndef HERALD_CORE_CAPTURED_TEXT_H_
#define HERALD_CORE_CAPTURED_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace herald {

struct CapturedText {
  std::string text;
  bool truncated = false;
};

// `bytes` with U+FFFD for every byte that is not UTF-8, and of that at most `bytes_max` bytes, whole code points.
CapturedText Capture(absl::string_view bytes, int bytes_max);

// The beginning of `text` as a part of a sentence: white space and control characters as single spaces, at most
// `bytes_max` bytes; empty for what is no text.
std::string Excerpt(absl::string_view text, size_t bytes_max = 120);

}  // namespace herald

#endif  // HERALD_CORE_CAPTURED_TEXT_H_
