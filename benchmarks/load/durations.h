// Durations that were measured, and what a report says of them. Not thread-safe.

#ifndef HERALD_BENCHMARKS_LOAD_DURATIONS_H_
#define HERALD_BENCHMARKS_LOAD_DURATIONS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace herald {

class Durations {
 public:
  void Add(int64_t nanos) { nanos_.push_back(nanos); }

  // A JSON object: count, and p50, p90, p99, p999, max in microseconds. Without durations only the count.
  std::string ToJson() const;

 private:
  std::vector<int64_t> nanos_;
};

}  // namespace herald

#endif  // HERALD_BENCHMARKS_LOAD_DURATIONS_H_
