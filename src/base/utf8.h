// UTF-8 text (RFC 3629): no surrogates, no overlong forms, nothing above U+10FFFF.
//
// Pure functions.

#ifndef HERALD_BASE_UTF8_H_
#define HERALD_BASE_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace herald {

// The length in bytes (1 to 4) of the code point that `text` begins with; 0 when it begins with none.
size_t CodePointBytes(absl::string_view text);

bool IsValidUtf8(absl::string_view text);

// How many bytes at the beginning of `text` are valid UTF-8.
size_t ValidUtf8Bytes(absl::string_view text);

// The number of code points of valid UTF-8.
size_t CountCodePoints(absl::string_view text);

// Appends a code point that is no surrogate.
void AppendCodePoint(uint32_t code_point, std::string* out);

// `text` when it has at most `bytes_max` bytes, else as many whole code points of it as fit before "…". `bytes_max` is
// at least 3.
std::string Shortened(absl::string_view text, size_t bytes_max);

}  // namespace herald

#endif  // HERALD_BASE_UTF8_H_
