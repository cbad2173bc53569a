#include "benchmarks/load/durations.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_format.h"

namespace herald {
namespace {

// The smallest that `permille` of a thousand are not above.
int64_t Quantile(const std::vector<int64_t>& sorted, size_t permille) {
  const size_t rank = (sorted.size() * permille + 999) / 1000;
  return sorted[rank == 0 ? 0 : rank - 1];
}

}  // namespace

std::string Durations::ToJson() const {
  if (nanos_.empty()) return "{\"count\":0}";
  std::vector<int64_t> sorted = nanos_;
  std::sort(sorted.begin(), sorted.end());
  const auto micros = [&](size_t permille) { return static_cast<double>(Quantile(sorted, permille)) / 1000; };
  return absl::StrFormat(R"({"count":%d,"p50_us":%.1f,"p90_us":%.1f,"p99_us":%.1f,"p999_us":%.1f,"max_us":%.1f})",
                         sorted.size(), micros(500), micros(900), micros(990), micros(999), micros(1000));
}

}  // namespace herald
