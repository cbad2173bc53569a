#include "src/store/sqlite_schema.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/store/shown_path.h"

namespace herald {
namespace {

absl::StatusOr<int64_t> ReadNumber(SqliteConnection& connection, absl::string_view sql) {
  SqliteQuery query(connection, sql);
  HERALD_RETURN_IF_ERROR(query.Next().status());
  return query.Int(0);
}

absl::Status CheckOrigin(SqliteConnection& connection) {
  HERALD_ASSIGN_OR_RETURN(const int64_t application, ReadNumber(connection, "PRAGMA application_id"));
  if (application == kSqliteApplicationId) return absl::OkStatus();
  HERALD_ASSIGN_OR_RETURN(const int64_t tables, ReadNumber(connection, "SELECT count(*) FROM sqlite_schema"));
  HERALD_ASSIGN_OR_RETURN(const int64_t version, ReadNumber(connection, "PRAGMA user_version"));
  if (application == 0 && tables == 0 && version == 0) return absl::OkStatus();  // a new file
  return absl::FailedPreconditionError(
      absl::StrCat(ShownPath(connection.path()), " is the database of another program; name another file"));
}

// page_size and auto_vacuum take effect only before the first table, and before WAL. An invocation has about 2 KiB: of
// a page of 4 KiB it would leave nearly half unused.
absl::Status SetLastingSettings(SqliteConnection& connection) {
  HERALD_RETURN_IF_ERROR(connection.Execute("PRAGMA page_size = 8192; PRAGMA auto_vacuum = incremental"));
  SqliteQuery mode(connection, "PRAGMA journal_mode = wal");
  HERALD_RETURN_IF_ERROR(mode.Next().status());
  if (mode.Blob(0) == "wal") return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(ShownPath(connection.path()), " is on a file system without shared memory; put it on a local disk"));
}

absl::Status RunScripts(SqliteConnection& connection, size_t version) {
  const auto& scripts = SqliteSchemaScripts();
  for (; version < scripts.size(); ++version) HERALD_RETURN_IF_ERROR(connection.Execute(scripts[version]));
  const std::string marks =
      absl::StrCat("PRAGMA application_id = ", kSqliteApplicationId, "; PRAGMA user_version = ", version);
  return connection.Execute(marks.c_str());
}

}  // namespace

absl::Status UpgradeSchema(SqliteConnection& connection) {
  HERALD_RETURN_IF_ERROR(CheckOrigin(connection));
  HERALD_ASSIGN_OR_RETURN(const int64_t version, ReadNumber(connection, "PRAGMA user_version"));
  const auto known = static_cast<int64_t>(SqliteSchemaScripts().size());
  if (version > known) {
    return absl::FailedPreconditionError(
        absl::StrCat(ShownPath(connection.path()), " has schema ", version, ", newer than ", known,
                     " which this heraldd knows; start the newer heraldd that wrote it"));
  }
  HERALD_RETURN_IF_ERROR(SetLastingSettings(connection));
  if (version == known) return absl::OkStatus();
  HERALD_RETURN_IF_ERROR(connection.Execute("BEGIN IMMEDIATE"));
  if (absl::Status status = RunScripts(connection, static_cast<size_t>(version)); !status.ok()) {
    connection.Execute("ROLLBACK").IgnoreError();
    return status;
  }
  return connection.Execute("COMMIT");
}

}  // namespace herald
