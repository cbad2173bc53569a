#include "src/store/sqlite_counters.h"

#include "src/base/status_macros.h"

namespace herald {
namespace {

constexpr int64_t kTokensReserved = 1 << 20;

}  // namespace

absl::Status SqliteCounters::Load(SqliteConnection& connection) {
  SqliteQuery query(
      connection,
      "SELECT max(ifnull((SELECT max(seq) FROM events), 0), ifnull((SELECT max(seq) FROM deliveries), 0), "
      "ifnull((SELECT max(seq) FROM replays), 0), "
      "ifnull((SELECT value FROM counters WHERE name = 'expired_end'), 0))");
  HERALD_RETURN_IF_ERROR(query.Next().status());
  last_sequence_ = query.Int(0);
  HERALD_RETURN_IF_ERROR(ReserveTokens(connection));
  token_floor_ = last_token_ = token_end_ - kTokensReserved;
  return absl::OkStatus();
}

absl::Status SqliteCounters::ReserveTokens(SqliteConnection& connection) {
  HERALD_RETURN_IF_ERROR(
      RunSql(connection, "UPDATE counters SET value = value + ? WHERE name = 'token_end'", kTokensReserved));
  SqliteQuery query(connection, "SELECT value FROM counters WHERE name = 'token_end'");
  HERALD_RETURN_IF_ERROR(query.Next().status());
  token_end_ = query.Int(0);
  return absl::OkStatus();
}

absl::StatusOr<int64_t> SqliteCounters::NextToken(SqliteConnection& connection) {
  if (last_token_ >= token_end_) HERALD_RETURN_IF_ERROR(ReserveTokens(connection));
  return ++last_token_;
}

}  // namespace herald
