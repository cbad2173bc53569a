// The limit that storing is measured against: SQLite with the durability that heraldd asks of it (WAL,
// synchronous=FULL) and the least rows of an event with one delivery: event and delivery inserted, delivery updated,
// attempt inserted. Confined to one thread.

#ifndef HERALD_BENCHMARKS_LOAD_BARE_SQLITE_H_
#define HERALD_BENCHMARKS_LOAD_BARE_SQLITE_H_

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace herald {

class BareSqlite {
 public:
  // Makes a new database in this file. Each event has a payload of `payload_bytes`.
  static absl::StatusOr<std::unique_ptr<BareSqlite>> Create(const std::string& path, int payload_bytes);

  // Events a second with this many events a transaction, over about `seconds`.
  absl::StatusOr<double> EventsPerSecond(int events_per_transaction, double seconds);

 private:
  using Database = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;
  using Statement = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;

  explicit BareSqlite(int payload_bytes);
  absl::Status Open(const std::string& path);
  absl::Status Execute(const char* sql);
  absl::Status Prepare(const char* sql, Statement* statement);
  absl::Status Step(const Statement& statement, bool with_payload);
  absl::Status Transaction(int events);

  const std::string payload_;
  Database database_{nullptr, &sqlite3_close};
  Statement insert_event_{nullptr, &sqlite3_finalize};
  Statement insert_delivery_{nullptr, &sqlite3_finalize};
  Statement update_delivery_{nullptr, &sqlite3_finalize};
  Statement insert_attempt_{nullptr, &sqlite3_finalize};
  int64_t sequence_ = 0;
};

}  // namespace herald

#endif  // HERALD_BENCHMARKS_LOAD_BARE_SQLITE_H_
