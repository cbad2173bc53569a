// What is particular to the SQLite store: its file, and what it keeps from one life to the next.

#include "src/store/sqlite_store.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "src/core/errors.h"
#include "src/store/sqlite_reads.h"
#include "src/store/sqlite_schema.h"
#include "tests/store/store_testing.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_dir.h"

namespace herald {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class SqliteStoreTest : public ::testing::Test {
 protected:
  std::string path() const { return dir_.File("herald.db"); }

  void Open(const SqliteOptions& options = {}) {
    store_ = nullptr;
    auto opened = SqliteStore::Open(path(), options);
    ASSERT_TRUE(opened.ok()) << opened.status();
    store_ = *std::move(opened);
  }
  void Close() { store_ = nullptr; }
  template <typename T>
  T Do(T write) {
    return Apply(*store_, std::move(write));
  }
  // Runs SQL on the file, past the store.
  void Execute(const std::string& sql) {
    std::ofstream(path(), std::ios::app).close();
    auto connection = SqliteConnection::Open(path(), SqliteConnection::Access::kReadWrite);
    ASSERT_TRUE(connection.ok()) << connection.status();
    const absl::Status status = (*connection)->Execute(sql.c_str());
    ASSERT_TRUE(status.ok()) << status;
  }
  // Every value that `sql` gives, as text, each followed by a line's end.
  std::string Query(const std::string& sql) {
    auto connection = SqliteConnection::Open(path(), SqliteConnection::Access::kReadOnly);
    EXPECT_TRUE(connection.ok()) << connection.status();
    SqliteQuery row(**connection, sql);
    std::string text;
    while (*row.Next()) {
      for (int i = 0; i < sqlite3_column_count(*(*connection)->Statement(sql)); ++i) {
        absl::StrAppend(&text, row.Text(i), "\n");
      }
    }
    return text;
  }
  std::string OpenError() {
    const absl::Status status = SqliteStore::Open(path()).status();
    EXPECT_FALSE(status.ok());
    EXPECT_LE(status.message().size(), 200u);
    return std::string(status.message());
  }

  TempDir dir_;
  std::unique_ptr<SqliteStore> store_;
};

// ---- The file

TEST_F(SqliteStoreTest, MakesAFileForItsUserAlone) {
  Open();
  Do(Creating(MakeWebhook("a")));
  for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
    struct stat found = {};
    ASSERT_EQ(stat((path() + suffix).c_str(), &found), 0) << suffix;
    EXPECT_EQ(found.st_mode & 0777, 0600u) << suffix;
  }
}

TEST_F(SqliteStoreTest, SetsWhatLastsOfTheFile) {
  Open();
  EXPECT_EQ(Query("PRAGMA journal_mode"), "wal\n");
  EXPECT_EQ(Query("PRAGMA auto_vacuum"), "2\n");
  EXPECT_EQ(Query("PRAGMA application_id"), absl::StrCat(kSqliteApplicationId, "\n"));
  EXPECT_EQ(Query("PRAGMA user_version"), absl::StrCat(SqliteSchemaScripts().size(), "\n"));
}

TEST_F(SqliteStoreTest, RefusesASecondStoreOnTheSameFile) {
  Open();
  EXPECT_THAT(OpenError(), AllOf(HasSubstr("herald.db"), HasSubstr(absl::StrCat("process ", getpid()))));
  std::filesystem::create_symlink(path(), dir_.File("another.db"));
  EXPECT_FALSE(SqliteStore::Open(dir_.File("another.db")).ok()) << "the same file by another name";
  Close();
  Open();
}

TEST_F(SqliteStoreTest, RefusesASecondProcessOnTheSameFile) {
  int ready[2];
  int done[2];
  ASSERT_EQ(pipe(ready), 0);
  ASSERT_EQ(pipe(done), 0);
  char byte = 0;
  const pid_t child = StartChild([&] {
    const auto opened = SqliteStore::Open(path());
    if (write(ready[1], &byte, 1) != 1) return 2;
    if (read(done[0], &byte, 1) != 1) return 3;
    return opened.ok() ? 0 : 1;
  });
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  EXPECT_THAT(OpenError(), HasSubstr(absl::StrCat("process ", child)));
  ASSERT_EQ(write(done[1], &byte, 1), 1);
  EXPECT_EQ(WaitForChild(child), 0);
  Open();
  for (const int descriptor : {ready[0], ready[1], done[0], done[1]}) close(descriptor);
}

TEST_F(SqliteStoreTest, RefusesTheDatabaseOfAnotherProgram) {
  Execute("CREATE TABLE cookies (id)");
  EXPECT_THAT(OpenError(), HasSubstr("herald.db is the database of another program"));
  EXPECT_EQ(Query("SELECT name FROM sqlite_schema"), "cookies\n") << "left as it was";
}

