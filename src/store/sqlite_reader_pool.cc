#include "src/store/sqlite_reader_pool.h"

namespace herald {

std::unique_ptr<SqliteConnection> SqliteReaderPool::WaitForOne() {
  MutexLock lock(mutex_);
  while (in_use_ >= connections_max_) given_back_.Wait(mutex_);
  ++in_use_;
  if (free_.empty()) return nullptr;
  std::unique_ptr<SqliteConnection> connection = std::move(free_.back());
  free_.pop_back();
  return connection;
}

absl::StatusOr<std::unique_ptr<SqliteConnection>> SqliteReaderPool::Take() {
  if (std::unique_ptr<SqliteConnection> connection = WaitForOne()) return connection;
  auto opened = Open();
  if (!opened.ok()) GiveBack(nullptr);
  return opened;
}

void SqliteReaderPool::GiveBack(std::unique_ptr<SqliteConnection> connection) {
  MutexLock lock(mutex_);
  --in_use_;
  if (connection != nullptr) free_.push_back(std::move(connection));
  given_back_.NotifyOne();
}

absl::StatusOr<std::unique_ptr<SqliteConnection>> SqliteReaderPool::Open() const {
  HERALD_ASSIGN_OR_RETURN(auto connection, SqliteConnection::Open(path_, SqliteConnection::Access::kReadOnly));
  // Readers hardly ever meet a lock; then it is short.
  sqlite3_busy_timeout(connection->handle(), 5000);
  HERALD_RETURN_IF_ERROR(connection->Execute(
      "PRAGMA query_only = on; PRAGMA temp_store = memory; PRAGMA cache_size = -8192; PRAGMA trusted_schema = off"));
  if (statements_ != nullptr) connection->CountStatements(*statements_);
  return connection;
}

}  // namespace herald
