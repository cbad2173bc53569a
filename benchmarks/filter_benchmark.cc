// Filters on the sample access request: matching a parsed document, and with the parse included.

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "benchmarks/sample_access_request.h"
#include "src/base/json.h"
#include "src/core/condition.h"
#include "src/core/limits.h"

namespace herald {
namespace {

struct Example {
  const char* path;
  v1::Filter::Operator op;
  std::vector<std::string> values;
};

const std::vector<Example>& Examples() {
  static const auto* const kExamples = new std::vector<Example>{
      {"$.data.access_groups[*].integration.name", v1::Filter::IN, {"prod db", "prod cluster"}},
      {"$.data.access_groups[*].resource_types[*].id", v1::Filter::NOT_IN, {"aws-account"}},
      {"$.data.approvals[?@.type=='MANUAL']", v1::Filter::EXISTS, {}},
      {"$.data.requester.email", v1::Filter::ENDS_WITH, {"@example.com"}},
      {"$.data.access_groups[*].integration.name", v1::Filter::MATCHES, {"^prod"}},
      {"$.data.access_duration_in_seconds", v1::Filter::AT_MOST, {"3600"}},
  };
  return *kExamples;
}

std::string Label(const Example& example) { return v1::Filter::Operator_Name(example.op) + " " + example.path; }

Condition Compile(const Example& example) {
  v1::Filter filter;
  filter.set_path(example.path);
  filter.set_operator_(example.op);
  for (const std::string& value : example.values) filter.add_values(value);
  FieldViolations violations;
  return *Condition::CompileFilter(filter, DefaultLimits(), "filter", violations);
}

void BM_Match(benchmark::State& state) {
  const Example& example = Examples()[static_cast<size_t>(state.range(0))];
  const Condition condition = Compile(example);
  const auto document = JsonDocument::Parse(SampleAccessRequest());
  for (auto _ : state) benchmark::DoNotOptimize(condition.Match(document->root()));
  state.SetLabel(Label(example));
}
BENCHMARK(BM_Match)->DenseRange(0, 5);

void BM_ParseAndMatch(benchmark::State& state) {
  const Example& example = Examples()[static_cast<size_t>(state.range(0))];
  const Condition condition = Compile(example);
  const std::string text = SampleAccessRequest();
  for (auto _ : state) {
    const auto document = JsonDocument::Parse(text);
    benchmark::DoNotOptimize(condition.Match(document->root()));
  }
  state.SetLabel(Label(example));
}
BENCHMARK(BM_ParseAndMatch)->DenseRange(0, 5);

}  // namespace
}  // namespace herald
