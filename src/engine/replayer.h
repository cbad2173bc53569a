// The replayer makes the steps of all replays that are RUNNING.
//
// One step at a time, each one small write with what it does and how far the replay is by then, so that a replay goes
// on after a crash where it was and puts nothing in line twice. Steps wait while other writes wait for the store, and
// while much of the webhook is under way already; but none for ever. After Resume, confined to the loop's thread, which
// had better not be the one that sends: filters are judged here.

#ifndef HERALD_ENGINE_REPLAYER_H_
#define HERALD_ENGINE_REPLAYER_H_

#include <map>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "src/base/clock.h"
#include "src/engine/committer.h"
#include "src/engine/dispatcher.h"
#include "src/engine/loop.h"
#include "src/engine/watchers.h"
#include "src/engine/webhook_registry.h"
#include "src/store/store.h"

namespace herald {

class Replayer {
 public:
  // What a step looks at, at most: so much that no other write feels it.
  struct Options {
    int rows_a_step = 200;    // deliveries of its webhook
    int events_a_step = 200;  // when events that were missed are looked for
  };

  // All of these outlive it.
  Replayer(Loop& loop, Store& store, Committer& committer, const WebhookRegistry& registry, Dispatcher& dispatcher,
           Watchers& watchers, const Clock& clock, const Options& options)
      : loop_(loop),
        store_(store),
        committer_(committer),
        registry_(registry),
        dispatcher_(dispatcher),
        watchers_(watchers),
        clock_(clock),
        options_(options) {}

  // Takes up what is RUNNING in the store and not taken up yet. Thread-safe.
  void Resume();

 private:
  struct Job {
    StoredReplay stored;
    absl::Duration last_step;  // when it was made
  };

  void TakeUp();
  // Makes the next step, if it is time for one.
  void TakeTurn();
  void WakeAt(absl::Duration at);
  // How long the job's next step has to wait.
  absl::Duration WaitOf(const Job& job) const;
  void Step(Job job);
  // Has `write` look at a page of events as well, and find those that the webhook takes now.
  absl::Status FindMissed(const Job& job, const CompiledWebhook& webhook, ContinueReplay& write) const;
  // A step ended; on the committer's thread.
  void Committed(const Job& job, const absl::Status& status, const ContinueReplay& write);
  void Stepped(const absl::Status& status, Job job);

  Loop& loop_;
  Store& store_;
  Committer& committer_;
  const WebhookRegistry& registry_;
  Dispatcher& dispatcher_;
  Watchers& watchers_;
  const Clock& clock_;
  const Options options_;

  std::multimap<absl::Duration, Job> jobs_;  // by when their next step may be
  std::optional<Sequence> stepping_;         // the replay of which a step is under way
  absl::Duration next_step_ = absl::ZeroDuration();
  absl::Duration timer_ = absl::InfiniteDuration();
};

}  // namespace herald

#endif  // HERALD_ENGINE_REPLAYER_H_
