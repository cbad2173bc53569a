// Inserts new deliveries, several with one statement: it is the statement that costs, more than the row.
//
// A delivery is inserted only where its webhook exists; where it does not, Flush takes back its number and corrects the
// event's delivery_count. Confined to the writer's thread; lives within one transaction.

#ifndef HERALD_STORE_SQLITE_DELIVERY_INSERTER_H_
#define HERALD_STORE_SQLITE_DELIVERY_INSERTER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "src/store/sqlite_connection.h"
#include "src/store/store.h"

namespace herald {

class SqliteDeliveryInserter {
 public:
  explicit SqliteDeliveryInserter(SqliteConnection& connection) : connection_(connection) {}

  // Takes what `event`, which is stored, makes for `target`, which has its number. Both are to stay where they are
  // until Flush.
  absl::Status Add(EnqueueEvent& event, EnqueueEvent::Target& target);

  // Inserts what was taken: before anything else is read or written, and at the end.
  absl::Status Flush();

 private:
  struct Row {
    EnqueueEvent* event;
    EnqueueEvent::Target* target;
  };

  absl::Status Insert(const Row* rows, size_t count, const std::string& sql);
  absl::Status TakeBackMissing(const Row* rows, size_t count);

  SqliteConnection& connection_;
  std::vector<Row> rows_;
};

}  // namespace herald

#endif  // HERALD_STORE_SQLITE_DELIVERY_INSERTER_H_
