#include "src/base/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "tests/support/metrics_text.h"

namespace herald {
namespace {

using ::testing::IsEmpty;

TEST(Metrics, AreNamedAsPrometheusWantsThem) {
  Metrics metrics;
  metrics.attempts.Add({{"outcome", "SUCCEEDED"}});
  metrics.rpcs.Add({{"method", "a/b"}, {"code", "OK"}});
  metrics.rpc_duration.Add({{"method", "a/b"}}, DurationBuckets()).Observe(0.002);
  const MetricsText text = ParseMetrics(metrics.Text());
  EXPECT_THAT(text.faults, IsEmpty());
  EXPECT_THAT(LintMetrics(text), IsEmpty());
  EXPECT_GE(text.families.size(), 12u);
}

TEST(Metrics, NameTheVersionThatRuns) {
  Metrics metrics;
  const MetricsText text = ParseMetrics(metrics.Text());
  ASSERT_EQ(text.families.count("herald_build_info"), 1u);
  const MetricSample& sample = text.families.at("herald_build_info").samples.at(0);
  EXPECT_EQ(sample.value, 1);
  EXPECT_NE(sample.labels.at("version"), "");
}

TEST(Metrics, PutDurationsIntoRisingBuckets) {
  const Buckets bounds = DurationBuckets();
  EXPECT_TRUE(std::is_sorted(bounds.begin(), bounds.end()));
  Metrics metrics;
  metrics.exchange_duration.Observe(0.003);
  metrics.exchange_duration.Observe(100);
  const MetricsText text = ParseMetrics(metrics.Text());
  EXPECT_EQ(text.Value("herald_exchange_duration_seconds_bucket", {{"le", "0.0025"}}), 0);
  EXPECT_EQ(text.Value("herald_exchange_duration_seconds_bucket", {{"le", "0.005"}}), 1);
  EXPECT_EQ(text.Value("herald_exchange_duration_seconds_bucket", {{"le", "+Inf"}}), 2);
  EXPECT_DOUBLE_EQ(text.Value("herald_exchange_duration_seconds_sum"), 100.003);
}

TEST(Metrics, CountFromManyThreadsAtOnce) {
  constexpr int kThreads = 4;
  constexpr int kEach = 1000;
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&metrics] {
      for (int j = 0; j < kEach; ++j) {
        metrics.events_accepted.Increment();
        metrics.commit_duration.Observe(0.001);
      }
      EXPECT_THAT(ParseMetrics(metrics.Text()).faults, IsEmpty()) << "also while others count";
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(metrics.events_accepted.Value(), kThreads * kEach);
  EXPECT_EQ(ParseMetrics(metrics.Text()).Value("herald_commit_duration_seconds_count"), kThreads * kEach);
}

}  // namespace
}  // namespace herald
