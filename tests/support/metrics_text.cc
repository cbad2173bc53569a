#include "tests/support/metrics_text.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "re2/re2.h"

namespace herald {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr size_t kLabelValuesMax = 100;

re2::StringPiece Piece(absl::string_view text) { return {text.data(), text.size()}; }

bool FullMatch(absl::string_view text, const char* pattern) { return re2::RE2::FullMatch(Piece(text), pattern); }

std::optional<double> ParseValue(absl::string_view text) {
  double value = 0;
  if (text == "+Inf") return std::numeric_limits<double>::infinity();
  if (text == "Nan" || text == "NaN") return kNone;
  return absl::SimpleAtod(text, &value) ? std::optional<double>(value) : std::nullopt;
}

// "name{label="value",…} 1.5"; nothing when it is not that.
std::optional<MetricSample> ParseSample(absl::string_view line) {
  static const auto& pattern = *new re2::RE2(R"(([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+))");
  static const auto& label = *new re2::RE2(R"re(([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)",?)re");
  MetricSample sample;
  std::string labels;
  std::string value;
  if (!re2::RE2::FullMatch(Piece(line), pattern, &sample.name, &labels, &value)) return std::nullopt;
  re2::StringPiece rest(labels);
  std::string name;
  std::string text;
  while (re2::RE2::Consume(&rest, label, &name, &text)) {
    if (!sample.labels.emplace(name, text).second) return std::nullopt;
  }
  const std::optional<double> parsed = ParseValue(value);
  if (!rest.empty() || !parsed.has_value()) return std::nullopt;
  sample.value = *parsed;
  return sample;
}

// The family that a sample of this name is of: a histogram's samples have suffixes.
MetricFamily* FamilyOf(MetricsText& metrics, const std::string& sample) {
  if (const auto found = metrics.families.find(sample); found != metrics.families.end()) return &found->second;
  absl::string_view name = sample;
  for (const char* suffix : {"_bucket", "_count", "_sum"}) {
    if (!absl::ConsumeSuffix(&name, suffix)) continue;
    const auto found = metrics.families.find(std::string(name));
    if (found != metrics.families.end() && found->second.type == "histogram") return &found->second;
  }
  return nullptr;
}

bool ParseComment(absl::string_view line, MetricsText& metrics) {
  const std::vector<std::string> parts = absl::StrSplit(line, absl::MaxSplits(' ', 3));
  if (parts.size() != 4) return false;
  MetricFamily& family = metrics.families[parts[2]];
  family.name = parts[2];
  std::string& place = parts[1] == "HELP" ? family.help : family.type;
  if ((parts[1] != "HELP" && parts[1] != "TYPE") || !place.empty() || !family.samples.empty()) return false;
  place = parts[3];
  return true;
}

// Buckets rise with their bounds and end at infinity with the count. `labels` are those of one histogram, without "le".
void CheckHistogram(const MetricFamily& family, const std::map<std::string, std::string>& labels,
                    std::vector<std::string>& faults) {
  std::map<double, double> buckets;
  double count = kNone;
  for (const MetricSample& sample : family.samples) {
    std::map<std::string, std::string> own = sample.labels;
    own.erase("le");
    if (own != labels) continue;
    if (sample.name == family.name + "_count") count = sample.value;
    if (sample.name != family.name + "_bucket") continue;
    buckets[ParseValue(sample.labels.count("le") == 1 ? sample.labels.at("le") : "").value_or(-1)] = sample.value;
  }
  double below = 0;
  for (const auto& [bound, value] : buckets) {
    if (bound < 0 || value < below) faults.push_back(absl::StrCat(family.name, ": bucket ", bound, " holds ", value));
    below = value;
  }
  if (buckets.empty() || !std::isinf(buckets.rbegin()->first) || below != count) {
    faults.push_back(absl::StrCat(family.name, ": its buckets do not end at infinity with its count"));
  }
}

void CheckHistograms(MetricsText& metrics) {
  for (const auto& [name, family] : metrics.families) {
    if (family.type != "histogram") continue;
    for (const MetricSample& sample : family.samples) {
      if (sample.name == name + "_count") CheckHistogram(family, sample.labels, metrics.faults);
    }
  }
}

// How many values each label of a family has.
std::map<std::string, size_t> LabelValues(const MetricFamily& family) {
  std::map<std::string, std::set<std::string>> values;
  for (const MetricSample& sample : family.samples) {
    for (const auto& [label, value] : sample.labels) values[label].insert(value);
  }
  std::map<std::string, size_t> counts;
  for (const auto& [label, seen] : values) counts[label] = seen.size();
  return counts;
}

void LintName(const MetricFamily& family, std::vector<std::string>& findings) {
  const auto find = [&](absl::string_view sentence) {
    findings.push_back(absl::StrCat(family.name, " (", family.type, "): ", sentence));
  };
  const absl::string_view name = family.name;
  if (!FullMatch(name, "herald_[a-z][a-z0-9]*(_[a-z0-9]+)*")) find("its name is not herald_words_like_these");
  if (family.help.empty()) find("has no help");
  if (family.help == family.name) find("its help only repeats its name");
  if ((family.type == "counter") != absl::EndsWith(name, "_total")) find("counters, and they alone, end in _total");
  for (const char* word : {"counter", "gauge", "histogram", "summary"}) {
    if (absl::StrContains(name, word)) find("its name says its type");
  }
  for (const char* suffix : {"_count", "_sum", "_bucket"}) {
    if (absl::EndsWith(name, suffix)) find("its name ends as the samples of a histogram do");
  }
  if (FullMatch(name, ".*_(milli|micro|nano)?(ms|us|ns|minutes?|hours?|days?|millis.*|micros.*|nanos.*)(_.*)?")) {
    find("time is in seconds");
  }
  if (FullMatch(name, ".*_(kb|mb|gb|kib|mib|gib|kilobytes|megabytes|bits|percent)(_.*)?")) {
    find("sizes are in bytes, shares are ratios");
  }
  if (absl::StrContains(name, "duration") && !absl::EndsWith(name, "_seconds")) find("a duration ends in _seconds");
}

void LintLabels(const MetricFamily& family, std::vector<std::string>& findings) {
  for (const auto& [label, values] : LabelValues(family)) {
    if (!FullMatch(label, "[a-z]+(_[a-z]+)*")) findings.push_back(absl::StrCat(family.name, ": label ", label));
    for (const char* unbounded : {"webhook", "event", "delivery", "tenant", "host", "url", "id", "name", "address"}) {
      if (label == unbounded) findings.push_back(absl::StrCat(family.name, ": label ", label, " has no bound"));
    }
    if (values > kLabelValuesMax) findings.push_back(absl::StrCat(family.name, ": label ", label, " has ", values));
  }
}

}  // namespace

