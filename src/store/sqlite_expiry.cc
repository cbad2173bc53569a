// Retention: rows go by ranges of their keys, so that each table is read and freed page after page.

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/store/sqlite_writes.h"

namespace herald {

// Merged as it is read: each half is in the order of its table.
const char kExpirableRowsSql[] =
    "SELECT seq, 1 FROM events WHERE seq >= ?1 AND seq < ?2 UNION ALL "
    "SELECT seq, 1 + attempt_count FROM deliveries NOT INDEXED WHERE seq >= ?1 AND seq < ?2 ORDER BY 1";

namespace {

// Of the file's pages, this part may be unused: new rows take them, which is cheaper than to give them back.
constexpr int64_t kUnusedPart = 8;
constexpr int64_t kPagesGivenBack = 128;

absl::StatusOr<int64_t> ReadInt(SqliteConnection& connection, absl::string_view sql) {
  SqliteQuery query(connection, sql);
  HERALD_RETURN_IF_ERROR(query.Next().status());
  return query.Int(0);
}

absl::StatusOr<Sequence> EndOfRows(SqliteConnection& connection, const DeleteExpired& write) {
  SqliteQuery row(connection, kExpirableRowsSql, write.first, write.before);
  for (int64_t rows = 0;;) {
    HERALD_ASSIGN_OR_RETURN(const bool found, row.Next());
    if (!found) return std::max(write.first, write.before);
    const bool is_first = rows == 0;
    rows += row.Int(1);
    if (rows > write.rows_max && !is_first) return row.Int(0);
  }
}

// Events before the range that lose a delivery in it.
absl::StatusOr<std::vector<Sequence>> EarlierEvents(SqliteConnection& connection, const DeleteExpired& write) {
  SqliteQuery row(connection,
                  "SELECT DISTINCT event FROM deliveries NOT INDEXED WHERE seq >= ?1 AND seq < ?2 AND event < ?1 "
                  "AND state IN (3, 4, 5)",
                  write.first, write.next);
  std::vector<Sequence> events;
  while (true) {
    HERALD_ASSIGN_OR_RETURN(const bool found, row.Next());
    if (!found) return events;
    events.push_back(row.Int(0));
  }
}

absl::Status DeleteDeliveries(SqliteConnection& connection, DeleteExpired& write) {
  HERALD_RETURN_IF_ERROR(RunSql(connection,
                                "DELETE FROM invocations WHERE delivery IN (SELECT seq FROM deliveries NOT INDEXED "
                                "WHERE seq >= ? AND seq < ? AND state IN (3, 4, 5))",
                                write.first, write.next));
  write.invocations = connection.changes();
  HERALD_RETURN_IF_ERROR(RunSql(connection,
                                "DELETE FROM deliveries NOT INDEXED WHERE seq >= ? AND seq < ? AND state IN (3, 4, 5)",
                                write.first, write.next));
  write.deliveries = connection.changes();
  return absl::OkStatus();
}

absl::Status DeleteEvents(SqliteConnection& connection, Sequence first, Sequence end, DeleteExpired& write) {
  HERALD_RETURN_IF_ERROR(RunSql(connection,
                                "DELETE FROM events NOT INDEXED WHERE seq >= ? AND seq < ? AND NOT EXISTS "
                                "(SELECT 1 FROM deliveries INDEXED BY deliveries_by_event WHERE event = events.seq)",
                                first, end));
  write.events += connection.changes();
  return absl::OkStatus();
}

// The numbers that were given must not be given again, though their rows are gone and the clock may step back.
absl::Status KeepNumbers(SqliteConnection& connection, Sequence end) {
  return RunSql(connection,
                "INSERT INTO counters (name, value) VALUES ('expired_end', ?) "
                "ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
                end);
}

absl::Status DeleteRows(SqliteConnection& connection, DeleteExpired& write) {
  HERALD_ASSIGN_OR_RETURN(const std::vector<Sequence> earlier, EarlierEvents(connection, write));
  HERALD_RETURN_IF_ERROR(DeleteDeliveries(connection, write));
  for (const Sequence event : earlier) HERALD_RETURN_IF_ERROR(DeleteEvents(connection, event, event + 1, write));
  HERALD_RETURN_IF_ERROR(DeleteEvents(connection, write.first, write.next, write));
  return write.events + write.deliveries == 0 ? absl::OkStatus() : KeepNumbers(connection, write.next);
}

absl::Status DeleteReplays(SqliteConnection& connection, Sequence before) {
  HERALD_RETURN_IF_ERROR(RunSql(connection, "DELETE FROM replays NOT INDEXED WHERE seq < ? AND running = 0", before));
  return connection.changes() == 0 ? absl::OkStatus() : KeepNumbers(connection, before);
}

// Whether more pages are unused than may be.
absl::StatusOr<bool> HasTooMuchSpace(SqliteConnection& connection) {
  HERALD_ASSIGN_OR_RETURN(const int64_t unused, ReadInt(connection, "PRAGMA freelist_count"));
  HERALD_ASSIGN_OR_RETURN(const int64_t pages, ReadInt(connection, "PRAGMA page_count"));
  return unused > pages / kUnusedPart;
}

// A row comes for each page.
absl::Status GiveBackPages(SqliteConnection& connection) {
  static const std::string& kSql = *new std::string(absl::StrCat("PRAGMA incremental_vacuum(", kPagesGivenBack, ")"));
  SqliteQuery page(connection, kSql);
  while (true) {
    HERALD_ASSIGN_OR_RETURN(const bool found, page.Next());
    if (!found) return absl::OkStatus();
  }
}

absl::StatusOr<Sequence> FirstEventFrom(SqliteConnection& connection, Sequence sequence) {
  SqliteQuery row(connection, "SELECT seq FROM events WHERE seq >= ? ORDER BY seq LIMIT 1", sequence);
  HERALD_ASSIGN_OR_RETURN(const bool found, row.Next());
  return found ? row.Int(0) : INT64_MAX;
}

}  // namespace

absl::Status ApplyWrite(SqliteTransaction transaction, DeleteExpired& write) {
  SqliteConnection& connection = transaction.connection;
  write.status = absl::OkStatus();
  write.events = write.deliveries = write.invocations = 0;
  write.first_kept = INT64_MAX;
  HERALD_ASSIGN_OR_RETURN(write.next, EndOfRows(connection, write));
  if (write.next > write.first) HERALD_RETURN_IF_ERROR(DeleteRows(connection, write));
  write.more = write.next < write.before;
  if (write.more) return absl::OkStatus();
  HERALD_RETURN_IF_ERROR(DeleteReplays(connection, write.before));
  HERALD_ASSIGN_OR_RETURN(write.first_kept, FirstEventFrom(connection, write.before));
  HERALD_ASSIGN_OR_RETURN(write.more, HasTooMuchSpace(connection));
  if (!write.more || write.events + write.deliveries > 0) return absl::OkStatus();
  HERALD_RETURN_IF_ERROR(GiveBackPages(connection));
  HERALD_ASSIGN_OR_RETURN(write.more, HasTooMuchSpace(connection));
  return absl::OkStatus();
}

}  // namespace herald
