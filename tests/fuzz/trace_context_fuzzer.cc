// Trace context from any headers. Input: a traceparent, a line; values of tracestate, one a line. What is taken is of
// version 00 and bounded, is taken again as itself, and goes on with another span and nothing else changed.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "src/core/trace_context.h"

namespace herald {
namespace {

void Require(bool holds, absl::string_view what) {
  if (holds) return;
  std::cerr << what << "\n";
  std::abort();
}

void CheckChild(const TraceContext& trace, uint64_t span) {
  const std::string child = ChildTraceparent(trace.parent, span);
  const TraceContext again = ParseTraceContext({child}, {});
  Require(again.parent == child, "the child's traceparent is not valid");
  const absl::string_view parent = trace.parent;
  Require(absl::StartsWith(child, parent.substr(0, 36)) && absl::EndsWith(child, parent.substr(52)),
          "the child is part of another trace");
}

void Run(absl::string_view parent, const std::vector<absl::string_view>& states) {
  const TraceContext trace = ParseTraceContext({parent}, states);
  Require(ParseTraceContext({parent, parent}, states).parent.empty(), "two parents make a trace");
  if (trace.parent.empty()) return Require(trace.state.empty(), "a state without a trace");
  Require(trace.parent.size() == 55 && absl::StartsWith(trace.parent, "00-"), "the traceparent is not of version 00");
  Require(trace.state.size() <= 512, "the state is too long");
  const TraceContext again = ParseTraceContext({trace.parent}, {trace.state});
  Require(again.parent == trace.parent && again.state == trace.state, "what is taken is not taken again");
  for (const uint64_t span : {uint64_t{0}, uint64_t{1}, ~uint64_t{0}}) CheckChild(trace, span);
}

}  // namespace
}  // namespace herald

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::vector<absl::string_view> lines =
      absl::StrSplit(absl::string_view(reinterpret_cast<const char*>(data), size), '\n');
  const absl::string_view parent = lines.front();
  lines.erase(lines.begin());
  herald::Run(parent, lines);
  return 0;
}
