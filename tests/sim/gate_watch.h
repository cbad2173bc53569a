// What rate limits and breakers allow, reckoned apart from the engine out of what the network saw: how many tokens each
// webhook's bucket can hold at most, and which breakers must be open by what attempts came to.
//
// Reckoned turn by turn of the loop, since nobody outside sees the order within one. Confined to one thread.

#ifndef HERALD_TESTS_SIM_GATE_WATCH_H_
#define HERALD_TESTS_SIM_GATE_WATCH_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/clock.h"
#include "src/core/sequence.h"
#include "tests/sim/ledger.h"
#include "tests/sim/sim_network.h"

namespace herald {

class GateWatch {
 public:
  GateWatch(MemoryStore& disk, const Ledger& ledger, const Clock& clock)
      : disk_(disk), ledger_(ledger), clock_(clock) {}

  // A life of the process begins, on what the store holds.
  void Start();
  // The loop had a turn: it heard of `ends` and of changes to the webhooks `changed`, and sent `arrivals`.
  void Turn(const std::vector<SimNetwork::End>& ends, const std::set<std::string>& changed,
            const std::vector<SimNetwork::Arrival>& arrivals);

  // Empty while it holds.
  const std::string& rate_broken() const { return rate_broken_; }
  const std::string& breaker_broken() const { return breaker_broken_; }

 private:
  // The largest of all versions of a webhook.
  struct Limit {
    double rate = 0;
    double burst = 0;
  };
  struct Bucket {
    double tokens = 0;
    absl::Duration at;
  };
  struct Breaker {
    bool open = false;
    int failures = 0;  // in a row
    absl::Duration wait = absl::ZeroDuration();
    absl::Time probe_time = absl::InfinitePast();
    std::optional<SimNetwork::Arrival> probe;  // that is in flight
  };

  void LearnLimits();
  void TakeToken(const std::string& uid);
  static bool IsAlive(const SimNetwork::End& end);
  static bool IsFailure(const SimNetwork::End& end);
  // How many attempts may begin in this turn, at most.
  int Allowed(const Breaker& breaker, const std::vector<SimNetwork::End>& ends) const;
  void Ended(Breaker& breaker, const SimNetwork::End& end);
  void LetProbe(const std::set<std::string>& changed);

  MemoryStore& disk_;
  const Ledger& ledger_;
  const Clock& clock_;
  absl::Duration started_;
  std::map<std::string, Limit> limits_;      // by uid, of webhooks that have one; over all lives
  std::map<std::string, Bucket> buckets_;    // likewise, in this life
  std::map<std::string, Breaker> breakers_;  // likewise
  std::string rate_broken_;
  std::string breaker_broken_;
};

}  // namespace herald

#endif  // HERALD_TESTS_SIM_GATE_WATCH_H_
