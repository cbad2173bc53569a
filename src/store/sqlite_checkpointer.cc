#include "src/store/sqlite_checkpointer.h"

#include <pthread.h>

#include <utility>

#include "src/base/log.h"
#include "src/base/status_macros.h"

namespace herald {

absl::Status Checkpoint(SqliteConnection& connection) {
  const int code = sqlite3_wal_checkpoint_v2(connection.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  // Busy: another connection is at it.
  return code == SQLITE_OK || (code & 0xFF) == SQLITE_BUSY ? absl::OkStatus() : connection.Error();
}

absl::StatusOr<std::unique_ptr<SqliteCheckpointer>> SqliteCheckpointer::Start(const std::string& path,
                                                                              int64_t wal_bytes) {
  HERALD_ASSIGN_OR_RETURN(auto connection, SqliteConnection::Open(path, SqliteConnection::Access::kReadWrite));
  // The read attaches it to the log: as long as one connection stays so, the log's index is never rebuilt from the
  // file, where a commit that failed may still lie.
  HERALD_RETURN_IF_ERROR(connection->Execute("PRAGMA wal_autocheckpoint = 0; SELECT count(*) FROM counters"));
  return std::unique_ptr<SqliteCheckpointer>(new SqliteCheckpointer(std::move(connection), wal_bytes));
}

SqliteCheckpointer::SqliteCheckpointer(std::unique_ptr<SqliteConnection> connection, int64_t wal_bytes)
    : connection_(std::move(connection)), wal_bytes_(wal_bytes), thread_([this] { Run(); }) {
  pthread_setname_np(thread_.native_handle(), "herald-wal");
}

SqliteCheckpointer::~SqliteCheckpointer() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  thread_.join();
}

void SqliteCheckpointer::WalHas(int64_t bytes) {
  MutexLock lock(mutex_);
  if (bytes < bytes_) moved_bytes_ = 0;  // it began anew
  bytes_ = bytes;
  if (bytes_ - moved_bytes_ >= wal_bytes_) changed_.NotifyOne();
}

bool SqliteCheckpointer::WaitForWork() {
  MutexLock lock(mutex_);
  while (!stopping_ && bytes_ - moved_bytes_ < wal_bytes_) changed_.Wait(mutex_);
  moved_bytes_ = bytes_;
  return !stopping_;
}

void SqliteCheckpointer::Run() {
  while (WaitForWork()) {
    if (const absl::Status status = Checkpoint(*connection_); !status.ok()) {
      log::Warning("cannot checkpoint the store; will try again as it grows", {{"error", status.message()}});
    }
  }
}

}  // namespace herald
