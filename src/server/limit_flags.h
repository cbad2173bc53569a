// The limits, each a flag with the name of its field in herald.v1.Limits.

#ifndef HERALD_SERVER_LIMIT_FLAGS_H_
#define HERALD_SERVER_LIMIT_FLAGS_H_

#include "absl/status/statusor.h"
#include "herald/v1/limits.pb.h"

namespace herald {

// INVALID_ARGUMENT: a limit that is not at least 1, that is more than the server can keep, or that contradicts another.
absl::StatusOr<v1::Limits> LimitsFromFlags();

}  // namespace herald

#endif  // HERALD_SERVER_LIMIT_FLAGS_H_
