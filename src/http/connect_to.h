// What a person writes for --connect_to.

#ifndef HERALD_HTTP_CONNECT_TO_H_
#define HERALD_HTTP_CONNECT_TO_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace herald {

// "HOST:PORT:ADDR:PORT", IPv6 addresses in brackets. INVALID_ARGUMENT with a sentence: libcurl itself would pass over
// an entry that it cannot read.
absl::Status CheckConnectTo(absl::string_view entry);

}  // namespace herald

#endif  // HERALD_HTTP_CONNECT_TO_H_
