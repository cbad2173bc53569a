// RAII over SQLite: a connection with its prepared statements, and one use of such a statement.
//
//   SqliteQuery query(connection, "SELECT id, etag FROM webhooks WHERE tenant = ?", tenant);
//   HERALD_ASSIGN_OR_RETURN(const bool found, query.Next());
//
// Every error is UNAVAILABLE with STORE_UNAVAILABLE and names the file. Confined to one thread at a time.

#ifndef HERALD_STORE_SQLITE_CONNECTION_H_
#define HERALD_STORE_SQLITE_CONNECTION_H_

#include <prometheus/counter.h>
#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace herald {

// STORE_UNAVAILABLE for the SQLite result `code` on the file at `path`; `message` is SQLite's own.
absl::Status SqliteError(const std::string& path, int code, absl::string_view message);

class SqliteConnection {
 public:
  enum class Access { kReadWrite, kReadOnly };
  // Opens the file at `path`, which must exist.
  static absl::StatusOr<std::unique_ptr<SqliteConnection>> Open(const std::string& path, Access access);

  // From here on `statements` counts those that are run, BEGIN and COMMIT too. It outlives the connection.
  void CountStatements(prometheus::Counter& statements);

  ~SqliteConnection();
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  // Runs a script of statements whose rows are of no interest.
  absl::Status Execute(const char* script);

  // The statement of `sql`, prepared at its first use and kept.
  absl::StatusOr<sqlite3_stmt*> Statement(absl::string_view sql);

  // Rows that the last INSERT, UPDATE or DELETE touched.
  int64_t changes() const { return sqlite3_changes64(handle_); }
  // What the latest failure was: SQLite's extended result code.
  int error_code() const { return sqlite3_extended_errcode(handle_); }
  absl::Status Error() const;

  const std::string& path() const { return path_; }
  sqlite3* handle() { return handle_; }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };

  SqliteConnection(std::string path, sqlite3* handle) : path_(std::move(path)), handle_(handle) {}

  std::string path_;
  sqlite3* handle_;
  absl::flat_hash_map<std::string, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
};

// A string that is bound as a blob.
struct SqliteBlob {
  absl::string_view bytes;
};

class SqliteQuery {
 public:
  // Binds `arguments` to the parameters of `sql`, in order; they must outlive the query.
  template <typename... Arguments>
  SqliteQuery(SqliteConnection& connection, absl::string_view sql, Arguments&&... arguments) : connection_(connection) {
    static_assert((!std::is_same_v<Arguments, std::string> && ...), "a temporary string would be gone when it is read");
    Prepare(sql);
    if (statement_ == nullptr) return;
    int index = 0;
    (Bind(++index, arguments), ...);
  }
  ~SqliteQuery();
  SqliteQuery(const SqliteQuery&) = delete;
  SqliteQuery& operator=(const SqliteQuery&) = delete;

  void Bind(int index, int64_t value);
  void Bind(int index, absl::string_view text);
  void Bind(int index, SqliteBlob blob);
  void Bind(int index, std::optional<int64_t> value);

  // Steps to the next row; false after the last one.
  absl::StatusOr<bool> Next();

  // Of the row: columns count from 0. What Text and Blob give lives until the next step.
  int64_t Int(int column) const { return sqlite3_column_int64(statement_, column); }
  absl::string_view Blob(int column) const;
  std::string Text(int column) const { return std::string(Blob(column)); }
  bool IsNull(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

 private:
  void Prepare(absl::string_view sql);

  SqliteConnection& connection_;
  sqlite3_stmt* statement_ = nullptr;
  absl::Status status_;
};

// Runs one statement to its end.
template <typename... Arguments>
absl::Status RunSql(SqliteConnection& connection, absl::string_view sql, const Arguments&... arguments) {
  SqliteQuery query(connection, sql, arguments...);
  return query.Next().status();
}

}  // namespace herald

#endif  // HERALD_STORE_SQLITE_CONNECTION_H_
