// Reads what /metrics answers: the text format 0.0.4 of Prometheus, as strictly as promtool does and a little more.

#ifndef HERALD_TESTS_SUPPORT_METRICS_TEXT_H_
#define HERALD_TESTS_SUPPORT_METRICS_TEXT_H_

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace herald {

struct MetricSample {
  std::string name;  // "herald_commit_duration_seconds_bucket"
  std::map<std::string, std::string> labels;
  double value = 0;
};

struct MetricFamily {
  std::string name;  // "herald_commit_duration_seconds"
  std::string help;
  std::string type;  // "histogram"
  std::vector<MetricSample> samples;
};

struct MetricsText {
  std::map<std::string, MetricFamily> families;  // by name
  std::vector<std::string> faults;               // what is wrong with the text, each with its line

  // The sample of exactly this name and these labels; NaN when there is none.
  double Value(const std::string& name, const std::map<std::string, std::string>& labels = {}) const;
};

MetricsText ParseMetrics(absl::string_view text);

// What the naming rules of Prometheus and Herald's own have against these metrics: promtool's lint, base units, the
// prefix "herald_", labels that are neither many nor names of people's things.
std::vector<std::string> LintMetrics(const MetricsText& metrics);

}  // namespace herald

#endif  // HERALD_TESTS_SUPPORT_METRICS_TEXT_H_
