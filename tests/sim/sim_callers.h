// Those who call Herald: they send events, set webhooks up, change and delete them, and remember what they were told.
//
// Confined to one thread.

#ifndef HERALD_TESTS_SIM_SIM_CALLERS_H_
#define HERALD_TESTS_SIM_SIM_CALLERS_H_

#include <deque>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/engine/whole_engine.h"
#include "tests/sim/dice.h"
#include "tests/sim/ledger.h"
#include "tests/sim/trace.h"

namespace herald {

class SimCallers {
 public:
  enum class End {
    kWaiting,
    kOk,
    kRefused,
    kUnknown,  // OUTCOME_UNKNOWN
    kLost,     // the process ended before it answered
  };
  struct EventCall {
    std::string event_id;
    std::string type;
    int content = 0;
    bool wait = false;
    absl::Duration wait_until;
    // Webhooks that ask for such events and are not being changed, by uid.
    std::vector<std::string> must_reach;

    End end = End::kWaiting;
    int answers = 0;
    bool duplicate = false;
    int delivery_count = 0;
    std::vector<Sequence> deliveries;
    std::vector<std::string> missed;  // of must_reach, by uid
    bool answered_early = false;      // though it should have waited
  };
  struct ChangeCall {
    std::string webhook_id;
    End end = End::kWaiting;
    int answers = 0;
  };

  static End EndOf(const absl::Status& status);

  SimCallers(const Ledger& ledger, const Clock& clock, Dice& dice, Trace& trace)
      : ledger_(ledger), clock_(clock), dice_(dice), trace_(trace) {}

  // One event, in a call of its own.
  void Dispatch(Engine& engine);
  // Some events in one call.
  void DispatchBatch(Engine& engine);
  void Create(Engine& engine);
  void Update(Engine& engine);
  void Delete(Engine& engine);
  // Sets every webhook ACTIVE.
  void ActivateAll(Engine& engine);
  // The process has ended.
  void Crash();

  const std::deque<EventCall>& events() const { return events_; }
  const std::deque<ChangeCall>& changes() const { return changes_; }
  bool AnyWaits() const;
  bool ChangeIsUnderWay(const std::string& webhook_id) const;

 private:
  EventCall& NewEventCall();
  v1::Event MakeEvent(const EventCall& call) const;
  void Answered(EventCall& call, const absl::Status& status, v1::ErrorReason reason);
  void AnsweredOk(EventCall& call, bool duplicate, int delivery_count);
  void Answered(EventCall& call, const absl::StatusOr<v1::DispatchEventResponse>& answer);
  void Answered(EventCall& call, const v1::BatchDispatchEventsResponse::Result& result);
  ChangeCall& NewChangeCall(const std::string& webhook_id);
  void Answered(ChangeCall& call, const absl::Status& status);
  void ChangeSettings(v1::Webhook& webhook);
  // One that has a rate limit keeps one, so that what was sent without it never counts.
  void ChangeRate(v1::Webhook& webhook);
  bool HasRate(const std::string& webhook_id) const;
  void SendUpdate(Engine& engine, const v1::Webhook& webhook, const std::vector<std::string>& mask);
  // Of a webhook that is stored; empty: there is none.
  std::string PickWebhookId();

  const Ledger& ledger_;
  const Clock& clock_;
  Dice& dice_;
  Trace& trace_;
  // A deque: callbacks hold on to their call.
  std::deque<EventCall> events_;
  std::deque<ChangeCall> changes_;
};

}  // namespace herald

#endif  // HERALD_TESTS_SIM_SIM_CALLERS_H_
