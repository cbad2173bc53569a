// What the store holds, as the simulator reads it back after each commit: the ground on which invariants stand.
//
// Confined to one thread.

#ifndef HERALD_TESTS_SIM_LEDGER_H_
#define HERALD_TESTS_SIM_LEDGER_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "src/store/memory_store.h"

namespace herald {

class Ledger {
 public:
  struct Event {
    Sequence sequence = 0;
    int delivery_count = 0;
    std::string ordering_key;
    std::string type;
    std::vector<Sequence> deliveries;
    int made = 0;  // of them, by replays
  };
  struct Delivery {
    std::string event_id;
    std::string webhook_uid;
    std::string ordering_key;
    v1::Delivery::State state = v1::Delivery::STATE_UNSPECIFIED;
    int attempts = 0;
    absl::Time due;
    // Of the claim that is held; 0: none.
    int64_t token = 0;
    absl::Time lease_end;

    bool made = false;          // by a replay
    int openings = 0;           // how often it was opened again
    int attempts_former = 0;    // before it was last opened again
    std::set<Sequence> behind;  // those of its key that were open then, which may go before it
    // How often it had been opened again, when it was last cancelled by people.
    std::optional<int> openings_at_cancel;
    int attempts_at_retry = 0;  // when it was last retried by people

    bool open() const { return state == v1::Delivery::PENDING || state == v1::Delivery::RETRYING; }
  };
  struct Replay {
    std::string webhook_uid;
    v1::Replay::State state = v1::Replay::RUNNING;
    int64_t replayed = 0;  // as the store says
    // What it has to do: deliveries with how often each had been opened again before, and events that its webhook asks
    // for and never had, by id.
    std::map<Sequence, int> due;
    std::vector<std::string> missed;
    // The version of the webhook's triggers, when it began and when it last made a step.
    int triggers_before = 0;
    int triggers_after = 0;
    // What it did.
    std::set<Sequence> opened;
    Sequence opened_twice = 0;  // 0: none
  };
  // A settlement that the store reported as made.
  struct Settled {
    SettleDelivery write;  // without its result's bodies
    int64_t held_token = 0;
    int attempts_before = 0;
  };
  // A delivery before and after a commit.
  struct Change {
    Sequence delivery = 0;
    Delivery before;
    Delivery after;
  };

  // `store` outlives it and is empty.
  explicit Ledger(MemoryStore& store) : store_(store) {}

  // After `batch` was applied, whatever its callers are told.
  void ReadBack(const WriteBatch& batch);
  // The same, and nobody was told: the claims in it are held by no one.
  void ReadBackUnheard(const WriteBatch& batch);
  // Whether the delivery was claimed so in this life. Then an attempt of an earlier claim may be lost.
  bool WasClaimedUnheard(Sequence delivery) const { return unheard_.contains(delivery); }
  // Whether the delivery was cancelled by people in this life. Then an attempt of before may be lost, or go on beside
  // the next one.
  bool WasCancelled(Sequence delivery) const { return cancelled_.contains(delivery); }
  // Whether that was so in a commit that nobody was told of.
  bool WasCancelledUnheard(Sequence delivery) const { return cancelled_unheard_.contains(delivery); }
  // Those that were cancelled by people since the last call.
  std::set<Sequence> TakeCancelled() { return std::exchange(newly_cancelled_, {}); }
  // A life ends.
  void ForgetCancels();
  // The process that held the claims is gone, and its store knows: gives them all back.
  void VoidClaims();
  // How the ledger differs from what a whole reading of the store gives; empty: it does not.
  std::string DifferenceFromStore() const;

  const std::map<Sequence, Delivery>& deliveries() const { return deliveries_; }
  // nullptr: there is none.
  const Delivery* Find(Sequence delivery) const;
  // By id.
  const std::map<std::string, Event>& events() const { return events_; }
  const std::map<Sequence, Replay>& replays() const { return replays_; }
  // By uid.
  const std::map<std::string, v1::Webhook>& webhooks() const { return webhooks_; }
  // Every uid that ever was.
  const std::set<std::string>& uids() const { return uids_; }
  // The most attempts that any version of the webhook's policy has allowed.
  int AttemptsMax(const std::string& uid) const { return attempts_max_.at(uid); }
  // The most in flight, likewise.
  int InFlightMax(const std::string& uid) const { return in_flight_max_.at(uid); }

  // Webhooks that were changed or deleted since the last call.
  std::set<std::string> TakeChangedWebhooks() { return std::exchange(changed_webhooks_, {}); }

  // Since ForgetChanges.
  const std::vector<Settled>& settled() const { return settled_; }
  const std::vector<Change>& changes() const { return changes_; }
  // Retried by people, and opened again by anybody.
  const std::set<Sequence>& retried() const { return retried_; }
  const std::set<Sequence>& opened_again() const { return opened_again_; }
  void ForgetChanges();

 private:
  void Note(const CreateWebhook& write);
  void Note(const ReplaceWebhook& write);
  void Note(const DeleteWebhook& write);
  void Note(const EnqueueEvent& write);
  void Note(const ClaimDeliveries& write);
  void Note(const SettleDelivery& write);
  void Note(const ReleaseDelivery& write);
  void Note(const SaveHealth& write);
  void Note(const CancelDeliveries& write);
  void Note(const RetryDelivery& write);
  void Note(const CreateReplay& write);
  void Note(const ContinueReplay& write);
  // The simulation does none of these four.
  void Note(const CreateEventType& write);
  void Note(const ReplaceEventType& write);
  void Note(const DeleteEventType& write);
  void Note(const DeleteExpired& write);
  // The delivery, which the batch at hand may change.
  Delivery& Touch(Sequence delivery);
  // The next of its key may be due now.
  void TouchOthersOfKey(const Delivery& delivery);
  void OpenAgain(Sequence sequence);
  void ReadWebhooks();
  void ReadEvent(const std::string& id);
  void ReadDelivery(Sequence delivery, const Delivery& before);
  std::optional<Delivery> Read(Sequence delivery) const;

  MemoryStore& store_;
  std::map<Sequence, Delivery> deliveries_;
  std::map<std::string, Event> events_;
  std::map<std::string, v1::Webhook> webhooks_;
  std::set<std::string> uids_;
  std::map<std::string, int> attempts_max_;
  std::map<std::string, int> in_flight_max_;
  std::map<Sequence, Replay> replays_;
  std::map<std::string, int> trigger_versions_;  // by uid
  std::set<Sequence> unheard_;
  std::set<Sequence> cancelled_;
  std::set<Sequence> cancelled_unheard_;
  std::set<Sequence> newly_cancelled_;
  std::set<std::string> changed_webhooks_;
  std::vector<Settled> settled_;
  std::vector<Change> changes_;
  std::set<Sequence> retried_;
  std::set<Sequence> opened_again_;
  // What the batch at hand may have changed.
  std::map<Sequence, Delivery> touched_deliveries_;  // as they were before it
  std::set<std::string> touched_events_;
  bool touched_webhooks_ = false;
};

}  // namespace herald

#endif  // HERALD_TESTS_SIM_LEDGER_H_
