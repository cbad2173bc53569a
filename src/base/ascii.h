// What sort of ASCII character a char is. A byte of 0x80 or more, as UTF-8 has them, is of none. Without a cast where
// they are called, which the functions of absl need because they take unsigned char.

#ifndef HERALD_BASE_ASCII_H_
#define HERALD_BASE_ASCII_H_

#include "absl/strings/ascii.h"

namespace herald {

inline bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }
inline bool IsHexDigit(char c) { return absl::ascii_isxdigit(static_cast<unsigned char>(c)); }
inline bool IsLower(char c) { return absl::ascii_islower(static_cast<unsigned char>(c)); }
inline bool IsAlpha(char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)); }
inline bool IsAlphanumeric(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }
inline bool IsSpace(char c) { return absl::ascii_isspace(static_cast<unsigned char>(c)); }
inline bool IsControl(char c) { return absl::ascii_iscntrl(static_cast<unsigned char>(c)); }
inline bool IsPrintable(char c) { return absl::ascii_isgraph(static_cast<unsigned char>(c)); }

}  // namespace herald

#endif  // HERALD_BASE_ASCII_H_
