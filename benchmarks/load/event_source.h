// The events of the load generator: the sample access request, numbered, with the moment at which each was due. The
// receiver reads number and moment back from the body ("number", "due_ns"). Not thread-safe.

#ifndef HERALD_BENCHMARKS_LOAD_EVENT_SOURCE_H_
#define HERALD_BENCHMARKS_LOAD_EVENT_SOURCE_H_

#include <cstdint>
#include <string>

#include "herald/v1/event.pb.h"

namespace herald {

class EventSource {
 public:
  // `run` begins the ids of the events: it must be new for each run.
  EventSource(std::string type, std::string run);

  // The next event, numbered from 1.
  void Next(int64_t due_ns, v1::Event* event);

 private:
  const std::string type_;
  const std::string run_;
  const std::string data_json_;  // without its opening brace
  uint64_t number_ = 0;
};

}  // namespace herald

#endif  // HERALD_BENCHMARKS_LOAD_EVENT_SOURCE_H_
