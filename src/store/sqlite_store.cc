#include "src/store/sqlite_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/store/shown_path.h"
#include "src/store/sqlite_reads.h"

namespace herald {
namespace {

// One file has one path, so that two names of it meet in one lock.
std::string CanonicalPath(const std::string& path) {
  std::error_code error;
  const std::filesystem::path canonical = std::filesystem::weakly_canonical(path, error);
  return error ? path : canonical.string();
}

// SQLite would make it readable for others.
absl::Status MakeFile(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return absl::FailedPreconditionError(absl::StrCat(ShownPath(path), " is a directory; name a file in it"));
  }
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0 && errno != EEXIST) {
    return absl::FailedPreconditionError(absl::StrCat(ShownPath(path), " cannot be made: ", strerror(errno)));
  }
  if (descriptor >= 0) close(descriptor);
  return absl::OkStatus();
}

}  // namespace

SqliteStore::SqliteStore(FileLock lock, const std::string& path, const SqliteOptions& options)
    : lock_(std::move(lock)),
      writer_(path, options.statements),
      readers_(path, options.readers_max, options.statements) {}

absl::StatusOr<std::unique_ptr<SqliteStore>> SqliteStore::Open(const std::string& path, const SqliteOptions& options) {
  const std::string file = CanonicalPath(path);
  HERALD_ASSIGN_OR_RETURN(FileLock lock, FileLock::Acquire(file));
  HERALD_RETURN_IF_ERROR(MakeFile(file));
  std::unique_ptr<SqliteStore> store(new SqliteStore(std::move(lock), file, options));
  HERALD_RETURN_IF_ERROR(store->writer_.Open());
  HERALD_ASSIGN_OR_RETURN(store->checkpointer_, SqliteCheckpointer::Start(file, options.wal_bytes_checkpoint));
  store->writer_.UseCheckpointer(*store->checkpointer_, options.wal_bytes_max);
  return store;
}

absl::StatusOr<std::vector<StoredWebhook>> SqliteStore::LoadWebhooks() { return readers_.With(ReadWebhooks); }

absl::StatusOr<std::vector<StoredEventType>> SqliteStore::LoadEventTypes() { return readers_.With(ReadEventTypes); }

absl::StatusOr<std::vector<StoredHealth>> SqliteStore::LoadHealth() { return readers_.With(ReadHealth); }

absl::StatusOr<int64_t> SqliteStore::CountOpenDeliveries(const std::string& tenant, const std::string& webhook_uid,
                                                         int64_t count_max) {
  return readers_.With(
      [&](SqliteConnection& connection) { return CountOpen(connection, tenant, webhook_uid, count_max); });
}

absl::StatusOr<std::vector<OpenLane>> SqliteStore::LoadOpenLanes() { return readers_.With(ReadOpenLanes); }

absl::StatusOr<QueueState> SqliteStore::ReadQueue() { return readers_.With(herald::ReadQueue); }

absl::StatusOr<StoredEvent> SqliteStore::FindEvent(const std::string& tenant, const std::string& id) {
  return readers_.With([&](SqliteConnection& connection) { return ReadEvent(connection, tenant, id); });
}

absl::StatusOr<Page<StoredEvent>> SqliteStore::ListEvents(const std::string& tenant, const EventQuery& query) {
  return readers_.With([&](SqliteConnection& connection) { return ReadEvents(connection, tenant, query); });
}

absl::StatusOr<v1::Delivery> SqliteStore::FindDelivery(const std::string& tenant, Sequence delivery) {
  return readers_.With([&](SqliteConnection& connection) { return ReadDelivery(connection, tenant, delivery); });
}

absl::StatusOr<Page<v1::Delivery>> SqliteStore::ListDeliveries(const std::string& tenant, const DeliveryQuery& query) {
  return readers_.With([&](SqliteConnection& connection) { return ReadDeliveries(connection, tenant, query); });
}

absl::StatusOr<Page<v1::InvocationResult>> SqliteStore::ListInvocations(const std::string& tenant, Sequence delivery,
                                                                        int after, const PageBounds& bounds) {
  return readers_.With(
      [&](SqliteConnection& connection) { return ReadInvocations(connection, tenant, delivery, after, bounds); });
}

absl::StatusOr<std::vector<StoredReplay>> SqliteStore::LoadRunningReplays() {
  return readers_.With(ReadRunningReplays);
}

absl::StatusOr<v1::Replay> SqliteStore::FindReplay(const std::string& tenant, Sequence replay) {
  return readers_.With([&](SqliteConnection& connection) { return ReadReplay(connection, tenant, replay); });
}

absl::StatusOr<Page<v1::Replay>> SqliteStore::ListReplays(const std::string& tenant, const ReplayQuery& query) {
  return readers_.With([&](SqliteConnection& connection) { return ReadReplays(connection, tenant, query); });
}

}  // namespace herald
