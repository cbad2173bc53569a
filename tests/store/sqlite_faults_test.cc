// What the SQLite store says and does when its disk fails, and that it goes on when the disk is well again.

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "src/core/errors.h"
#include "src/store/sqlite_store.h"
#include "tests/store/store_testing.h"
#include "tests/support/child_process.h"
#include "tests/support/fault_vfs.h"
#include "tests/support/temp_dir.h"

namespace herald {
namespace {

using ::testing::HasSubstr;
using Fault = FaultVfs::Fault;

class SqliteFaultsTest : public ::testing::Test {
 protected:
  SqliteFaultsTest() : store_(*SqliteStore::Open(dir_.File("herald.db"))) {
    Apply(*store_, Creating(MakeWebhook("a")));
    Apply(*store_, Enqueueing("before", {"a"}, At(0)));
    claim_ = Apply(*store_, Claiming("a", At(0))).claimed[0].claim;
  }

  // Applies a batch of two events.
  absl::Status Enqueue(const std::string& first, const std::string& second) {
    WriteBatch batch;
    batch.emplace_back(Enqueueing(first, {"a"}, At(1)));
    batch.emplace_back(Enqueueing(second, {"a"}, At(1)));
    return store_->Apply(batch);
  }
  static bool Has(Store& store, const std::string& event) { return store.FindEvent(kTenant, event).ok(); }
  // The store is well again, and has nothing of the event "lost".
  void ExpectItGoesOn() {
    EXPECT_TRUE(Enqueue("after", "after2").ok());
    EXPECT_TRUE(Has(*store_, "before"));
    EXPECT_TRUE(Has(*store_, "after"));
    EXPECT_FALSE(Has(*store_, "lost"));
    EXPECT_FALSE(Has(*store_, "lost2"));
    EXPECT_TRUE(Apply(*store_, Settling(claim_, v1::Delivery::SUCCEEDED, At(2))).status.ok())
        << "a claim outlives a failure of the disk";
  }
  // A store on what would be on the disk if the process ended now; the disk is well again.
  std::unique_ptr<SqliteStore> OpenAfterCrash() {
    const std::string copy = crash_dir_.File("herald.db");
    for (const char* suffix : {"", "-wal"}) {
      std::filesystem::copy_file(dir_.File("herald.db") + suffix, copy + suffix);
    }
    disk_.Mend();
    auto opened = SqliteStore::Open(copy);
    EXPECT_TRUE(opened.ok()) << opened.status();
    return *std::move(opened);
  }

