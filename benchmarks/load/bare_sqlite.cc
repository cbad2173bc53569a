#include "benchmarks/load/bare_sqlite.h"

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "benchmarks/load/steady_nanos.h"
#include "src/base/status_macros.h"

namespace herald {
namespace {

constexpr char kSchema[] =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;"
    "CREATE TABLE event (seq INTEGER PRIMARY KEY, payload BLOB NOT NULL);"
    "CREATE TABLE delivery (seq INTEGER PRIMARY KEY, state INTEGER NOT NULL);"
    "CREATE INDEX open_delivery ON delivery (seq) WHERE state = 0;"
    "CREATE TABLE attempt (seq INTEGER PRIMARY KEY, payload BLOB NOT NULL);";

}  // namespace

BareSqlite::BareSqlite(int payload_bytes) : payload_(static_cast<size_t>(payload_bytes), 'x') {}

absl::StatusOr<std::unique_ptr<BareSqlite>> BareSqlite::Create(const std::string& path, int payload_bytes) {
  auto sqlite = absl::WrapUnique(new BareSqlite(payload_bytes));
  HERALD_RETURN_IF_ERROR(sqlite->Open(path));
  return sqlite;
}

absl::Status BareSqlite::Open(const std::string& path) {
  sqlite3* database = nullptr;
  const int opened = sqlite3_open(path.c_str(), &database);
  database_.reset(database);
  if (opened != SQLITE_OK) return absl::UnavailableError(absl::StrCat("cannot open ", path));
  HERALD_RETURN_IF_ERROR(Execute(kSchema));
  HERALD_RETURN_IF_ERROR(Prepare("INSERT INTO event VALUES (?1, ?2)", &insert_event_));
  HERALD_RETURN_IF_ERROR(Prepare("INSERT INTO delivery VALUES (?1, 0)", &insert_delivery_));
  HERALD_RETURN_IF_ERROR(Prepare("UPDATE delivery SET state = 1 WHERE seq = ?1", &update_delivery_));
  return Prepare("INSERT INTO attempt VALUES (?1, ?2)", &insert_attempt_);
}

absl::Status BareSqlite::Execute(const char* sql) {
  if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("SQLite: ", sqlite3_errmsg(database_.get())));
}

absl::Status BareSqlite::Prepare(const char* sql, Statement* statement) {
  sqlite3_stmt* prepared = nullptr;
  const int result = sqlite3_prepare_v3(database_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  statement->reset(prepared);
  if (result == SQLITE_OK) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("SQLite: ", sqlite3_errmsg(database_.get())));
}

absl::Status BareSqlite::Step(const Statement& statement, bool with_payload) {
  sqlite3_bind_int64(statement.get(), 1, sequence_);
  if (with_payload) {
    sqlite3_bind_blob(statement.get(), 2, payload_.data(), static_cast<int>(payload_.size()), SQLITE_STATIC);
  }
  const int result = sqlite3_step(statement.get());
  sqlite3_reset(statement.get());
  if (result == SQLITE_DONE) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("SQLite: ", sqlite3_errmsg(database_.get())));
}

absl::Status BareSqlite::Transaction(int events) {
  HERALD_RETURN_IF_ERROR(Execute("BEGIN IMMEDIATE"));
  for (int i = 0; i < events; ++i) {
    ++sequence_;
    HERALD_RETURN_IF_ERROR(Step(insert_event_, true));
    HERALD_RETURN_IF_ERROR(Step(insert_delivery_, false));
    HERALD_RETURN_IF_ERROR(Step(update_delivery_, false));
    HERALD_RETURN_IF_ERROR(Step(insert_attempt_, true));
  }
  return Execute("COMMIT");
}

absl::StatusOr<double> BareSqlite::EventsPerSecond(int events_per_transaction, double seconds) {
  const int64_t start = SteadyNanos();
  const int64_t first = sequence_;
  double passed = 0;
  while (passed < seconds) {
    HERALD_RETURN_IF_ERROR(Transaction(events_per_transaction));
    passed = static_cast<double>(SteadyNanos() - start) / 1e9;
  }
  return static_cast<double>(sequence_ - first) / passed;
}

}  // namespace herald
