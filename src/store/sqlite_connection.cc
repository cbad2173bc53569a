#include "src/store/sqlite_connection.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/core/errors.h"
#include "src/store/shown_path.h"

namespace herald {
namespace {

std::string Sentence(const std::string& file, int code, absl::string_view message) {
  switch (code & 0xFF) {
    case SQLITE_FULL:
      return absl::StrCat("the disk of ", file, " is full; make room on it");
    case SQLITE_READONLY:
      return absl::StrCat(file, " cannot be written; make it and its directory writable");
    case SQLITE_CANTOPEN:
      return absl::StrCat(file, " cannot be opened; its directory must exist and be accessible");
    case SQLITE_NOTADB:
      return absl::StrCat(file, " is not a database of Herald; name another file");
    default:
      return absl::StrCat(file, " cannot be used: ", message, " (SQLite result ", code, ")");
  }
}

// SQLite would count every allocation under one lock that all connections share. Too late, and without effect, when
// something else in the process has used SQLite before.
void ConfigureOnce() {
  static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(configured);
}

}  // namespace

absl::Status SqliteError(const std::string& path, int code, absl::string_view message) {
  return MakeError(absl::StatusCode::kUnavailable, v1::STORE_UNAVAILABLE, Sentence(ShownPath(path), code, message));
}

absl::StatusOr<std::unique_ptr<SqliteConnection>> SqliteConnection::Open(const std::string& path, Access access) {
  ConfigureOnce();
  // Its users take turns, so SQLite need not lock it.
  const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (access == Access::kReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  // The handle is there even when opening failed, and is closed with the connection.
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(path, handle));
  if (code != SQLITE_OK) return SqliteError(path, code, sqlite3_errstr(code));
  return connection;
}

SqliteConnection::~SqliteConnection() {
  statements_.clear();
  sqlite3_close(handle_);
}

void SqliteConnection::CountStatements(prometheus::Counter& statements) {
  sqlite3_trace_v2(
      handle_, SQLITE_TRACE_STMT,
      [](unsigned, void* counter, void*, void*) {
        static_cast<prometheus::Counter*>(counter)->Increment();
        return 0;
      },
      &statements);
}

absl::Status SqliteConnection::Error() const {
  return SqliteError(path_, sqlite3_extended_errcode(handle_), sqlite3_errmsg(handle_));
}

absl::Status SqliteConnection::Execute(const char* script) {
  return sqlite3_exec(handle_, script, nullptr, nullptr, nullptr) == SQLITE_OK ? absl::OkStatus() : Error();
}

absl::StatusOr<sqlite3_stmt*> SqliteConnection::Statement(absl::string_view sql) {
  if (const auto found = statements_.find(sql); found != statements_.end()) return found->second.get();
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &statement, nullptr);
  if (code != SQLITE_OK) return Error();
  statements_.emplace(sql, statement);
  return statement;
}

void SqliteQuery::Prepare(absl::string_view sql) {
  auto statement = connection_.Statement(sql);
  if (statement.ok()) {
    statement_ = *statement;
  } else {
    status_ = std::move(statement).status();
  }
}

SqliteQuery::~SqliteQuery() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

void SqliteQuery::Bind(int index, int64_t value) { sqlite3_bind_int64(statement_, index, value); }

void SqliteQuery::Bind(int index, absl::string_view text) {
  // A null pointer would be bound as NULL, which no empty string is.
  const char* const data = text.data() == nullptr ? "" : text.data();
  sqlite3_bind_text64(statement_, index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void SqliteQuery::Bind(int index, SqliteBlob blob) {
  const char* const data = blob.bytes.data() == nullptr ? "" : blob.bytes.data();
  sqlite3_bind_blob64(statement_, index, data, blob.bytes.size(), SQLITE_STATIC);
}

void SqliteQuery::Bind(int index, std::optional<int64_t> value) {
  if (value.has_value()) {
    sqlite3_bind_int64(statement_, index, *value);
  } else {
    sqlite3_bind_null(statement_, index);
  }
}

absl::StatusOr<bool> SqliteQuery::Next() {
  HERALD_RETURN_IF_ERROR(status_);
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return connection_.Error();
}

absl::string_view SqliteQuery::Blob(int column) const {
  const void* const data = sqlite3_column_blob(statement_, column);
  return absl::string_view(static_cast<const char*>(data),
                           static_cast<size_t>(sqlite3_column_bytes(statement_, column)));
}

}  // namespace herald
