// W3C Trace Context: the trace that a call is part of, as the headers traceparent and tracestate tell it, and how it
// goes on.

#ifndef HERALD_CORE_TRACE_CONTEXT_H_
#define HERALD_CORE_TRACE_CONTEXT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace herald {

struct TraceContext {
  std::string parent;  // "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"; empty: no trace
  std::string state;   // "vendor=value,…"; at most 512 bytes
};

// From all values of the two headers. There is no trace unless there is one traceparent and it is valid; one of a later
// version counts as what it has in common with version 00. A tracestate that is not valid is left out whole, members
// that pass the 512 bytes are left out from the end.
TraceContext ParseTraceContext(const std::vector<absl::string_view>& parents,
                               const std::vector<absl::string_view>& states);

// The traceparent for a request of one's own: trace and flags of `parent`, with the id `span`; 0 becomes 1, which is an
// id.
std::string ChildTraceparent(absl::string_view parent, uint64_t span);

}  // namespace herald

#endif  // HERALD_CORE_TRACE_CONTEXT_H_
