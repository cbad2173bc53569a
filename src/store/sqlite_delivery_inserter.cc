#include "src/store/sqlite_delivery_inserter.h"

#include <array>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/base/status_macros.h"

namespace herald {
namespace {

// Rows a statement: the largest that fits what is left.
constexpr std::array<size_t, 3> kRowCounts = {16, 4, 1};

std::string InsertSql(size_t rows) {
  std::string sql =
      "INSERT INTO deliveries (seq, tenant, event, event_type, webhook_id, webhook_uid, update_time, next_time, state, "
      "attempt_count) SELECT *, 1, 0 FROM (VALUES ";
  for (size_t i = 0; i < rows; ++i) absl::StrAppend(&sql, i == 0 ? "" : ",", "(?,?,?,?,?,?,?,?)");
  absl::StrAppend(&sql, ") WHERE EXISTS (SELECT 1 FROM webhooks WHERE uid = column6 AND tenant = column2)");
  return sql;
}

const std::string& InsertSqlAt(size_t size_index) {
  static const auto& kSql = *new std::array<std::string, kRowCounts.size()>{
      InsertSql(kRowCounts[0]), InsertSql(kRowCounts[1]), InsertSql(kRowCounts[2])};
  return kSql[size_index];
}

}  // namespace

absl::Status SqliteDeliveryInserter::Add(EnqueueEvent& event, EnqueueEvent::Target& target) {
  rows_.push_back({&event, &target});
  return rows_.size() < kRowCounts[0] ? absl::OkStatus() : Flush();
}

absl::Status SqliteDeliveryInserter::Flush() {
  size_t done = 0;
  for (size_t i = 0; i < kRowCounts.size(); ++i) {
    for (; rows_.size() - done >= kRowCounts[i]; done += kRowCounts[i]) {
      HERALD_RETURN_IF_ERROR(Insert(&rows_[done], kRowCounts[i], InsertSqlAt(i)));
    }
  }
  rows_.clear();
  return absl::OkStatus();
}

absl::Status SqliteDeliveryInserter::Insert(const Row* rows, size_t count, const std::string& sql) {
  SqliteQuery insert(connection_, sql);
  int index = 0;
  for (size_t i = 0; i < count; ++i) {
    const auto& [event, target] = rows[i];
    insert.Bind(++index, target->delivery);
    insert.Bind(++index, event->tenant);
    insert.Bind(++index, event->sequence);
    insert.Bind(++index, event->event.type());
    insert.Bind(++index, target->webhook_id);
    insert.Bind(++index, target->webhook_uid);
    insert.Bind(++index, absl::ToUnixMicros(TimeOfSequence(target->delivery)));
    insert.Bind(++index, absl::ToUnixMicros(event->now));
  }
  HERALD_RETURN_IF_ERROR(insert.Next().status());
  if (connection_.changes() == static_cast<int64_t>(count)) return absl::OkStatus();
  return TakeBackMissing(rows, count);
}

absl::Status SqliteDeliveryInserter::TakeBackMissing(const Row* rows, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    const auto& [event, target] = rows[i];
    SqliteQuery find(connection_, "SELECT 1 FROM deliveries WHERE seq = ?", target->delivery);
    HERALD_ASSIGN_OR_RETURN(const bool exists, find.Next());
    if (exists) continue;
    target->delivery = 0;
    HERALD_RETURN_IF_ERROR(
        RunSql(connection_, "UPDATE events SET delivery_count = delivery_count - 1 WHERE seq = ?", event->sequence));
  }
  return absl::OkStatus();
}

}  // namespace herald
