// Every bound on what Herald takes, holds and does: the values of herald.v1.Limits, in one place.

#ifndef HERALD_CORE_LIMITS_H_
#define HERALD_CORE_LIMITS_H_

#include "absl/time/time.h"
#include "herald/v1/limits.pb.h"

namespace herald {

// The documented default of every limit.
v1::Limits DefaultLimits();

// Bounds that are no flags, since protocols or other bounds depend on them.
inline constexpr absl::Duration kTimeoutMin = absl::Seconds(1);
inline constexpr absl::Duration kTimeoutMax = absl::Seconds(60);
inline constexpr absl::Duration kTimeoutDefault = absl::Seconds(10);
inline constexpr absl::Duration kRetryWaitMax = absl::Hours(24);
inline constexpr absl::Duration kMaxAgeDefault = absl::Hours(4 * 24);
inline constexpr absl::Duration kMaxAgeMax = absl::Hours(30 * 24);
inline constexpr int kAttemptsMax = 30;
inline constexpr int kMaxInFlightDefault = 32;
inline constexpr int kMaxInFlightMax = 1024;
inline constexpr int kRequestsPerSecondMax = 10'000;
// More than most receivers take.
inline constexpr int kRenderedUrlBytesMax = 8192;
inline constexpr int kRenderedHeaderBytesMax = 8192;
inline constexpr int kPageSizeDefault = 50;
inline constexpr int kPageBytesMax = 2 << 20;
inline constexpr int kStatusBytesMax = 4096;
inline constexpr int kSeenValuesMax = 16;
inline constexpr int kSeenValueBytesMax = 256;

}  // namespace herald

#endif  // HERALD_CORE_LIMITS_H_
