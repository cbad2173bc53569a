// Times as RFC 3339 writes them: "2023-10-02T16:14:25.851898Z", "2023-10-02T18:14:25+02:00".
//
// Pure functions; exact for any number of fractional digits.

#ifndef HERALD_CORE_RFC3339_H_
#define HERALD_CORE_RFC3339_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace herald {

struct Rfc3339Time {
  int64_t seconds = 0;         // since 1970-01-01T00:00:00Z, without leap seconds
  absl::string_view fraction;  // the digits after the point, without zeros at the end; points into the text
};

// Strict: all parts, an offset, days that exist. T and Z may be small letters. A leap second, ":60", is allowed where
// one can be, in the last second before midnight UTC, and counts as the second after it.
std::optional<Rfc3339Time> ParseRfc3339(absl::string_view text);

// Negative, 0 or positive as `a` is before, at or after `b`.
int CompareTimes(const Rfc3339Time& a, const Rfc3339Time& b);

}  // namespace herald

#endif  // HERALD_CORE_RFC3339_H_
