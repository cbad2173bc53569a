// Sequence numbers: the order in which events and deliveries were accepted, and their time of acceptance.
//
// A number is a wall-clock time in microseconds times 1,024 plus what keeps numbers apart. They strictly increase also
// when the clock steps back, so order never depends on the clock, and a range of time is a range of numbers.

#ifndef HERALD_CORE_SEQUENCE_H_
#define HERALD_CORE_SEQUENCE_H_

#include <algorithm>
#include <cstdint>

#include "absl/time/time.h"

namespace herald {

using Sequence = int64_t;

// The smallest number of time `at` (clamped to 1970..2254).
inline Sequence FirstSequenceAt(absl::Time at) {
  constexpr int64_t kMicrosMax = (int64_t{1} << 53) - 1;
  return std::clamp(absl::ToUnixMicros(at), int64_t{0}, kMicrosMax) << 10;
}

// The number to give at `now` after `last` was given.
inline Sequence NextSequence(Sequence last, absl::Time now) { return std::max(last + 1, FirstSequenceAt(now)); }

inline absl::Time TimeOfSequence(Sequence sequence) { return absl::FromUnixMicros(sequence >> 10); }

}  // namespace herald

#endif  // HERALD_CORE_SEQUENCE_H_
