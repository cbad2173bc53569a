#include "tests/support/metrics_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "absl/strings/str_cat.h"

namespace herald {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(MetricsText, ReadsFamiliesAndSamples) {
  const MetricsText metrics = ParseMetrics(
      "# HELP herald_a_total What \"a\" is.\n# TYPE herald_a_total counter\n"
      "herald_a_total{code=\"a \\\"b\\\"\",method=\"x/y\"} 3\nherald_a_total{code=\"OK\",method=\"x/y\"} 1e+06\n"
      "# HELP herald_b Help.\n# TYPE herald_b gauge\nherald_b Nan\n");
  EXPECT_THAT(metrics.faults, IsEmpty());
  EXPECT_EQ(metrics.Value("herald_a_total", {{"code", "OK"}, {"method", "x/y"}}), 1e6);
  EXPECT_TRUE(std::isnan(metrics.Value("herald_a_total")));
  EXPECT_TRUE(std::isnan(metrics.Value("herald_b")));
  EXPECT_THAT(LintMetrics(metrics), IsEmpty());
}

TEST(MetricsText, FindsWhatIsWrongWithTheText) {
  const std::string head = "# HELP h H.\n# TYPE h histogram\n";
  for (const std::string& text : {
           std::string("herald_a 1\n"),
           std::string("# TYPE herald_a gauge\nherald_a\n"),
           std::string("# TYPE herald_a gauge\nherald_a 1\nherald_a 1\n"),
           std::string("# TYPE herald_a gauge\nherald_a{a=\"1\",a=\"2\"} 1\n"),
           std::string("# TYPE herald_a gauge\nherald_a{a=1} 1\n"),
           std::string("# TYPE herald_a gauge\n# TYPE herald_a gauge\n"),
           std::string("# TYPE herald_a gauge\nherald_a 1"),
           absl::StrCat(head, "h_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n"),
           absl::StrCat(head, "h_bucket{le=\"1\"} 1\nh_sum 1\nh_count 1\n"),
           absl::StrCat(head, "h_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 2\n"),
       }) {
    EXPECT_FALSE(ParseMetrics(text).faults.empty()) << text;
  }
}

TEST(MetricsText, LintsNamesUnitsAndLabels) {
  const struct {
    const char* family;
    const char* type;
    const char* sample;
    const char* finding;
  } kCases[] = {
      {"events_total", "counter", "events_total", "herald_words"},
      {"herald_Events_total", "counter", "herald_Events_total", "herald_words"},
      {"herald_events", "counter", "herald_events", "_total"},
      {"herald_queue_total", "gauge", "herald_queue_total", "_total"},
      {"herald_events_counter_total", "counter", "herald_events_counter_total", "its type"},
      {"herald_queue_count", "gauge", "herald_queue_count", "as the samples"},
      {"herald_queue_age_ms", "gauge", "herald_queue_age_ms", "in seconds"},
      {"herald_queue_milliseconds", "gauge", "herald_queue_milliseconds", "in seconds"},
      {"herald_queue_kib", "gauge", "herald_queue_kib", "in bytes"},
      {"herald_commit_duration", "gauge", "herald_commit_duration", "_seconds"},
      {"herald_queue", "gauge", "herald_queue{webhook=\"a\"}", "no bound"},
      {"herald_queue", "gauge", "herald_queue{Shape=\"a\"}", "label Shape"},
  };
  for (const auto& one : kCases) {
    const MetricsText metrics = ParseMetrics(
        absl::StrCat("# HELP ", one.family, " Help.\n# TYPE ", one.family, " ", one.type, "\n", one.sample, " 1\n"));
    EXPECT_THAT(metrics.faults, IsEmpty());
    EXPECT_THAT(LintMetrics(metrics), Contains(HasSubstr(one.finding))) << one.sample;
  }
  EXPECT_THAT(LintMetrics(ParseMetrics("# TYPE herald_a gauge\nherald_a 1\n")), Contains(HasSubstr("no help")));
}

}  // namespace
}  // namespace herald
