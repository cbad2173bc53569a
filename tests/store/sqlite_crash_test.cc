// A process that writes is killed at random points; what it was told is stored is there, and batches are whole.

#include <gtest/gtest.h>

#include <csignal>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "src/base/random.h"
#include "src/store/sqlite_store.h"
#include "tests/store/store_testing.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_dir.h"

namespace herald {
namespace {

constexpr int kEventsABatch = 3;

// What the writer was told: the delivery is stored, with at least so many attempts.
struct Acknowledged {
  Sequence delivery;
  int64_t attempts;
};

void Report(int pipe, Sequence delivery, int64_t attempts) {
  const Acknowledged acknowledged{delivery, attempts};
  if (write(pipe, &acknowledged, sizeof(acknowledged)) != sizeof(acknowledged)) _exit(3);
}

// Enqueues, claims and settles until it is killed, and reports what Apply confirmed.
int WriteForEver(const std::string& path, int round, int pipe) {
  auto store = SqliteStore::Open(path);
  if (!store.ok()) return 1;
  std::vector<ClaimedDelivery> claimed;
  for (int n = 0;; ++n) {
    WriteBatch batch;
    for (int i = 0; i < kEventsABatch; ++i) {
      batch.emplace_back(Enqueueing(absl::StrCat("round", round, "-batch", n, "-", i), {"a"}, At(n)));
    }
    for (const ClaimedDelivery& each : claimed) {
      batch.emplace_back(Settling(each.claim, v1::Delivery::SUCCEEDED, At(n)));
    }
    batch.emplace_back(Claiming("a", At(n), 2));
    if (!(*store)->Apply(batch).ok()) return 2;
    for (const Write& write : batch) {
      if (const auto* enqueue = std::get_if<EnqueueEvent>(&write)) Report(pipe, enqueue->targets[0].delivery, 0);
      if (const auto* settle = std::get_if<SettleDelivery>(&write)) Report(pipe, settle->claim.delivery, 1);
      if (const auto* claim = std::get_if<ClaimDeliveries>(&write)) claimed = claim->claimed;
    }
  }
}

// Adds what the child reports until `count` reports have come, kills it, and takes in the rest.
void KillAfter(uint64_t count, pid_t child, int pipe, std::map<Sequence, int64_t>& acknowledged) {
  Acknowledged report{};
  for (uint64_t n = 0; read(pipe, &report, sizeof(report)) == sizeof(report);) {
    int64_t& attempts = acknowledged[report.delivery];
    attempts = std::max(attempts, report.attempts);
    if (++n == count) kill(child, SIGKILL);
  }
}

TEST(SqliteCrash, HoldsWhatWasAcknowledgedWhenItsProcessIsKilled) {
  const TempDir dir;
  const std::string path = dir.File("herald.db");
  Apply(**SqliteStore::Open(path), Creating(MakeWebhook("a")));
  SeededRandom random(20231002);
  std::map<Sequence, int64_t> acknowledged;
  for (int round = 0; round < 12; ++round) {
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    const pid_t child = StartChild([&] { return WriteForEver(path, round, pipe_ends[1]); });
    close(pipe_ends[1]);
    KillAfter(1 + random.Next() % 300, child, pipe_ends[0], acknowledged);
    close(pipe_ends[0]);
    ASSERT_EQ(WaitForChild(child), -1) << "it was to be killed, not to end";

    auto store = SqliteStore::Open(path);
    ASSERT_TRUE(store.ok()) << store.status();
    for (const auto& [delivery, attempts] : acknowledged) {
      const auto found = (*store)->FindDelivery(kTenant, delivery);
      ASSERT_TRUE(found.ok()) << found.status();
      ASSERT_GE(found->attempt_count(), attempts);
    }
    EventQuery query;
    query.bounds = Rows(1'000'000);
    ASSERT_EQ((*store)->ListEvents(kTenant, query)->rows.size() % kEventsABatch, 0u) << "batches are whole";
  }
  auto connection = *SqliteConnection::Open(path, SqliteConnection::Access::kReadOnly);
  SqliteQuery check(*connection, "PRAGMA integrity_check");
  ASSERT_TRUE(*check.Next());
  EXPECT_EQ(check.Text(0), "ok");
}

}  // namespace
}  // namespace herald
