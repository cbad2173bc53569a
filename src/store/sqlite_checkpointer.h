// Moves what the write-ahead log holds into the database file, on a thread of its own ("herald-wal"), so that no commit
// pays for it.
//
// The log begins anew once all of it has been moved and nothing was written meanwhile. Under unbroken load that may
// never be, so past a second bound the writer moves the rest itself. Thread-safe; the thread lives as long as the
// object.

#ifndef HERALD_STORE_SQLITE_CHECKPOINTER_H_
#define HERALD_STORE_SQLITE_CHECKPOINTER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "src/base/mutex.h"
#include "src/store/sqlite_connection.h"

namespace herald {

// Moves what can be moved without waiting for anybody.
absl::Status Checkpoint(SqliteConnection& connection);

class SqliteCheckpointer {
 public:
  // For the database at `path`; moves the log's content each time it grew by `wal_bytes`.
  static absl::StatusOr<std::unique_ptr<SqliteCheckpointer>> Start(const std::string& path, int64_t wal_bytes);
  ~SqliteCheckpointer();

  // Tells how large the log is after a commit.
  void WalHas(int64_t bytes);

 private:
  SqliteCheckpointer(std::unique_ptr<SqliteConnection> connection, int64_t wal_bytes);
  void Run();
  // Waits until there is work; false: the end.
  bool WaitForWork();

  const std::unique_ptr<SqliteConnection> connection_;  // used by the thread alone; keeps the log's index alive
  const int64_t wal_bytes_;
  Mutex mutex_;
  CondVar changed_;
  int64_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;        // in the log
  int64_t moved_bytes_ ABSL_GUARDED_BY(mutex_) = 0;  // of them, seen by the latest run
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace herald

#endif  // HERALD_STORE_SQLITE_CHECKPOINTER_H_
