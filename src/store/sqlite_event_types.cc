#include <string>

#include "src/base/status_macros.h"
#include "src/core/names.h"
#include "src/store/sqlite_reads.h"
#include "src/store/sqlite_rows.h"
#include "src/store/sqlite_writes.h"
#include "src/store/store_errors.h"

namespace herald {
namespace {

// What is stored of an event type; key 0: there is none.
struct CurrentEventType {
  int64_t key = 0;
  std::string event_type;
};

absl::StatusOr<CurrentEventType> FindEventType(SqliteConnection& connection, const std::string& tenant,
                                               const std::string& type) {
  SqliteQuery query(connection, "SELECT key, event_type FROM event_types WHERE tenant = ? AND type = ?", tenant, type);
  HERALD_ASSIGN_OR_RETURN(const bool found, query.Next());
  if (!found) return CurrentEventType{};
  return CurrentEventType{query.Int(0), std::string(query.Blob(1))};
}

absl::StatusOr<bool> IsLimitReached(SqliteConnection& connection, const CreateEventType& write) {
  if (write.event_types_max <= 0) return false;
  SqliteQuery query(connection, "SELECT count(*) FROM event_types WHERE tenant = ?", write.tenant);
  HERALD_RETURN_IF_ERROR(query.Next().status());
  return query.Int(0) >= write.event_types_max;
}

}  // namespace

absl::Status ApplyWrite(SqliteTransaction transaction, CreateEventType& write) {
  SqliteConnection& connection = transaction.connection;
  const std::string type = TypeOf(write.tenant, write.event_type);
  HERALD_ASSIGN_OR_RETURN(const CurrentEventType found, FindEventType(connection, write.tenant, type));
  HERALD_ASSIGN_OR_RETURN(const bool limit_reached, IsLimitReached(connection, write));
  write.status = absl::OkStatus();
  if (found.key != 0) {
    write.status = EventTypeTakenError(type);
  } else if (limit_reached) {
    write.status = EventTypeLimitError(write.event_types_max);
  }
  if (!write.status.ok()) return absl::OkStatus();
  const std::string encoded = write.event_type.SerializeAsString();
  return RunSql(connection, "INSERT INTO event_types (tenant, type, event_type) VALUES (?, ?, ?)", write.tenant, type,
                SqliteBlob{encoded});
}

absl::Status ApplyWrite(SqliteTransaction transaction, ReplaceEventType& write) {
  SqliteConnection& connection = transaction.connection;
  const std::string type = TypeOf(write.tenant, write.event_type);
  HERALD_ASSIGN_OR_RETURN(const CurrentEventType found, FindEventType(connection, write.tenant, type));
  write.status = absl::OkStatus();
  if (found.key == 0) {
    write.status = EventTypeNotFoundError(type);
  } else if (found.event_type != write.former.SerializeAsString()) {
    write.status = EventTypeChangedError(type);
  }
  if (!write.status.ok()) return absl::OkStatus();
  const std::string encoded = write.event_type.SerializeAsString();
  return RunSql(connection, "UPDATE event_types SET event_type = ? WHERE key = ?", SqliteBlob{encoded}, found.key);
}

absl::Status ApplyWrite(SqliteTransaction transaction, DeleteEventType& write) {
  SqliteConnection& connection = transaction.connection;
  HERALD_ASSIGN_OR_RETURN(const CurrentEventType found, FindEventType(connection, write.tenant, write.type));
  write.status = found.key == 0 ? EventTypeNotFoundError(write.type) : absl::OkStatus();
  if (!write.status.ok()) return absl::OkStatus();
  return RunSql(connection, "DELETE FROM event_types WHERE key = ?", found.key);
}

absl::StatusOr<std::vector<StoredEventType>> ReadEventTypes(SqliteConnection& connection) {
  std::vector<StoredEventType> loaded;
  SqliteQuery query(connection, "SELECT tenant, event_type FROM event_types ORDER BY tenant, type");
  for (;;) {
    HERALD_ASSIGN_OR_RETURN(const bool found, query.Next());
    if (!found) return loaded;
    StoredEventType& row = loaded.emplace_back();
    row.tenant = query.Text(0);
    HERALD_RETURN_IF_ERROR(MergeBlob(connection, query.Blob(1), row.event_type));
  }
}

}  // namespace herald
