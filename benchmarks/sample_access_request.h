// What the benchmarks of paths and filters run on: the event document of the sample access request.

#ifndef HERALD_BENCHMARKS_SAMPLE_ACCESS_REQUEST_H_
#define HERALD_BENCHMARKS_SAMPLE_ACCESS_REQUEST_H_

#include <string>

#include "src/core/event_document.h"
#include "src/core/event_types.h"

namespace herald {

inline std::string SampleAccessRequest() { return EventDocumentText(SampleEvent("RequestCreated")); }

}  // namespace herald

#endif  // HERALD_BENCHMARKS_SAMPLE_ACCESS_REQUEST_H_
