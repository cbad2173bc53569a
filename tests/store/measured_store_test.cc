// What the metrics say after a known run of writes.

#include "src/store/measured_store.h"

#include <gtest/gtest.h>

#include "src/base/fake_clock.h"
#include "src/store/memory_store.h"
#include "src/store/sqlite_store.h"
#include "tests/store/store_testing.h"
#include "tests/support/metrics_text.h"
#include "tests/support/temp_dir.h"

namespace herald {
namespace {

// A store whose transactions take a second.
class SlowStore final : public ForwardingStore {
 public:
  SlowStore(Store& store, FakeClock& clock) : ForwardingStore(store), clock_(clock) {}
  absl::Status Apply(WriteBatch& batch) override {
    clock_.Advance(absl::Seconds(1));
    return refuses ? absl::UnavailableError("the disk is full") : inner().Apply(batch);
  }
  bool refuses = false;

 private:
  FakeClock& clock_;
};

class MeasuredStoreTest : public ::testing::Test {
 protected:
  double Value(const std::string& name, const std::map<std::string, std::string>& labels = {}) const {
    return ParseMetrics(metrics_.Text()).Value(name, labels);
  }

  Metrics metrics_;
  FakeClock clock_{At(0)};
  MemoryStore memory_;
  SlowStore slow_{memory_, clock_};
  MeasuredStore store_{slow_, metrics_, clock_};
};

TEST_F(MeasuredStoreTest, CountsWhatWasWritten) {
  Apply(store_, Creating(MakeWebhook("a")));
  Apply(store_, Creating(MakeWebhook("b")));
  Apply(store_, Enqueueing("e1", {"a", "b", "gone"}, At(0)));
  Apply(store_, Enqueueing("e1", {"a"}, At(1)));
  Apply(store_, Enqueueing("e2", {}, At(2)));
  EXPECT_EQ(Value("herald_events_accepted_total"), 2) << "an id that was used before is not accepted";
  EXPECT_EQ(Value("herald_deliveries_matched_total"), 2) << "a webhook that is gone gets none";

  const ClaimDeliveries claim = Apply(store_, Claiming("a", At(3)));
  Apply(store_, Retrying(claim.claimed[0].claim, 1, At(4), At(5)));
  Apply(store_, Settling(claim.claimed[0].claim, v1::Delivery::SUCCEEDED, At(6)));
  EXPECT_EQ(Value("herald_attempts_total", {{"outcome", "HTTP_FAILED"}}), 1) << "a claim that was lost records nothing";
  EXPECT_EQ(Value("herald_attempts_total", {{"outcome", "SUCCEEDED"}}), 0) << "served before there is any";
}

TEST_F(MeasuredStoreTest, CountsTheEventThatComesWithAnAttempt) {
  Apply(store_, Creating(MakeWebhook("a")));
  Apply(store_, Enqueueing("e1", {"a"}, At(0)));
  SettleDelivery settle = Settling(Apply(store_, Claiming("a", At(1))).claimed[0].claim, v1::Delivery::FAILED, At(1));
  settle.event = Enqueueing("own", {"a"}, At(1));
  Apply(store_, settle);
  EXPECT_EQ(Value("herald_events_accepted_total"), 2);
  EXPECT_EQ(Value("herald_deliveries_matched_total"), 2);
}

TEST_F(MeasuredStoreTest, CountsWhatAReplayMakesAndNotWhatItOpensAgain) {
  Apply(store_, Creating(MakeWebhook("a")));
  Apply(store_, Enqueueing("had", {"a"}, At(0)));
  const EnqueueEvent missed = Apply(store_, Enqueueing("missed", {}, At(1)));
  const CreateReplay cancelled = Apply(store_, Replaying("a", {v1::Delivery::CANCELLED}, At(3)));
  Apply(store_, Cancelling("a", At(2)));
  ContinueReplay step = GoingOn((*store_.LoadRunningReplays())[0], At(4), 100);
  step.missed = {{missed.sequence, ""}};
  step = Apply(store_, step);
  ASSERT_EQ(step.opened.size(), 2U);
  EXPECT_EQ(step.opened[0].state, step.opened[1].state) << "neither was attempted";
  EXPECT_EQ(Value("herald_deliveries_matched_total"), 2);
}

TEST_F(MeasuredStoreTest, TimesTransactionsAndCountsTheirWrites) {
  WriteBatch batch;
  batch.emplace_back(Creating(MakeWebhook("a")));
  batch.emplace_back(Creating(MakeWebhook("b")));
  batch.emplace_back(Enqueueing("e1", {"a"}, At(0)));
  ASSERT_TRUE(store_.Apply(batch).ok());
  EXPECT_EQ(Value("herald_commit_batch_writes_sum"), 3);
  EXPECT_EQ(Value("herald_commit_duration_seconds_count"), 1);
  EXPECT_EQ(Value("herald_commit_duration_seconds_sum"), 1);
}

TEST_F(MeasuredStoreTest, CountsNothingOfABatchThatWasNotWritten) {
  slow_.refuses = true;
  WriteBatch batch;
  batch.emplace_back(Enqueueing("e1", {}, At(0)));
  EXPECT_FALSE(store_.Apply(batch).ok());
  EXPECT_EQ(Value("herald_events_accepted_total"), 0);
  EXPECT_EQ(Value("herald_commit_duration_seconds_count"), 0);
}

TEST(SqlStatements, AreCountedWithBeginAndCommit) {
  Metrics metrics;
  TempDir dir;
  SqliteOptions options;
  options.statements = &metrics.sql_statements;
  const auto store = SqliteStore::Open(dir.File("herald.db"), options);
  ASSERT_TRUE(store.ok()) << store.status();
  Apply(**store, Creating(MakeWebhook("a")));
  const double before = metrics.sql_statements.Value();
  WriteBatch batch;
  for (int i = 0; i < 16; ++i) batch.emplace_back(Enqueueing(absl::StrCat("e", i), {"a"}, At(0)));
  ASSERT_TRUE((*store)->Apply(batch).ok());
  EXPECT_EQ(metrics.sql_statements.Value() - before, 6)
      << "BEGIN, events, the webhook, deliveries, how many are open, COMMIT";
  ASSERT_TRUE((*store)->FindEvent(kTenant, "e1").ok());
  EXPECT_EQ(metrics.sql_statements.Value() - before, 7) << "reads too";
}

}  // namespace
}  // namespace herald
