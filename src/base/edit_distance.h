// How far one word is from another, for "did you mean …?". Pure.

#ifndef HERALD_BASE_EDIT_DISTANCE_H_
#define HERALD_BASE_EDIT_DISTANCE_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace herald {

// How many characters must be put in, taken out or replaced to make `b` of `a`.
size_t EditDistance(absl::string_view a, absl::string_view b);

}  // namespace herald

#endif  // HERALD_BASE_EDIT_DISTANCE_H_
