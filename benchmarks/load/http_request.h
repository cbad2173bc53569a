// An HTTP/1.1 request as the receiver reads it off a connection and as the bare libcurl loop sends it again: only what
// libcurl sends, that is a body with a content-length or none. Views into the caller's bytes.

#ifndef HERALD_BENCHMARKS_LOAD_HTTP_REQUEST_H_
#define HERALD_BENCHMARKS_LOAD_HTTP_REQUEST_H_

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace herald {

struct ParsedHttpRequest {
  absl::string_view method;
  absl::string_view target;
  std::vector<std::pair<absl::string_view, absl::string_view>> headers;
  absl::string_view body;
  size_t size = 0;  // of the whole

  // The first header of this name, without regard to case; empty when there is none.
  absl::string_view Header(absl::string_view name) const;
};

enum class HttpParse { kWhole, kMore, kBad };

// Reads the request that `bytes` begin with. kMore: it is not all there. `request` is reused to spare memory.
HttpParse ParseHttpRequest(absl::string_view bytes, ParsedHttpRequest* request);

}  // namespace herald

#endif  // HERALD_BENCHMARKS_LOAD_HTTP_REQUEST_H_
