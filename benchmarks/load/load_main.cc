// bench_load: sends events to a server for a while and prints what came of it as one JSON object (see LoadGenerator).

#include <iostream>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "benchmarks/load/load_generator.h"

ABSL_FLAG(std::string, server, "127.0.0.1:50051", "Where heraldd serves gRPC.");
ABSL_FLAG(std::string, type, "bench.load", "The type of the events.");
ABSL_FLAG(int, batch, 0, "Events of a BatchDispatchEvents; 0: DispatchEvent, one at a time.");
ABSL_FLAG(int, in_flight, 64, "Calls kept in flight, without --rate.");
ABSL_FLAG(double, rate, 0, "Events a second, at fixed moments whatever the server does; 0: as fast as it answers.");
ABSL_FLAG(double, seconds, 10, "How long events are sent.");
ABSL_FLAG(int64_t, events, 0, "Ends earlier when this many were sent; 0: never.");
ABSL_FLAG(int, channels, 1, "Connections.");

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("Sends events to heraldd and measures it. scripts/bench runs it.");
  absl::ParseCommandLine(argc, argv);
  herald::LoadOptions options;
  options.server = absl::GetFlag(FLAGS_server);
  options.type = absl::GetFlag(FLAGS_type);
  options.batch = absl::GetFlag(FLAGS_batch);
  options.in_flight = absl::GetFlag(FLAGS_in_flight);
  options.rate = absl::GetFlag(FLAGS_rate);
  options.seconds = absl::GetFlag(FLAGS_seconds);
  options.events_max = absl::GetFlag(FLAGS_events);
  options.channels = absl::GetFlag(FLAGS_channels);
  std::cout << herald::LoadGenerator(options).Run().ToJson() << "\n";
  return 0;
}
