// Text forms of the numbers that identify things: 13 characters of lower-case Crockford base 32, which sort as the
// numbers do.

#ifndef HERALD_BASE_ID_H_
#define HERALD_BASE_ID_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace herald {

std::string EncodeId(uint64_t number);

// Nothing for a text that EncodeId does not make.
std::optional<uint64_t> DecodeId(absl::string_view text);

}  // namespace herald

#endif  // HERALD_BASE_ID_H_
