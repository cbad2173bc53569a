// A store in one SQLite file: what Apply reported OK is on disk.
//
// WAL, synchronous=FULL. Apply has a connection of its own; reads run beside it on a few others. A checkpoint thread
// keeps the log short. "<path>.lock" keeps a second process (or store) out. Schema and keys: src/store/sqlite. Thread
// rule as Store.

#ifndef HERALD_STORE_SQLITE_STORE_H_
#define HERALD_STORE_SQLITE_STORE_H_

#include <memory>
#include <string>
#include <vector>

#include "src/store/file_lock.h"
#include "src/store/sqlite_checkpointer.h"
#include "src/store/sqlite_reader_pool.h"
#include "src/store/sqlite_writer.h"
#include "src/store/store.h"

namespace herald {

struct SqliteOptions {
  prometheus::Counter* statements = nullptr;  // counts the SQL statements that are run; outlives the store
  int readers_max = 4;
  int64_t wal_bytes_checkpoint = int64_t{32} << 20;
  int64_t wal_bytes_max = int64_t{128} << 20;
};

class SqliteStore final : public Store {
 public:
  // Opens the file at `path`; makes it, for this user alone, when there is none. Claims of a former life are void.
  // FAILED_PRECONDITION with a sentence that names the file: in use, of another program, or of a newer Herald.
  static absl::StatusOr<std::unique_ptr<SqliteStore>> Open(const std::string& path, const SqliteOptions& options = {});

  absl::Status Apply(WriteBatch& batch) override { return writer_.Apply(batch); }

  absl::StatusOr<std::vector<StoredWebhook>> LoadWebhooks() override;
  absl::StatusOr<std::vector<StoredEventType>> LoadEventTypes() override;
  absl::StatusOr<std::vector<StoredHealth>> LoadHealth() override;
  absl::StatusOr<std::vector<OpenLane>> LoadOpenLanes() override;
  absl::StatusOr<int64_t> CountOpenDeliveries(const std::string& tenant, const std::string& webhook_uid,
                                              int64_t count_max) override;
  absl::StatusOr<QueueState> ReadQueue() override;
  absl::StatusOr<StoredEvent> FindEvent(const std::string& tenant, const std::string& id) override;
  absl::StatusOr<Page<StoredEvent>> ListEvents(const std::string& tenant, const EventQuery& query) override;
  absl::StatusOr<v1::Delivery> FindDelivery(const std::string& tenant, Sequence delivery) override;
  absl::StatusOr<Page<v1::Delivery>> ListDeliveries(const std::string& tenant, const DeliveryQuery& query) override;
  absl::StatusOr<Page<v1::InvocationResult>> ListInvocations(const std::string& tenant, Sequence delivery, int after,
                                                             const PageBounds& bounds) override;
  absl::StatusOr<std::vector<StoredReplay>> LoadRunningReplays() override;
  absl::StatusOr<v1::Replay> FindReplay(const std::string& tenant, Sequence replay) override;
  absl::StatusOr<Page<v1::Replay>> ListReplays(const std::string& tenant, const ReplayQuery& query) override;

 private:
  SqliteStore(FileLock lock, const std::string& path, const SqliteOptions& options);

  // Destroyed from the last to the first: the lock ends when the file is closed.
  FileLock lock_;
  SqliteWriter writer_;
  std::unique_ptr<SqliteCheckpointer> checkpointer_;
  SqliteReaderPool readers_;
};

}  // namespace herald

#endif  // HERALD_STORE_SQLITE_STORE_H_
