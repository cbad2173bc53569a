// What a receiver got from a server that was killed again and again, and what may be said of it: each life of the
// server has its own connections, and each kill leaves behind what was open in the store.
//
// Received, Has and Wait… are thread-safe; the rest is for when no life sends any more.

#ifndef HERALD_TESTS_E2E_KILL_LEDGER_H_
#define HERALD_TESTS_E2E_KILL_LEDGER_H_

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "src/base/mutex.h"

namespace herald {

class KillLedger {
 public:
  struct Receipt {
    std::string webhook;
    std::string event;     // "KEY-3": the fourth with that ordering key; one without a dash has none
    std::string delivery;  // the webhook-id
    int connection = 0;    // numbered over all lives
    bool taken = false;    // answered with success
  };

  void Received(Receipt receipt);
  // Waits until each of `events` was taken by each of `webhooks`. False: that did not happen within `timeout`.
  bool WaitForAll(const std::set<std::string>& webhooks, const std::set<std::string>& events, absl::Duration timeout);

  // A life has ended: its connections were those up to `connections`, and it left the deliveries of `open` behind.
  void LifeEnded(int connections, std::set<std::string> open);

  // How many deliveries each life that was killed had brought and not recorded.
  std::vector<int> InFlightAtKills() const;
  // Taken more often than once.
  int Duplicates() const;
  // Those of them that no kill explains: taken twice in one life, or again after they were closed in the store.
  std::vector<std::string> UnexplainedDuplicates() const;
  // Deliveries that came after a later one of their key.
  std::vector<std::string> OutOfOrder() const;

 private:
  struct Life {
    int connections = 0;
    std::set<std::string> open;
  };

  size_t LifeOf(const Receipt& receipt) const;
  // In which lives each delivery was taken, in order.
  std::vector<std::pair<std::string, std::vector<size_t>>> Taken() const;

  mutable Mutex mutex_;
  CondVar changed_;
  std::vector<Receipt> receipts_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> arrived_ ABSL_GUARDED_BY(mutex_);  // "WEBHOOK EVENT" of all that were taken
  std::vector<Life> lives_;
};

}  // namespace herald

#endif  // HERALD_TESTS_E2E_KILL_LEDGER_H_