double MetricsText::Value(const std::string& name, const std::map<std::string, std::string>& labels) const {
  for (const auto& [family_name, family] : families) {
    for (const MetricSample& sample : family.samples) {
      if (sample.name == name && sample.labels == labels) return sample.value;
    }
  }
  return kNone;
}

MetricsText ParseMetrics(absl::string_view text) {
  MetricsText metrics;
  std::set<std::string> seen;
  if (!absl::EndsWith(text, "\n")) metrics.faults.emplace_back("the last line does not end");
  for (const absl::string_view line : absl::StrSplit(absl::StripSuffix(text, "\n"), '\n')) {
    if (absl::StartsWith(line, "#")) {
      if (!ParseComment(line, metrics)) metrics.faults.push_back(absl::StrCat("no HELP or TYPE, or twice: ", line));
      continue;
    }
    const std::optional<MetricSample> sample = ParseSample(line);
    MetricFamily* const family = sample.has_value() ? FamilyOf(metrics, sample->name) : nullptr;
    if (family == nullptr || family->type.empty()) {
      metrics.faults.push_back(absl::StrCat("no sample, or of no family: ", line));
    } else if (!seen.insert(std::string(line.substr(0, line.rfind(' ')))).second) {
      metrics.faults.push_back(absl::StrCat("twice: ", line));
    } else {
      family->samples.push_back(*sample);
    }
  }
  CheckHistograms(metrics);
  return metrics;
}

std::vector<std::string> LintMetrics(const MetricsText& metrics) {
  std::vector<std::string> findings;
  for (const auto& [name, family] : metrics.families) {
    LintName(family, findings);
    LintLabels(family, findings);
    if (family.samples.empty()) findings.push_back(absl::StrCat(name, ": has no sample"));
  }
  return findings;
}

}  // namespace herald
