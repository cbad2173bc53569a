// A few read-only connections, opened when they are needed, each used by one reader at a time.
//
// Thread-safe. A reader waits when all are in use: reads are short, being bounded pages.

#ifndef HERALD_STORE_SQLITE_READER_POOL_H_
#define HERALD_STORE_SQLITE_READER_POOL_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "src/base/mutex.h"
#include "src/base/status_macros.h"
#include "src/store/sqlite_connection.h"

namespace herald {

class SqliteReaderPool {
 public:
  // `statements`, unless null, counts those that are run.
  SqliteReaderPool(std::string path, int connections_max, prometheus::Counter* statements)
      : path_(std::move(path)), connections_max_(connections_max), statements_(statements) {}

  // What `read`, a function from SqliteConnection& to a StatusOr, returns. A connection that failed is not used again.
  template <typename Read>
  auto With(Read read) -> decltype(read(std::declval<SqliteConnection&>())) {
    HERALD_ASSIGN_OR_RETURN(std::unique_ptr<SqliteConnection> connection, Take());
    auto result = read(*connection);
    const bool failed = absl::IsUnavailable(result.status());
    GiveBack(failed ? nullptr : std::move(connection));
    return result;
  }

 private:
  absl::StatusOr<std::unique_ptr<SqliteConnection>> Take();
  // Null: it is gone.
  void GiveBack(std::unique_ptr<SqliteConnection> connection);
  // A connection that is free, or null for one that is to be opened.
  std::unique_ptr<SqliteConnection> WaitForOne();
  absl::StatusOr<std::unique_ptr<SqliteConnection>> Open() const;

  const std::string path_;
  const int connections_max_;
  prometheus::Counter* const statements_;
  Mutex mutex_;
  CondVar given_back_;
  int in_use_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::unique_ptr<SqliteConnection>> free_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace herald

#endif  // HERALD_STORE_SQLITE_READER_POOL_H_