  FaultVfs disk_;
  TempDir dir_;
  TempDir crash_dir_;
  std::unique_ptr<SqliteStore> store_;
  Claim claim_;
};

void ExpectReason(const absl::Status& status, v1::ErrorReason reason) {
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
  EXPECT_EQ(ReasonOf(status), reason) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("herald.db"));
}

TEST_F(SqliteFaultsTest, AFullDiskWritesNothingAndIsNamed) {
  disk_.Set(Fault::kDiskFull);
  const absl::Status status = Enqueue("lost", "lost2");
  ExpectReason(status, v1::STORE_UNAVAILABLE);
  EXPECT_THAT(std::string(status.message()), HasSubstr("full"));
  ExpectReason(Enqueue("lost", "lost2"), v1::STORE_UNAVAILABLE);
  EXPECT_TRUE(Has(*store_, "before")) << "reads go on";
  EXPECT_FALSE(Has(*store_, "lost"));
  disk_.Mend();
  ExpectItGoesOn();
}

TEST_F(SqliteFaultsTest, ADiskThatFillsUpAmidACommitWritesNothing) {
  disk_.Set(Fault::kDiskFull, 1);
  ExpectReason(Enqueue("lost", "lost2"), v1::STORE_UNAVAILABLE);
  EXPECT_FALSE(Has(*OpenAfterCrash(), "lost"));
  ExpectItGoesOn();
}

TEST_F(SqliteFaultsTest, AWriteErrorWritesNothing) {
  disk_.Set(Fault::kWriteError);
  ExpectReason(Enqueue("lost", "lost2"), v1::STORE_UNAVAILABLE);
  EXPECT_FALSE(Has(*OpenAfterCrash(), "lost"));
  disk_.Mend();
  ExpectItGoesOn();
}

TEST_F(SqliteFaultsTest, AFailureBeforeTheCommitWritesNothing) {
  disk_.Set(Fault::kLockError);
  ExpectReason(Enqueue("lost", "lost2"), v1::STORE_UNAVAILABLE);
  ExpectReason(Enqueue("lost", "lost2"), v1::STORE_UNAVAILABLE);
  disk_.Mend();
  ExpectItGoesOn();
}

TEST_F(SqliteFaultsTest, ASyncThatFailsOnceIsFoundToHaveWrittenNothing) {
  disk_.Set(Fault::kSyncError, 1);
  ExpectReason(Enqueue("lost", "lost2"), v1::STORE_UNAVAILABLE);
  EXPECT_FALSE(Has(*store_, "lost"));
  EXPECT_FALSE(Has(*OpenAfterCrash(), "lost")) << "no crash brings back what was said not to be written";
  ExpectItGoesOn();
}

TEST_F(SqliteFaultsTest, WhenSyncsKeepFailingTheOutcomeIsUnknown) {
  disk_.Set(Fault::kSyncError);
  ExpectReason(Enqueue("lost", "lost2"), v1::OUTCOME_UNKNOWN);
  ExpectReason(Enqueue("lost3", "lost4"), v1::STORE_UNAVAILABLE);
  EXPECT_FALSE(Has(*store_, "lost"));
  const std::unique_ptr<SqliteStore> crashed = OpenAfterCrash();
  EXPECT_EQ(Has(*crashed, "lost"), Has(*crashed, "lost2")) << "all or nothing";
  EXPECT_FALSE(Has(*crashed, "lost3")) << "said not to be written";
  EXPECT_TRUE(Has(*crashed, "before"));
  disk_.Mend();
  ExpectItGoesOn();
}

TEST_F(SqliteFaultsTest, TokensDoNotRepeatAfterAFailure) {
  disk_.Set(Fault::kDiskFull, 1);
  WriteBatch batch;
  batch.emplace_back(Enqueueing("e", {"a"}, At(1)));
  batch.emplace_back(Claiming("a", At(1)));
  EXPECT_FALSE(store_->Apply(batch).ok());
  const int64_t lost = std::get<ClaimDeliveries>(batch[1]).claimed[0].claim.token;
  Apply(*store_, Enqueueing("e", {"a"}, At(1)));
  EXPECT_GT(Apply(*store_, Claiming("a", At(1))).claimed[0].claim.token, lost);
}

// The kernel's own refusal, in a process whose files may not grow.
TEST(SqliteFileLimit, AFileThatMayNotGrowIsAFailureThatPasses) {
  const TempDir dir;
  const pid_t child = StartChild([&] {
    signal(SIGXFSZ, SIG_IGN);
    auto store = SqliteStore::Open(dir.File("herald.db"));
    if (!store.ok()) return 2;
    rlimit limit = {};
    getrlimit(RLIMIT_FSIZE, &limit);
    const rlim_t before = limit.rlim_cur;
    limit.rlim_cur = 300'000;
    setrlimit(RLIMIT_FSIZE, &limit);
    WriteBatch batch;
    EnqueueEvent& enqueue = std::get<EnqueueEvent>(batch.emplace_back(Enqueueing("e", {}, At(0))));
    enqueue.event.set_data_json("\"" + std::string(500'000, 'x') + "\"");
    if (ReasonOf((*store)->Apply(batch)) != v1::STORE_UNAVAILABLE) return 3;
    if (!absl::IsNotFound((*store)->FindEvent(kTenant, "e").status())) return 4;
    limit.rlim_cur = before;
    setrlimit(RLIMIT_FSIZE, &limit);
    if (!(*store)->Apply(batch).ok()) return 5;
    return (*store)->FindEvent(kTenant, "e").ok() ? 0 : 6;
  });
  EXPECT_EQ(WaitForChild(child), 0);
}

}  // namespace
}  // namespace herald