TEST_F(SqliteStoreTest, RefusesAFileThatIsNoDatabase) {
  std::ofstream(path()) << std::string(5000, 'x');
  EXPECT_THAT(OpenError(), HasSubstr("herald.db is not a database of Herald"));
}

TEST_F(SqliteStoreTest, RefusesANewerSchemaThanItKnows) {
  Open();
  Close();
  Execute("PRAGMA user_version = 77");
  EXPECT_THAT(OpenError(), AllOf(HasSubstr("herald.db has schema 77"), HasSubstr("start the newer heraldd")));
}

TEST_F(SqliteStoreTest, RefusesADirectoryThatIsNotThere) {
  const absl::Status status = SqliteStore::Open(dir_.File("nowhere/herald.db")).status();
  EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr("nowhere/herald.db"), HasSubstr("must exist")));
}

TEST_F(SqliteStoreTest, RefusesADirectory) {
  const absl::Status status = SqliteStore::Open(dir_.path()).status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("is a directory; name a file in it"));
}

TEST_F(SqliteStoreTest, ALongPathIsShownByItsEnd) {
  const std::string directory = dir_.File(std::string(200, 'd'));
  const absl::Status status = SqliteStore::Open(directory + "/herald.db").status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("ddd/herald.db"));
  EXPECT_LE(status.message().size(), 200u);
}

TEST_F(SqliteStoreTest, RefusesAFileThatCannotBeWritten) {
  Open();
  Close();
  // For a process that is not root, to whom everything is writable.
  for (const char* suffix : {"", ".lock"}) ASSERT_EQ(chmod((path() + suffix).c_str(), 0666), 0);
  ASSERT_EQ(chmod(dir_.path().c_str(), 0777), 0);
  ASSERT_EQ(chmod(path().c_str(), 0444), 0);
  const pid_t child = StartChild([&] {
    if (getuid() == 0 && setuid(65534) != 0) return 2;
    const std::string message(SqliteStore::Open(path()).status().message());
    return message.find("herald.db cannot be written") != std::string::npos ? 0 : 1;
  });
  EXPECT_EQ(WaitForChild(child), 0);
}

TEST_F(SqliteStoreTest, KeepsSecretsApartFromWebhooks) {
  Open();
  v1::Webhook webhook = MakeWebhook("a");
  webhook.set_url("https://hooks.example.com/services/planted-in-url");
  (*webhook.mutable_secrets())["token"] = "planted-in-secrets";
  (*webhook.mutable_headers())["authorization"] = "Bearer planted-in-header";
  Do(Creating(webhook));
  ReplaceWebhook replace;
  replace.tenant = kTenant;
  replace.webhook = webhook;
  replace.webhook.set_description("changed");
  replace.expected_etag = "e1";
  EXPECT_TRUE(Do(replace).status.ok());
  EXPECT_THAT(Query("SELECT * FROM webhooks"), AllOf(HasSubstr("changed"), Not(HasSubstr("planted"))));
  EXPECT_THAT(Query("SELECT * FROM webhook_secrets"),
              AllOf(HasSubstr("planted-in-url"), HasSubstr("planted-in-secrets"), HasSubstr("planted-in-header")));
  EXPECT_EQ((*store_->LoadWebhooks())[0].webhook.SerializeAsString(), replace.webhook.SerializeAsString());
  EXPECT_TRUE(Do(DeleteWebhook{kTenant, "a", "", At(0), {}}).status.ok());
  EXPECT_EQ(Query("SELECT * FROM webhook_secrets"), "");
}

// ---- From one life to the next

TEST_F(SqliteStoreTest, KeepsEverythingOverARestart) {
  Open();
  Do(Creating(MakeWebhook("a")));
  const EnqueueEvent enqueued = Do(Enqueueing("e", {"a"}, At(0)));
  const Claim claim = Do(Claiming("a", At(0))).claimed[0].claim;
  Do(Retrying(claim, 1, At(1), At(60)));
  const std::string delivery = store_->FindDelivery(kTenant, claim.delivery)->DebugString();
  Open();
  EXPECT_EQ((*store_->LoadWebhooks())[0].webhook.SerializeAsString(), MakeWebhook("a").SerializeAsString());
  EXPECT_EQ(store_->FindEvent(kTenant, "e")->event.DebugString(), enqueued.event.DebugString());
  EXPECT_EQ(store_->FindDelivery(kTenant, claim.delivery)->DebugString(), delivery);
  EXPECT_EQ(Do(Enqueueing("e", {"a"}, At(0))).status.code(), absl::StatusCode::kAlreadyExists);
}

TEST_F(SqliteStoreTest, NumbersGoOnAfterARestart) {
  Open();
  Do(Creating(MakeWebhook("a")));
  const Sequence last = Do(Enqueueing("", {"a", "a"}, At(1000))).targets[1].delivery;
  Open();
  EXPECT_GT(Do(Enqueueing("", {"a"}, At(0))).sequence, last) << "also when the clock was set back meanwhile";
}

