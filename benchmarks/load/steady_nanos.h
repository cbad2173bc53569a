// The clock of every program of the load benchmark: nanoseconds of CLOCK_MONOTONIC, which all processes of a machine
// share. So a time that the load generator writes into a payload can be subtracted from one that the receiver reads.

#ifndef HERALD_BENCHMARKS_LOAD_STEADY_NANOS_H_
#define HERALD_BENCHMARKS_LOAD_STEADY_NANOS_H_

#include <cstdint>
#include <ctime>

namespace herald {

inline int64_t SteadyNanos() {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace herald

#endif  // HERALD_BENCHMARKS_LOAD_STEADY_NANOS_H_
