// Inserts new events and their deliveries, several rows with one statement: it is the statement that costs, more than
// the row.
//
// An event is inserted only when its id is new; which were left out is looked for when SQLite counts fewer rows than it
// was given, which is rare. A delivery is inserted only when its webhook exists. An event with an ordering key goes
// alone, since whether its deliveries wait depends on all that came before. Confined to the writer's thread; lives
// within one transaction.

#ifndef HERALD_STORE_SQLITE_ENQUEUER_H_
#define HERALD_STORE_SQLITE_ENQUEUER_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/store/sqlite_connection.h"
#include "src/store/sqlite_counters.h"
#include "src/store/store.h"

namespace herald {

class SqliteEnqueuer {
 public:
  // Adds to `opened` the deliveries that it inserts.
  SqliteEnqueuer(SqliteConnection& connection, SqliteCounters& counters, int64_t& opened)
      : connection_(connection), counters_(counters), opened_(opened) {}

  // Takes `write`, which is to stay where it is until Flush; its results are final only then.
  absl::Status Add(EnqueueEvent& write);

  // Inserts what was taken: before any other write, and at the end.
  absl::Status Flush();

  // Webhooks may have come or gone: after Flush.
  void ForgetWebhooks() { exists_.clear(); }

 private:
  struct EventRow {
    EnqueueEvent* write;
    std::string encoded;  // the event without its payload
  };
  struct DeliveryRow {
    EnqueueEvent* write;
    EnqueueEvent::Target* target;
    bool waits;  // for its turn: an earlier one with its ordering key is open
  };

  absl::Status InsertEvents(absl::Span<const EventRow> rows, const std::string& sql);
  absl::Status RefuseMissing(absl::Span<const EventRow> rows);
  // The delivery to insert, claimed if it is to be.
  absl::StatusOr<DeliveryRow> NextDelivery(EnqueueEvent& write, EnqueueEvent::Target& target);
  absl::StatusOr<bool> WebhookExists(const std::string& tenant, const std::string& uid);
  absl::Status InsertDeliveries(absl::Span<const DeliveryRow> rows, const std::string& sql);
  // Its webhook is gone.
  absl::Status TakeBack(EnqueueEvent& write, EnqueueEvent::Target& target);

  SqliteConnection& connection_;
  SqliteCounters& counters_;
  int64_t& opened_;
  std::vector<EventRow> events_;
  // Tenant and uid -> whether there is such a webhook, as far as it was asked.
  absl::flat_hash_map<std::pair<std::string, std::string>, bool> exists_;
};

}  // namespace herald

#endif  // HERALD_STORE_SQLITE_ENQUEUER_H_
