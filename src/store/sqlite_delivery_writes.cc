#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/store/invocation_parts.h"
#include "src/store/sqlite_rows.h"
#include "src/store/sqlite_writes.h"
#include "src/store/store_errors.h"

namespace herald {
namespace {

absl::StatusOr<ClaimedDelivery> ReadClaimed(SqliteTransaction transaction, const SqliteQuery& row) {
  ClaimedDelivery claimed;
  claimed.claim.delivery = row.Int(0);
  HERALD_ASSIGN_OR_RETURN(claimed.claim.token, transaction.counters.NextToken(transaction.connection));
  claimed.attempt_count = static_cast<int>(row.Int(6));
  HERALD_ASSIGN_OR_RETURN(claimed.event, EventOf(transaction.connection, row.Int(kDeliveryColumnCount),
                                                 row.Blob(kDeliveryColumnCount + 1)));
  SetPayload(row, kDeliveryColumnCount + 2, claimed.event);
  claimed.attempts_former = static_cast<int>(row.Int(kDeliveryColumnCount + 3));
  claimed.open_time = row.IsNull(kDeliveryColumnCount + 4) ? TimeOfSequence(claimed.claim.delivery)
                                                           : absl::FromUnixMicros(row.Int(kDeliveryColumnCount + 4));
  return claimed;
}

// Fills in what is to be claimed, and when the next one is due. One walk along the lane serves both.
absl::Status Select(SqliteTransaction transaction, ClaimDeliveries& write) {
  static const std::string& kSelect = *new std::string(absl::StrCat(
      "SELECT ", kDeliveryColumns,
      ", e.seq, e.event, e.payload, d.attempts_former, d.reopen_time "
      "FROM deliveries AS d INDEXED BY deliveries_open CROSS JOIN events AS e ON e.seq = d.event "
      "WHERE d.webhook_uid = ? AND d.state IN (1, 2) AND d.tenant = ? "
      "AND d.next_time IS NOT NULL AND (d.claim_token <= ? OR d.lease_end <= ?) ORDER BY d.next_time, d.seq"));
  const int64_t now = absl::ToUnixMicros(write.now);
  SqliteQuery row(transaction.connection, kSelect, write.webhook_uid, write.tenant, transaction.counters.token_floor(),
                  now);
  int64_t bytes = 0;
  while (true) {
    HERALD_ASSIGN_OR_RETURN(const bool found, row.Next());
    if (!found) return absl::OkStatus();
    const bool enough = static_cast<int>(write.claimed.size()) >= write.count_max || bytes > write.bytes_max;
    if (const int64_t due = row.Int(8); enough || due > now) {
      write.next_due = absl::FromUnixMicros(due);
      return absl::OkStatus();
    }
    HERALD_ASSIGN_OR_RETURN(ClaimedDelivery claimed, ReadClaimed(transaction, row));
    bytes += static_cast<int64_t>(claimed.event.data_json().size());
    write.claimed.push_back(std::move(claimed));
  }
}

// When the first lease ends of those that come before what is next due: all of them are claimed.
absl::Status LookAtLeases(SqliteTransaction transaction, ClaimDeliveries& write) {
  SqliteQuery row(transaction.connection,
                  "SELECT min(max(next_time, lease_end)) FROM deliveries INDEXED BY deliveries_open "
                  "WHERE webhook_uid = ? AND state IN (1, 2) AND tenant = ? AND next_time <= ? "
                  "AND claim_token > ? AND lease_end > ?",
                  write.webhook_uid, write.tenant, absl::ToUnixMicros(write.next_due),
                  transaction.counters.token_floor(), absl::ToUnixMicros(write.now));
  HERALD_ASSIGN_OR_RETURN(const bool found, row.Next());
  if (found && !row.IsNull(0)) write.next_due = std::min(write.next_due, absl::FromUnixMicros(row.Int(0)));
  return absl::OkStatus();
}

absl::Status InsertInvocation(SqliteConnection& connection, SettleDelivery& write) {
  v1::InvocationResult bodies = TakeBodies(write.result);
  const std::string encoded_summary = write.result.SerializeAsString();
  const std::string encoded_bodies = bodies.SerializeAsString();
  bodies.MergeFrom(write.result);
  write.result.Swap(&bodies);
  return RunSql(connection,
                "INSERT INTO invocations (delivery, attempt, summary, bodies) "
                "SELECT seq, attempt_count, ?, ? FROM deliveries WHERE seq = ?",
                SqliteBlob{encoded_summary}, SqliteBlob{encoded_bodies}, write.claim.delivery);
}

// Whether the claim can be held at all: those of a former life are void.
bool IsOfThisLife(SqliteTransaction transaction, const Claim& claim) {
  return claim.token > transaction.counters.token_floor();
}

}  // namespace

absl::Status AdvanceKeyOf(SqliteConnection& connection, Sequence closed, absl::Time now) {
  return RunSql(connection,
                "UPDATE deliveries SET next_time = ? WHERE next_time IS NULL AND seq = ("
                "  SELECT min(later.seq) FROM deliveries AS closed CROSS JOIN deliveries AS later "
                "  INDEXED BY deliveries_ordered WHERE closed.seq = ? AND later.webhook_uid = closed.webhook_uid "
                "  AND later.ordering_key = closed.ordering_key AND later.state IN (1, 2))",
                absl::ToUnixMicros(now), closed);
}

absl::Status ApplyWrite(SqliteTransaction transaction, EnqueueEvent& write) { return transaction.enqueuer.Add(write); }

absl::Status ApplyWrite(SqliteTransaction transaction, ClaimDeliveries& write) {
  write.status = absl::OkStatus();
  write.claimed.clear();
  write.next_due = absl::InfiniteFuture();
  HERALD_RETURN_IF_ERROR(Select(transaction, write));
  // Where something due is left, that is soon enough; and there may be very many of them.
  if (write.next_due > write.now) HERALD_RETURN_IF_ERROR(LookAtLeases(transaction, write));
  for (const ClaimedDelivery& claimed : write.claimed) {
    HERALD_RETURN_IF_ERROR(RunSql(
        transaction.connection, "UPDATE deliveries SET claim_token = ?, claim_owner = ?, lease_end = ? WHERE seq = ?",
        claimed.claim.token, write.owner, absl::ToUnixMicros(write.lease_end), claimed.claim.delivery));
  }
  return absl::OkStatus();
}

absl::Status ApplyWrite(SqliteTransaction transaction, SettleDelivery& write) {
  SqliteConnection& connection = transaction.connection;
  write.status = ClaimLostError(write.claim.delivery);
  if (!IsOfThisLife(transaction, write.claim)) return absl::OkStatus();
  std::optional<int64_t> next_time;
  if (write.next_attempt_time.has_value()) next_time = absl::ToUnixMicros(*write.next_attempt_time);
  HERALD_RETURN_IF_ERROR(RunSql(connection,
                                "UPDATE deliveries SET state = ?, attempt_count = attempt_count + 1, update_time = ?, "
                                "next_time = ?, claim_token = 0 WHERE seq = ? AND tenant = ? AND claim_token = ?",
                                int64_t{write.state}, absl::ToUnixMicros(write.now), next_time, write.claim.delivery,
                                write.tenant, write.claim.token));
  if (connection.changes() == 0) return absl::OkStatus();
  write.status = absl::OkStatus();
  if (write.state != v1::Delivery::RETRYING) --transaction.opened;
  if (write.ordered && !next_time.has_value()) {
    HERALD_RETURN_IF_ERROR(AdvanceKeyOf(connection, write.claim.delivery, write.now));
  }
  HERALD_RETURN_IF_ERROR(InsertInvocation(connection, write));
  return write.event.has_value() ? transaction.enqueuer.Add(*write.event) : absl::OkStatus();
}

absl::Status ApplyWrite(SqliteTransaction transaction, ReleaseDelivery& write) {
  write.status = ClaimLostError(write.claim.delivery);
  if (!IsOfThisLife(transaction, write.claim)) return absl::OkStatus();
  HERALD_RETURN_IF_ERROR(RunSql(
      transaction.connection, "UPDATE deliveries SET claim_token = 0 WHERE seq = ? AND tenant = ? AND claim_token = ?",
      write.claim.delivery, write.tenant, write.claim.token));
  if (transaction.connection.changes() == 1) write.status = absl::OkStatus();
  return absl::OkStatus();
}

}  // namespace herald
