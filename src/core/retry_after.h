// The Retry-After header (RFC 9110 10.2.3). Pure functions.

#ifndef HERALD_CORE_RETRY_AFTER_H_
#define HERALD_CORE_RETRY_AFTER_H_

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/core/exchange.h"

namespace herald {

// How long the answer's Retry-After asks to wait from `now` (seconds, or any of the three HTTP-date forms); zero when
// there is none, or it is malformed or past; at most 24 h.
absl::Duration RetryAfter(const HttpExchange& exchange, absl::Time now);
absl::Duration ParseRetryAfter(absl::string_view value, absl::Time now);

}  // namespace herald

#endif  // HERALD_CORE_RETRY_AFTER_H_
