// Checks that many fields share, and the wording of their sentences. Pure functions.

#ifndef HERALD_CORE_FIELD_CHECKS_H_
#define HERALD_CORE_FIELD_CHECKS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "src/core/errors.h"

namespace herald {

// `value` in quotes for a sentence: shortened, control characters escaped.
std::string Quoted(absl::string_view value);

// "40 triggers; at most 32 are allowed"
void CheckCount(int count, int count_max, absl::string_view noun, absl::string_view field, FieldViolations& violations);

// "has 300 bytes; at most 256 are allowed"
void CheckBytes(absl::string_view value, int bytes_max, absl::string_view field, FieldViolations& violations);

// Whether `value` has 1 to `size_max` characters, the first and the others being as told.
template <typename IsFirst, typename IsOther>
bool HasForm(absl::string_view value, size_t size_max, IsFirst is_first, IsOther is_other) {
  if (value.empty() || value.size() > size_max || !is_first(value.front())) return false;
  for (const char c : value.substr(1)) {
    if (!is_other(c)) return false;
  }
  return true;
}

struct DurationRange {
  absl::Duration min;
  bool min_excluded = false;
  absl::Duration max;
};

// Adds a violation when `duration` is malformed or not in `range`: "90s; from 1s to 60s is allowed".
void CheckDuration(const google::protobuf::Duration& duration, const DurationRange& range, absl::string_view field,
                   FieldViolations& violations);

}  // namespace herald

#endif  // HERALD_CORE_FIELD_CHECKS_H_
