// JSON numbers by their characters: exact where a double is not.
//
// Pure functions.

#ifndef HERALD_CORE_JSON_NUMBER_H_
#define HERALD_CORE_JSON_NUMBER_H_

#include "absl/strings/string_view.h"
#include "src/base/json.h"

namespace herald {

// Whether `text` is a number of RFC 8259: no plus sign, no leading zeros, no white space.
bool IsJsonNumber(absl::string_view text);

// The nearest double, whatever the size of the number.
double NearestDouble(absl::string_view number_text);

// Negative, 0 or positive as `a` is less than, equal to or greater than `b`, both numbers: 1.0 equals 1, 1e2 equals
// 100, 9007199254740993 is not 9007199254740992. A number that was made without characters is a whole number below
// 2^53. Exponents beyond 10^17 count as 10^17.
int CompareNumbers(const JsonValue& a, const JsonValue& b);

}  // namespace herald

#endif  // HERALD_CORE_JSON_NUMBER_H_
