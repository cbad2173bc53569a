// Sends events to a server and measures it, in one of two ways:
//   closed: a number of calls is kept in flight, which shows how much the server can take;
//   open: calls begin at fixed moments whether or not the earlier ones were answered, which shows how long each waits.
//
// gRPC's asynchronous client: the thread of Run begins calls, and in the closed way also takes the answers; in the open
// way a second thread does. Confined to the thread that calls Run.

#ifndef HERALD_BENCHMARKS_LOAD_LOAD_GENERATOR_H_
#define HERALD_BENCHMARKS_LOAD_LOAD_GENERATOR_H_

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "benchmarks/load/durations.h"
#include "benchmarks/load/event_source.h"
#include "herald/v1/event_service.grpc.pb.h"

namespace herald {

struct LoadOptions {
  std::string server;
  std::string type;
  int batch = 0;       // events a BatchDispatchEvents; 0: DispatchEvent
  int in_flight = 64;  // calls, of the closed way
  double rate = 0;     // events a second, of the open way; 0: the closed way
  double seconds = 10;
  int64_t events_max = 0;  // ends earlier when this many were sent; 0: never
  int channels = 1;
};

struct LoadResult {
  int64_t sent = 0;      // events
  int64_t accepted = 0;  // of those, answered OK
  int64_t deliveries = 0;
  int64_t refused = 0;
  std::string first_error;
  int64_t start_ns = 0;  // the first call began
  int64_t end_ns = 0;    // the last answer came
  Durations call;        // from begin to answer
  Durations late;        // open: how much later than due a call began

  std::string ToJson() const;
};

class LoadGenerator {
 public:
  explicit LoadGenerator(LoadOptions options);
  LoadResult Run();

 private:
  struct Call;
  struct UnaryCall;
  struct BatchCall;

  void RunClosed();
  void RunOpen();
  // Begins a call with events that were due at `due_ns`.
  void Begin(int64_t due_ns);
  // Takes one answer. False: there are no more.
  bool TakeAnswer();
  int64_t EventsPerCall() const { return options_.batch == 0 ? 1 : options_.batch; }
  bool MayBegin() const;

  const LoadOptions options_;
  EventSource source_;
  std::vector<std::unique_ptr<v1::EventService::Stub>> stubs_;
  size_t next_stub_ = 0;
  grpc::CompletionQueue queue_;
  int64_t until_ns_ = 0;
  LoadResult result_;
};

}  // namespace herald

#endif  // HERALD_BENCHMARKS_LOAD_LOAD_GENERATOR_H_
