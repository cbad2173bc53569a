#include "benchmarks/load/ledger.h"

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "benchmarks/load/durations.h"

namespace herald {
namespace {

// The whole number behind the first `name` in `text`; 0 when there is none.
int64_t NumberAfter(absl::string_view name, absl::string_view text) {
  const size_t at = text.find(name);
  if (at == absl::string_view::npos) return 0;
  int64_t number = 0;
  for (const char digit : text.substr(at + name.size())) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(digit))) break;
    number = number * 10 + (digit - '0');
  }
  return number;
}

}  // namespace

uint16_t Ledger::PathNumber(absl::string_view path) {
  const auto [found, is_new] = path_numbers_.try_emplace(path, static_cast<uint16_t>(paths_.size()));
  if (is_new) paths_.emplace_back(path);
  return found->second;
}

absl::string_view Ledger::WebhookId(const Arrival& arrival) const {
  return absl::string_view(ids_).substr(arrival.id_at, arrival.id_size);
}

void Ledger::Add(absl::string_view path, absl::string_view webhook_id, absl::string_view body, int64_t now) {
  Arrival arrival;
  arrival.at = now;
  arrival.due = NumberAfter("\"due_ns\":", body);
  arrival.event = static_cast<uint64_t>(NumberAfter("\"number\":", body));
  arrival.id_at = ids_.size();
  arrival.id_size = static_cast<uint16_t>(webhook_id.size());
  arrival.path = PathNumber(path);
  ids_.append(webhook_id.data(), webhook_id.size());
  arrivals_.push_back(arrival);
}

void Ledger::Clear() {
  arrivals_.clear();
  ids_.clear();
  paths_.clear();
  path_numbers_.clear();
}

std::string Ledger::Summary(int64_t due_from, absl::string_view without_path) const {
  absl::flat_hash_set<absl::string_view> ids;
  absl::flat_hash_set<uint64_t> events;
  Durations latencies;
  size_t received = 0;
  int64_t first = 0;
  int64_t last = 0;
  for (const Arrival& arrival : arrivals_) {
    if (paths_[arrival.path] == without_path) continue;
    if (received++ == 0) first = arrival.at;
    last = arrival.at;
    ids.insert(WebhookId(arrival));
    events.insert(arrival.event);
    if (arrival.due != 0 && arrival.due >= due_from) latencies.Add(arrival.at - arrival.due);
  }
  return absl::StrFormat(
      R"({"received":%d,"distinct_ids":%d,"distinct_events":%d,"first_ns":%d,"last_ns":%d,"latency":%s})", received,
      ids.size(), events.size(), first, last, latencies.ToJson());
}

std::string Ledger::Lines() const {
  std::string lines;
  for (const Arrival& arrival : arrivals_) {
    absl::StrAppend(&lines, WebhookId(arrival), "\t", arrival.event, "\t", arrival.due, "\t", arrival.at, "\t",
                    paths_[arrival.path], "\n");
  }
  return lines;
}

}  // namespace herald
