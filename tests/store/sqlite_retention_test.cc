// What retention does to the SQLite file: it stops growing, gives back what it has too much of, and reads each table in
// its own order.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "src/store/sqlite_store.h"
#include "src/store/sqlite_writes.h"
#include "tests/store/store_testing.h"
#include "tests/support/temp_dir.h"

namespace herald {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class SqliteRetention : public ::testing::Test {
 protected:
  void SetUp() override {
    Open();
    Do(Creating(MakeWebhook("a")));
  }
  void Open() {
    store_ = nullptr;
    store_ = *SqliteStore::Open(dir_.File("herald.db"));
  }
  template <typename T>
  T Do(T write) {
    return Apply(*store_, std::move(write));
  }
  int64_t Number(const std::string& sql) {
    const auto connection = *SqliteConnection::Open(dir_.File("herald.db"), SqliteConnection::Access::kReadOnly);
    SqliteQuery row(*connection, sql);
    EXPECT_TRUE(*row.Next());
    return row.Int(0);
  }
  int64_t Pages() { return Number("PRAGMA page_count"); }
  int64_t UnusedPages() { return Number("PRAGMA freelist_count"); }
  // Events that are sent at once, with payloads of a page and more.
  void Send(int count, absl::Time now) {
    EnqueueEvent enqueue = Enqueueing("", {"a"}, now);
    enqueue.event.set_data_json("\"" + std::string(6000, 'x') + "\"");
    WriteBatch batch;
    for (int i = 0; i < count; ++i) batch.emplace_back(enqueue);
    ASSERT_TRUE(store_->Apply(batch).ok());
    batch.clear();
    for (const ClaimedDelivery& each : Do(Claiming("a", now, count)).claimed) {
      batch.emplace_back(Settling(each.claim, v1::Delivery::SUCCEEDED, now));
    }
    ASSERT_EQ(batch.size(), static_cast<size_t>(count));
    ASSERT_TRUE(store_->Apply(batch).ok());
  }
  // Gives the number of writes that it took.
  int Expire(absl::Time before) {
    DeleteExpired expire = Expiring(before, 100);
    expire.first = expired_;
    for (int steps = 1; steps < 1000; ++steps) {
      expire = Do(expire);
      expire.first = expired_ = expire.next;
      if (!expire.more) return steps;
    }
    ADD_FAILURE() << "it has no end";
    return 0;
  }

  TempDir dir_;
  std::unique_ptr<SqliteStore> store_;
  Sequence expired_ = 0;
};

TEST_F(SqliteRetention, TheFileStopsGrowingUnderASteadyLoad) {
  int64_t pages_once_full = 0;
  for (int hour = 0; hour < 40; ++hour) {
    Send(50, At(hour * 3600));
    Expire(At((hour - 10) * 3600));
    if (hour == 20) pages_once_full = Pages();
    if (hour > 20) {
      ASSERT_LE(Pages(), pages_once_full * 11 / 10) << "hour " << hour;
    }
  }
  EXPECT_EQ(Number("SELECT count(*) FROM events"), 550) << "of ten hours and the last";
  EXPECT_EQ(Number("SELECT count(*) FROM invocations"), 550);
}

TEST_F(SqliteRetention, GivesBackWhatABurstLeftInSmallSteps) {
  const int64_t pages_before = Pages();
  for (int i = 0; i < 10; ++i) Send(100, At(i));
  const int64_t pages_full = Pages();
  ASSERT_GT(pages_full, pages_before + 1000);
  DeleteExpired expire = Expiring(At(100), 100);
  for (int64_t pages = pages_full; pages > 0; pages = expire.more ? Pages() : 0) {
    expire = Do(expire);
    expire.first = expire.next;
    EXPECT_GE(Pages(), pages - 200) << "one write gives back a little";
  }
  EXPECT_LT(Pages(), pages_before + pages_full / 10);
  EXPECT_LE(UnusedPages(), Pages() / 8);
  EXPECT_EQ(Number("SELECT count(*) FROM events"), 0);
}

TEST_F(SqliteRetention, SpaceThatNewRowsWillTakeIsLeftToThem) {
  Send(100, At(0));
  Send(10, At(10));
  for (int i = 0; i < 20; ++i) Send(100, At(1000 + i));
  const int64_t pages = Pages();
  Expire(At(100));
  EXPECT_EQ(Pages(), pages);
  EXPECT_GT(UnusedPages(), 0);
}

TEST_F(SqliteRetention, WhenNothingIsDueNothingIsWritten) {
  Send(10, At(0));
  const std::string wal = dir_.File("herald.db-wal");
  const auto size = std::filesystem::file_size(wal);
  EXPECT_EQ(Expire(At(-100)), 1);
  EXPECT_EQ(std::filesystem::file_size(wal), size);
}

TEST_F(SqliteRetention, NumbersAreNotGivenAgainAfterARestart) {
  Send(1, At(1000));
  const int64_t last = Number("SELECT max(seq) FROM deliveries");
  Expire(At(2000));
  ASSERT_EQ(Number("SELECT count(*) FROM deliveries"), 0);
  Open();
  EXPECT_GT(Do(Enqueueing("", {"a"}, At(0))).sequence, last);
}

TEST_F(SqliteRetention, WhatIsOldIsFoundInTheOrderOfTheTables) {
  const auto connection = *SqliteConnection::Open(dir_.File("herald.db"), SqliteConnection::Access::kReadOnly);
  const std::string explain = std::string("EXPLAIN QUERY PLAN ") + kExpirableRowsSql;
  SqliteQuery row(*connection, explain);
  std::string plan;
  while (*row.Next()) plan += row.Text(3) + "\n";
  EXPECT_THAT(plan, HasSubstr("MERGE (UNION ALL)"));
  EXPECT_THAT(plan, HasSubstr("SEARCH events USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"));
  EXPECT_THAT(plan, HasSubstr("SEARCH deliveries USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"));
  EXPECT_THAT(plan, Not(HasSubstr("TEMP B-TREE")));
}

}  // namespace
}  // namespace herald
