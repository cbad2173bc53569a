#include "src/http/measured_sender.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/support/metrics_text.h"

namespace herald {
namespace {

class KeepingSender final : public HttpSender {
 public:
  void Send(HttpRequest, Done done) override { under_way.push_back(std::move(done)); }
  std::vector<Done> under_way;
};

HttpExchange Ended(HttpExchange::End end, absl::Duration total) {
  HttpExchange exchange;
  exchange.end = end;
  exchange.timing.total = total;
  return exchange;
}

TEST(MeasuredSender, CountsWhatIsUnderWayAndTimesWhatEnded) {
  Metrics metrics;
  KeepingSender keeping;
  MeasuredSender sender(keeping, metrics);
  int ended = 0;
  for (int i = 0; i < 4; ++i) sender.Send({}, [&ended](const HttpExchange&) { ++ended; });
  EXPECT_EQ(metrics.in_flight_attempts.Value(), 4);
  keeping.under_way[0](Ended(HttpExchange::End::kAnswered, absl::Seconds(2)));
  keeping.under_way[1](Ended(HttpExchange::End::kTimedOut, absl::Seconds(10)));
  keeping.under_way[2](Ended(HttpExchange::End::kBlocked, absl::Seconds(1)));
  EXPECT_EQ(metrics.in_flight_attempts.Value(), 1);
  keeping.under_way[3](Ended(HttpExchange::End::kCancelled, absl::Seconds(1)));
  EXPECT_EQ(ended, 4);
  const MetricsText text = ParseMetrics(metrics.Text());
  EXPECT_EQ(text.Value("herald_in_flight_attempts"), 0);
  EXPECT_EQ(text.Value("herald_exchange_duration_seconds_count"), 2) << "nothing was exchanged in the others";
  EXPECT_EQ(text.Value("herald_exchange_duration_seconds_sum"), 12);
}

}  // namespace
}  // namespace herald
