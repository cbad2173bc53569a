// Waits for moments of SteadyNanos with a kernel timer, to within some tens of microseconds. Confined to one thread.

#ifndef HERALD_BENCHMARKS_LOAD_PACER_H_
#define HERALD_BENCHMARKS_LOAD_PACER_H_

#include <cstdint>

#include "src/http/file_descriptor.h"

namespace herald {

class Pacer {
 public:
  Pacer();

  // Returns at once when the moment has passed.
  void WaitUntil(int64_t steady_ns);

 private:
  const FileDescriptor timer_;
};

}  // namespace herald

#endif  // HERALD_BENCHMARKS_LOAD_PACER_H_
