// The one connection that writes to the SQLite file: each batch is one transaction.
//
// After a failure the connection is dropped and opened anew by the next Apply, which then goes on or is refused.
// Confined to one thread at a time.

#ifndef HERALD_STORE_SQLITE_WRITER_H_
#define HERALD_STORE_SQLITE_WRITER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "src/store/sqlite_checkpointer.h"
#include "src/store/sqlite_connection.h"
#include "src/store/sqlite_counters.h"
#include "src/store/store.h"

namespace herald {

class SqliteWriter {
 public:
  // `statements`, unless null, counts those that are run.
  SqliteWriter(std::string path, prometheus::Counter* statements) : path_(std::move(path)), statements_(statements) {}

  // Opens the file, brings its schema up to date, and begins a new life of the store.
  absl::Status Open();

  // From here on `checkpointer` learns how the log grows, and past `wal_bytes_max` the writer lends it a hand.
  void UseCheckpointer(SqliteCheckpointer& checkpointer, int64_t wal_bytes_max);

  // As Store::Apply.
  absl::Status Apply(WriteBatch& batch);

 private:
  absl::Status Connect();
  absl::Status Reconnect();
  absl::Status WriteAll(WriteBatch& batch);
  absl::Status CommitFailed();
  void Committed();

  const std::string path_;
  prometheus::Counter* const statements_;
  SqliteCounters counters_;
  SqliteCheckpointer* checkpointer_ = nullptr;
  int64_t wal_bytes_max_ = 0;
  int64_t wal_bytes_ = 0;
  int64_t page_bytes_ = 0;
  std::unique_ptr<SqliteConnection> connection_;  // null after a failure
};

}  // namespace herald

#endif  // HERALD_STORE_SQLITE_WRITER_H_
