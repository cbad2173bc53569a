#include "benchmarks/load/pacer.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include "benchmarks/load/steady_nanos.h"

namespace herald {

Pacer::Pacer() : timer_(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC)) {}

void Pacer::WaitUntil(int64_t steady_ns) {
  if (SteadyNanos() >= steady_ns) return;
  itimerspec when = {};
  when.it_value.tv_sec = steady_ns / 1'000'000'000;
  when.it_value.tv_nsec = steady_ns % 1'000'000'000;
  timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &when, nullptr);
  uint64_t fired = 0;
  [[maybe_unused]] const ssize_t size = read(timer_.get(), &fired, sizeof(fired));
}

}  // namespace herald
