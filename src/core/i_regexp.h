// I-Regexp, RFC 9485: the regular expressions of JSONPath's match() and search().
//
// Pure functions.

#ifndef HERALD_CORE_I_REGEXP_H_
#define HERALD_CORE_I_REGEXP_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "src/core/regex.h"

namespace herald {

// `pattern` in RE2's syntax (RFC 9485, 5.5), or nothing when it is not an I-Regexp: \d, \w, (?:…), lazy quantifiers,
// POSIX classes and the like are none. What RE2 has no table for (\p{Cn}) or refuses (repeats above 1,000) is left for
// it to refuse.
std::optional<std::string> IRegexpToRe2(absl::string_view pattern);

// Nothing when it is not an I-Regexp, or one that RE2 refuses, such as one that needs more than `bytes_max`.
std::optional<Regex> CompileIRegexp(absl::string_view pattern, int bytes_max);

}  // namespace herald

#endif  // HERALD_CORE_I_REGEXP_H_
