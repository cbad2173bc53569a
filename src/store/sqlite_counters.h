// The numbers that a SqliteStore gives: of events and deliveries, and of claims.
//
// Tokens are reserved in blocks that are committed before or with their first use, so none repeats, also not after a
// crash; and a token at or below `token_floor` is of a former life of the store.
// Confined to the writer's thread.

#ifndef HERALD_STORE_SQLITE_COUNTERS_H_
#define HERALD_STORE_SQLITE_COUNTERS_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "src/core/sequence.h"
#include "src/store/sqlite_connection.h"

namespace herald {

class SqliteCounters {
 public:
  // Begins a new life: continues after what is stored, and voids the claims there are.
  absl::Status Load(SqliteConnection& connection);
  // Reserves tokens afresh: for a new connection, whose former one may have lost what it reserved.
  absl::Status ReserveTokens(SqliteConnection& connection);

  Sequence NextEvent(absl::Time now) { return last_sequence_ = NextSequence(last_sequence_, now); }
  Sequence NextDelivery() { return ++last_sequence_; }
  absl::StatusOr<int64_t> NextToken(SqliteConnection& connection);

  int64_t token_floor() const { return token_floor_; }

 private:
  Sequence last_sequence_ = 0;
  int64_t token_floor_ = 0;
  int64_t last_token_ = 0;
  int64_t token_end_ = 0;
};

}  // namespace herald

#endif  // HERALD_STORE_SQLITE_COUNTERS_H_
