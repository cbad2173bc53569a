// The schema of the SQLite file: numbered scripts in src/store/sqlite, embedded in the binary and run in order.
// user_version is the number of the last one that was run; application_id tells Herald's files from others.

#ifndef HERALD_STORE_SQLITE_SCHEMA_H_
#define HERALD_STORE_SQLITE_SCHEMA_H_

#include <vector>

#include "absl/status/status.h"
#include "src/store/sqlite_connection.h"

namespace herald {

inline constexpr int kSqliteApplicationId = 0x48524C44;  // "HRLD"

// The scripts, in order; the first one is number 1.
const std::vector<const char*>& SqliteSchemaScripts();

// Brings the file to the newest schema; a new file gets its lasting settings. FAILED_PRECONDITION, one sentence: the
// file is not Herald's, or of a newer schema than this binary knows.
absl::Status UpgradeSchema(SqliteConnection& connection);

}  // namespace herald

#endif  // HERALD_STORE_SQLITE_SCHEMA_H_
