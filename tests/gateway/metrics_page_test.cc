#include "src/gateway/metrics_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "src/store/forwarding_store.h"
#include "src/store/memory_store.h"
#include "tests/store/store_testing.h"
#include "tests/support/metrics_text.h"

namespace herald {
namespace {

class UnreadableStore final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  absl::StatusOr<QueueState> ReadQueue() override { return absl::UnavailableError("the disk is gone"); }
};

TEST(MetricsPage, TellsHowMuchWaitsAndHowLong) {
  Metrics metrics;
  MemoryStore store;
  const HealthBoard health;
  const auto text = [&](int64_t seconds) {
    return ParseMetrics(MetricsPage(metrics, store, health, At(seconds)).body);
  };
  EXPECT_EQ(text(0).Value("herald_queue_deliveries"), 0);
  EXPECT_EQ(text(0).Value("herald_queue_oldest_seconds"), 0);

  Apply(store, Creating(MakeWebhook("a")));
  Apply(store, Enqueueing("e1", {"a"}, At(0)));
  Apply(store, Enqueueing("e2", {"a"}, At(20)));
  EXPECT_EQ(text(30).Value("herald_queue_deliveries"), 2);
  EXPECT_EQ(text(30).Value("herald_queue_oldest_seconds"), 30);
  EXPECT_EQ(text(-30).Value("herald_queue_oldest_seconds"), 0) << "the clock was set back";
  const ClaimDeliveries claim = Apply(store, Claiming("a", At(30), 1));
  Apply(store, Settling(claim.claimed[0].claim, v1::Delivery::SUCCEEDED, At(30)));
  EXPECT_EQ(text(30).Value("herald_queue_deliveries"), 1);
  EXPECT_EQ(text(30).Value("herald_queue_oldest_seconds"), 10);
}

TEST(MetricsPage, CountsBreakersByState) {
  Metrics metrics;
  MemoryStore store;
  HealthBoard health;
  v1::WebhookHealth open;
  open.set_breaker(v1::WebhookHealth::OPEN);
  health.Set("a", open);
  health.Set("b", open);
  const auto count = [&](const std::string& state) {
    return ParseMetrics(MetricsPage(metrics, store, health, At(0)).body).Value("herald_breakers", {{"state", state}});
  };
  EXPECT_EQ(count("OPEN"), 2);
  EXPECT_EQ(count("CLOSED"), 0);
  EXPECT_EQ(count("HALF_OPEN"), 0);
  health.Forget("a");
  EXPECT_EQ(count("OPEN"), 1);
}

TEST(MetricsPage, SaysThatItDoesNotKnowWhenTheStoreCannotBeRead) {
  Metrics metrics;
  MemoryStore memory;
  UnreadableStore store(memory);
  const HttpAnswer answer = MetricsPage(metrics, store, HealthBoard(), At(0));
  EXPECT_EQ(answer.status, 200) << "the rest is known";
  EXPECT_TRUE(std::isnan(ParseMetrics(answer.body).Value("herald_queue_deliveries")));
  EXPECT_EQ(ParseMetrics(answer.body).Value("herald_events_accepted_total"), 0);
}

}  // namespace
}  // namespace herald
