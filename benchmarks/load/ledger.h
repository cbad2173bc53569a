// What the receiver keeps of each request that it got: whose it was and when it came. Not thread-safe.

#ifndef HERALD_BENCHMARKS_LOAD_LEDGER_H_
#define HERALD_BENCHMARKS_LOAD_LEDGER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace herald {

class Ledger {
 public:
  // `body` tells the event's number and when it was due to be sent (see EventSource); another body counts as number 0,
  // without a latency.
  void Add(absl::string_view path, absl::string_view webhook_id, absl::string_view body, int64_t now);
  void Clear();

  size_t size() const { return arrivals_.size(); }

  // A JSON object: received, distinct webhook-ids and events, first and last arrival, and the latency from due to
  // received of events that were due at `due_from` or later. All of it without the arrivals of one path; empty: of
  // every path.
  std::string Summary(int64_t due_from, absl::string_view without_path) const;
  // A line for each arrival: webhook-id, event's number, due, arrived (nanoseconds), path; separated by tabs.
  std::string Lines() const;

 private:
  struct Arrival {
    int64_t at = 0;
    int64_t due = 0;
    uint64_t event = 0;
    size_t id_at = 0;  // in ids_
    uint16_t id_size = 0;
    uint16_t path = 0;  // in paths_
  };

  uint16_t PathNumber(absl::string_view path);
  absl::string_view WebhookId(const Arrival& arrival) const;

  std::vector<Arrival> arrivals_;
  std::string ids_;
  std::vector<std::string> paths_;
  absl::flat_hash_map<std::string, uint16_t> path_numbers_;
};

}  // namespace herald

#endif  // HERALD_BENCHMARKS_LOAD_LEDGER_H_
