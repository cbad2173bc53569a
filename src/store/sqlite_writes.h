// What each write does to the SQLite file, within the transaction of its batch. A status that is not OK is the file's
// failure and spoils the batch; what is wrong with a write goes into its own status, and is found by reading first, so
// that no statement fails.

#ifndef HERALD_STORE_SQLITE_WRITES_H_
#define HERALD_STORE_SQLITE_WRITES_H_

#include <cstdint>

#include "absl/status/status.h"
#include "src/store/sqlite_connection.h"
#include "src/store/sqlite_counters.h"
#include "src/store/sqlite_enqueuer.h"
#include "src/store/store.h"

namespace herald {

struct SqliteTransaction {
  SqliteConnection& connection;
  SqliteCounters& counters;
  SqliteEnqueuer& enqueuer;  // flushed before any write but EnqueueEvent
  int64_t& opened;           // deliveries that became open less those that were closed: every write keeps it
};

absl::Status ApplyWrite(SqliteTransaction transaction, CreateWebhook& write);
absl::Status ApplyWrite(SqliteTransaction transaction, ReplaceWebhook& write);
absl::Status ApplyWrite(SqliteTransaction transaction, DeleteWebhook& write);
absl::Status ApplyWrite(SqliteTransaction transaction, EnqueueEvent& write);
absl::Status ApplyWrite(SqliteTransaction transaction, ClaimDeliveries& write);
absl::Status ApplyWrite(SqliteTransaction transaction, SettleDelivery& write);
absl::Status ApplyWrite(SqliteTransaction transaction, ReleaseDelivery& write);
absl::Status ApplyWrite(SqliteTransaction transaction, CancelDeliveries& write);
absl::Status ApplyWrite(SqliteTransaction transaction, RetryDelivery& write);
absl::Status ApplyWrite(SqliteTransaction transaction, CreateReplay& write);
absl::Status ApplyWrite(SqliteTransaction transaction, ContinueReplay& write);
absl::Status ApplyWrite(SqliteTransaction transaction, SaveHealth& write);
absl::Status ApplyWrite(SqliteTransaction transaction, DeleteExpired& write);
absl::Status ApplyWrite(SqliteTransaction transaction, CreateEventType& write);
absl::Status ApplyWrite(SqliteTransaction transaction, ReplaceEventType& write);
absl::Status ApplyWrite(SqliteTransaction transaction, DeleteEventType& write);

// In order, from ?1 up to ?2: each event and delivery, and the rows that go with it.
extern const char kExpirableRowsSql[];

// Makes a closed delivery due anew, at `now` or when its turn comes.
absl::Status OpenAgain(SqliteTransaction transaction, Sequence delivery, absl::Time now);

// Makes the first open delivery with the webhook and the ordering key of one that was closed due, unless it is already.
absl::Status AdvanceKeyOf(SqliteConnection& connection, Sequence closed, absl::Time now);

}  // namespace herald

#endif  // HERALD_STORE_SQLITE_WRITES_H_