TEST_F(SqliteStoreTest, VoidsTheClaimsOfItsFormerLife) {
  Open();
  Do(Creating(MakeWebhook("a")));
  const Sequence delivery = Do(Enqueueing("e", {"a"}, At(0))).targets[0].delivery;
  const Claim former = Do(Claiming("a", At(0))).claimed[0].claim;
  Open();
  EXPECT_EQ(Do(Settling(former, v1::Delivery::SUCCEEDED, At(1))).status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(Do(Releasing(former)).status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(store_->LoadOpenLanes()->size(), 1u);
  const ClaimDeliveries claim = Do(Claiming("a", At(1)));
  EXPECT_THAT(SequencesOf(claim), ElementsAre(delivery));
  EXPECT_GT(claim.claimed[0].claim.token, former.token) << "tokens never repeat";
}

// ---- The write-ahead log

TEST_F(SqliteStoreTest, TheWriterBoundsTheLogUnderUnbrokenLoad) {
  SqliteOptions options;
  options.wal_bytes_checkpoint = int64_t{1} << 40;  // the thread never helps
  options.wal_bytes_max = 256 << 10;
  Open(options);
  EnqueueEvent enqueue = Enqueueing("", {}, At(0));
  enqueue.event.set_data_json("\"" + std::string(100'000, 'x') + "\"");
  for (int i = 0; i < 30; ++i) Do(enqueue).event.clear_id();
  EXPECT_LT(std::filesystem::file_size(path() + "-wal"), 1u << 20);
  EXPECT_EQ(Query("SELECT count(*) FROM events"), "30\n");
}

TEST_F(SqliteStoreTest, AThreadMovesTheLogIntoTheFile) {
  SqliteOptions options;
  options.wal_bytes_checkpoint = 256 << 10;
  Open(options);
  EnqueueEvent enqueue = Enqueueing("", {}, At(0));
  enqueue.event.set_data_json("\"" + std::string(100'000, 'x') + "\"");
  const auto size = std::filesystem::file_size(path());
  int batches = 0;
  while (std::filesystem::file_size(path()) <= size) {
    Do(enqueue);
    ASSERT_LT(++batches, 1000) << "the file never grew";
  }
}

// ---- How lists are run

std::string Plan(SqliteConnection& connection, const std::string& sql) {
  const std::string explain = "EXPLAIN QUERY PLAN " + sql;
  SqliteQuery row(connection, explain);
  std::string plan;
  while (true) {
    const auto found = row.Next();
    EXPECT_TRUE(found.ok()) << found.status();
    if (!found.ok() || !*found) return plan;
    absl::StrAppend(&plan, row.Text(3), "\n");
  }
}

TEST_F(SqliteStoreTest, ListsWalkAnIndexAndSortNothing) {
  Open();
  auto connection = *SqliteConnection::Open(path(), SqliteConnection::Access::kReadOnly);
  using D = v1::Delivery;
  const struct {
    const char* webhook;
    const char* event;
    const char* type;
    D::State state;
    const char* plan;
  } cases[] = {
      {"", "", "", D::STATE_UNSPECIFIED, "deliveries_by_tenant (tenant=? AND rowid>? AND rowid<?)"},
      {"a", "", "", D::STATE_UNSPECIFIED, "deliveries_by_webhook (tenant=? AND webhook_id=? AND rowid>? AND rowid<?)"},
      {"", "e", "", D::STATE_UNSPECIFIED, "deliveries_by_event (event=? AND rowid>? AND rowid<?)"},
      {"", "", "t", D::STATE_UNSPECIFIED, "deliveries_by_type (tenant=? AND event_type=? AND rowid>? AND rowid<?)"},
      {"", "", "", D::PENDING, "deliveries_by_state (tenant=? AND state=? AND rowid>? AND rowid<?)"},
      {"a", "", "", D::PENDING, "deliveries_by_state (tenant=? AND state=? AND rowid>? AND rowid<?)"},
      {"", "", "t", D::FAILED, "deliveries_by_state (tenant=? AND state=? AND rowid>? AND rowid<?)"},
      {"a", "", "", D::FAILED,
       "deliveries_by_webhook_state (tenant=? AND webhook_id=? AND state=? AND rowid>? AND rowid<?)"},
      {"a", "", "", D::SUCCEEDED, "deliveries_by_webhook (tenant=? AND webhook_id=? AND rowid>? AND rowid<?)"},
      {"a", "e", "t", D::RETRYING, "deliveries_by_event (event=? AND rowid>? AND rowid<?)"},
  };
  for (const auto& each : cases) {
    DeliveryQuery query;
    query.webhook_id = each.webhook;
    query.event_id = each.event;
    query.event_type = each.type;
    query.state = each.state;
    for (const bool with_bodies : {false, true}) {
      query.with_bodies = with_bodies;
      const std::string plan = Plan(*connection, DeliveriesSql(query));
      EXPECT_THAT(plan, AllOf(HasSubstr(each.plan), Not(HasSubstr("SCAN")), Not(HasSubstr("TEMP B-TREE"))));
    }
  }
  for (const char* type : {"", "t"}) {
    EventQuery query;
    query.type = type;
    const std::string plan = Plan(*connection, EventsSql(query));
    EXPECT_THAT(plan,
                AllOf(HasSubstr("USING INDEX events_by_"), Not(HasSubstr("SCAN")), Not(HasSubstr("TEMP B-TREE"))));
  }
  for (const std::vector<D::State>& states :
       {std::vector<D::State>{D::FAILED}, {D::FAILED, D::CANCELLED}, {D::SUCCEEDED, D::FAILED}}) {
    v1::Replay replay;
    for (const D::State state : states) replay.add_states(state);
    const std::string plan = Plan(*connection, ReplayedDeliveriesSql(replay));
    EXPECT_THAT(plan, AllOf(HasSubstr("INDEX deliveries_by_webhook"), HasSubstr("rowid>? AND rowid<?"),
                            Not(HasSubstr("SCAN")), Not(HasSubstr("TEMP B-TREE"))));
  }
  for (const char* webhook : {"", "a"}) {
    const std::string plan = Plan(*connection, ReplaysSql({webhook, 1, {}}));
    EXPECT_THAT(plan, AllOf(HasSubstr("INDEX replays_by_"), HasSubstr("rowid<?"), Not(HasSubstr("TEMP B-TREE"))));
  }
  EXPECT_THAT(Plan(*connection, InvocationsSql()), AllOf(Not(HasSubstr("SCAN")), Not(HasSubstr("TEMP B-TREE"))));
}

TEST_F(SqliteStoreTest, LanesAreFoundFromWebhookToWebhook) {
  Open();
  auto connection = *SqliteConnection::Open(path(), SqliteConnection::Access::kReadOnly);
  const std::string plan = Plan(*connection, OpenLanesSql());
  EXPECT_THAT(plan, AllOf(HasSubstr("SEARCH deliveries USING INDEX deliveries_open (webhook_uid>?)"),
                          Not(HasSubstr("SCAN deliveries\n")), Not(HasSubstr("TEMP B-TREE"))));
}

TEST_F(SqliteStoreTest, TheQueueIsReadWithoutWalkingIt) {
  Open();
  auto connection = *SqliteConnection::Open(path(), SqliteConnection::Access::kReadOnly);
  const std::string plan = Plan(*connection, QueueSql());
  EXPECT_THAT(plan,
              AllOf(HasSubstr("SEARCH d USING COVERING INDEX deliveries_by_state (tenant=? AND state=?)"),
                    Not(HasSubstr("SCAN deliveries\n")), Not(HasSubstr("SCAN d\n")), Not(HasSubstr("TEMP B-TREE"))))
      << plan;
}

TEST_F(SqliteStoreTest, TheQueueOfAFileOfAnOlderSchemaIsCounted) {
  Open();
  Do(Creating(MakeWebhook("a")));
  Do(Enqueueing("e1", {"a"}, At(0)));
  Do(Enqueueing("e2", {"a"}, At(1)));
  Do(Settling(Do(Claiming("a", At(1), 1)).claimed[0].claim, v1::Delivery::SUCCEEDED, At(1)));
  Close();
  Execute(
      "DELETE FROM counters WHERE name = 'open_deliveries'; ALTER TABLE deliveries DROP COLUMN attempts_former; "
      "ALTER TABLE deliveries DROP COLUMN reopen_time; DROP TABLE replays; DROP TABLE event_types; PRAGMA user_version "
      "= 2");
  Open();
  const auto queue = store_->ReadQueue();
  ASSERT_TRUE(queue.ok()) << queue.status();
  EXPECT_EQ(queue->open, 1);
  EXPECT_EQ(queue->oldest, At(1));
}

TEST_F(SqliteStoreTest, ClosedDeliveriesAreInNoIndexOfOpenOnes) {
  Open();
  Do(Creating(MakeWebhook("a")));
  for (int i = 0; i < 10; ++i) {
    Do(Enqueueing("", {"a"}, At(i)));
    Do(Settling(Do(Claiming("a", At(i))).claimed[0].claim, v1::Delivery::SUCCEEDED, At(i)));
  }
  EXPECT_EQ(Query("SELECT count(*) FROM deliveries INDEXED BY deliveries_open WHERE state IN (1, 2)"), "0\n");
  EXPECT_EQ(Query("PRAGMA integrity_check"), "ok\n");
}

}  // namespace
}  // namespace herald
