// What an update of a metric costs, by one thread and by two at once.

#include <benchmark/benchmark.h>

#include "src/base/metrics.h"

namespace herald {
namespace {

Metrics& Shared() {
  static Metrics& metrics = *new Metrics;
  return metrics;
}

void BM_Counter(benchmark::State& state) {
  prometheus::Counter& counter = Shared().events_accepted;
  for ([[maybe_unused]] auto _ : state) counter.Increment();
}
BENCHMARK(BM_Counter)->Threads(1)->Threads(2);

void BM_Histogram(benchmark::State& state) {
  prometheus::Histogram& histogram = Shared().commit_duration;
  for ([[maybe_unused]] auto _ : state) histogram.Observe(0.003);
}
BENCHMARK(BM_Histogram)->Threads(1)->Threads(2);

void BM_Text(benchmark::State& state) {
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(Shared().Text());
}
BENCHMARK(BM_Text);

}  // namespace
}  // namespace herald
