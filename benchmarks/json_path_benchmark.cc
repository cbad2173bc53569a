// JSONPath on the sample access request: parsed before, parsed each time, and compilation alone.

#include <benchmark/benchmark.h>

#include <iterator>
#include <string>

#include "benchmarks/sample_access_request.h"
#include "src/base/json.h"
#include "src/core/json_path.h"

namespace herald {
namespace {

constexpr const char* kQueries[] = {
    "$.data.requester.email",
    "$.data.access_groups[*].integration.name",
    "$.data.access_groups[*].access_units[*].permission.name",
    "$.data.approvals[?@.type=='MANUAL' && @.status=='PENDING'].approver.email",
    "$.data.access_groups[?match(@.integration.name, 'prod .*')]",
    "$..email",
};

void BM_Select(benchmark::State& state) {
  const char* query = kQueries[state.range(0)];
  const JsonPath path = *JsonPath::Compile(query);
  const auto document = JsonDocument::Parse(SampleAccessRequest());
  for (auto _ : state) benchmark::DoNotOptimize(path.Select(document->root()));
  state.SetLabel(query);
}
BENCHMARK(BM_Select)->DenseRange(0, std::size(kQueries) - 1);

void BM_ParseAndSelect(benchmark::State& state) {
  const char* query = kQueries[state.range(0)];
  const JsonPath path = *JsonPath::Compile(query);
  const std::string text = SampleAccessRequest();
  for (auto _ : state) {
    const auto document = JsonDocument::Parse(text);
    benchmark::DoNotOptimize(path.Select(document->root()));
  }
  state.SetLabel(query);
}
BENCHMARK(BM_ParseAndSelect)->DenseRange(0, std::size(kQueries) - 1);

void BM_Compile(benchmark::State& state) {
  const char* query = kQueries[state.range(0)];
  for (auto _ : state) benchmark::DoNotOptimize(JsonPath::Compile(query));
  state.SetLabel(query);
}
BENCHMARK(BM_Compile)->DenseRange(0, std::size(kQueries) - 1);

}  // namespace
}  // namespace herald
