#include "src/store/sqlite_writer.h"

#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "src/base/log.h"
#include "src/base/status_macros.h"
#include "src/core/errors.h"
#include "src/store/sqlite_schema.h"
#include "src/store/sqlite_writes.h"

namespace herald {
namespace {

constexpr char kSettings[] =
    "PRAGMA synchronous = full; PRAGMA temp_store = memory; PRAGMA cache_size = -65536; PRAGMA secure_delete = fast; "
    "PRAGMA journal_size_limit = 134217728; PRAGMA trusted_schema = off; PRAGMA wal_autocheckpoint = 0";

// Whether a COMMIT that failed so cannot have reached the log: the mark that makes a transaction valid is written last,
// so it is missing where a write failed. When only the sync failed, it may be there.
bool IsSurelyNotWritten(int code) { return (code & 0xFF) == SQLITE_FULL || code == SQLITE_IOERR_WRITE; }

}  // namespace

absl::Status SqliteWriter::Open() {
  HERALD_RETURN_IF_ERROR(Connect());
  return counters_.Load(*connection_);
}

absl::Status SqliteWriter::Connect() {
  HERALD_ASSIGN_OR_RETURN(auto connection, SqliteConnection::Open(path_, SqliteConnection::Access::kReadWrite));
  HERALD_RETURN_IF_ERROR(UpgradeSchema(*connection));
  HERALD_RETURN_IF_ERROR(connection->Execute(kSettings));
  SqliteQuery page_size(*connection, "PRAGMA page_size");
  HERALD_RETURN_IF_ERROR(page_size.Next().status());
  page_bytes_ = page_size.Int(0);
  if (statements_ != nullptr) connection->CountStatements(*statements_);
  sqlite3_wal_hook(
      connection->handle(),
      [](void* self, sqlite3*, const char*, int pages) {
        auto* const writer = static_cast<SqliteWriter*>(self);
        writer->wal_bytes_ = pages * writer->page_bytes_;
        return SQLITE_OK;
      },
      this);
  connection_ = std::move(connection);
  return absl::OkStatus();
}

// The reservation is a small transaction of its own. It shows that the file can be written again, and it overwrites in
// the log what a failed COMMIT may have left there, so that no crash brings that back.
absl::Status SqliteWriter::Reconnect() {
  HERALD_RETURN_IF_ERROR(Connect());
  absl::Status status = counters_.ReserveTokens(*connection_);
  if (!status.ok()) connection_.reset();
  return status;
}

void SqliteWriter::UseCheckpointer(SqliteCheckpointer& checkpointer, int64_t wal_bytes_max) {
  checkpointer_ = &checkpointer;
  wal_bytes_max_ = wal_bytes_max;
}

absl::Status SqliteWriter::Apply(WriteBatch& batch) {
  if (connection_ == nullptr) HERALD_RETURN_IF_ERROR(Reconnect());
  if (absl::Status status = WriteAll(batch); !status.ok()) {
    connection_.reset();  // which rolls back
    return status;
  }
  if (!RunSql(*connection_, "COMMIT").ok()) return CommitFailed();
  Committed();
  return absl::OkStatus();
}

absl::Status SqliteWriter::WriteAll(WriteBatch& batch) {
  HERALD_RETURN_IF_ERROR(RunSql(*connection_, "BEGIN IMMEDIATE"));
  int64_t opened = 0;
  SqliteEnqueuer enqueuer(*connection_, counters_, opened);
  const SqliteTransaction transaction{*connection_, counters_, enqueuer, opened};
  for (Write& write : batch) {
    if (!std::holds_alternative<EnqueueEvent>(write)) HERALD_RETURN_IF_ERROR(enqueuer.Flush());
    HERALD_RETURN_IF_ERROR(std::visit([&](auto& each) { return ApplyWrite(transaction, each); }, write));
    if (std::holds_alternative<CreateWebhook>(write) || std::holds_alternative<DeleteWebhook>(write)) {
      enqueuer.ForgetWebhooks();
    }
  }
  HERALD_RETURN_IF_ERROR(enqueuer.Flush());
  if (opened == 0) return absl::OkStatus();
  return RunSql(*connection_, "UPDATE counters SET value = value + ? WHERE name = 'open_deliveries'", opened);
}

absl::Status SqliteWriter::CommitFailed() {
  absl::Status failure = connection_->Error();
  const bool not_written = IsSurelyNotWritten(connection_->error_code());
  connection_.reset();
  if (not_written || Reconnect().ok()) return failure;
  log::Error("the store cannot tell whether a commit was made", {{"error", failure.message()}});
  return MakeError(absl::StatusCode::kUnavailable, v1::OUTCOME_UNKNOWN,
                   absl::StrCat("the store cannot tell whether this was written: ", failure.message()));
}

void SqliteWriter::Committed() {
  if (checkpointer_ == nullptr) return;
  checkpointer_->WalHas(wal_bytes_);
  if (wal_bytes_ < wal_bytes_max_) return;
  if (const absl::Status status = Checkpoint(*connection_); !status.ok()) {
    log::Warning("cannot checkpoint the store; the log grows past its bound", {{"error", status.message()}});
  }
}

}  // namespace herald
