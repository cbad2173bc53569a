// The store: the one joint between accepting events and sending them. What is in it survives; nothing else does.
//
// All writes go through Apply, as values: a WriteBatch can be built, looked at and tested before any I/O, and is
// applied as one transaction. Begin and commit are never exposed. Reads see every batch whose Apply has returned.
//
// Thread rule: Apply is called by one thread at a time; reads by any number of threads at once, also during an Apply.
// Every key begins with the tenant: no operation reaches another tenant's data.
// tests/store/store_contract_*test.cc run this contract over every store; they differ in nothing that it names.

#ifndef HERALD_STORE_STORE_H_
#define HERALD_STORE_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "herald/v1/delivery.pb.h"
#include "herald/v1/event.pb.h"
#include "herald/v1/replay.pb.h"
#include "herald/v1/webhook.pb.h"
#include "src/core/sequence.h"
#include "src/store/event_type_writes.h"

namespace herald {

// Rows with sequence numbers in [first, end).
struct SequenceRange {
  Sequence first = 0;
  Sequence end = INT64_MAX;
};

// ---- Writes. Each has fields to fill in and, below them, fields that Apply fills. `status` is OK or says why this one
// write did nothing; the others of its batch are not touched by that.

// Adds a webhook: complete, with name, uid, etag, times and secrets.
// ALREADY_EXISTS: WEBHOOK_ID_TAKEN, or DISPLAY_NAME_TAKEN (case aside). RESOURCE_EXHAUSTED: LIMIT_REACHED.
struct CreateWebhook {
  std::string tenant;
  v1::Webhook webhook;
  int webhooks_max = 0;  // of the tenant; 0: any number

  absl::Status status;
};

// Removes a webhook and makes its open deliveries CANCELLED at `now`; their claims end, so that attempts under way
// lose. NOT_FOUND: WEBHOOK_NOT_FOUND. ABORTED: ETAG_MISMATCH, when `expected_etag` is not empty and not its etag.
struct DeleteWebhook {
  std::string tenant;
  std::string id;
  std::string expected_etag;
  absl::Time now;

  absl::Status status;
};

// Adds an event and a delivery, PENDING and due at once, for each target whose webhook still exists (by uid). A
// delivery whose event has an ordering key waits, not due, while an earlier one of the same webhook and key is open. A
// delivery that does not wait and whose target says `claim` is added already claimed, so that nobody else ever gets it.
// `now` gives the sequence numbers: the event's, then those of its deliveries, strictly greater than any given before.
// Numbers are passed over for what is not made. Apply sets the event's name, accept_time and, when it has none,
// its id. ALREADY_EXISTS: EVENT_ID_REUSED, when the id exists, whatever its content (FindEvent tells).
struct EnqueueEvent {
  struct Target {
    std::string webhook_id;
    std::string webhook_uid;
    bool claim = false;     // for `owner`, until `lease_end`
    Sequence delivery = 0;  // filled in; 0: the webhook is gone
    int64_t token = 0;      // filled in: of the claim; 0: not claimed
  };
  std::string tenant;
  v1::Event event;              // payload as data_json
  std::string content_hash;     // of what the sender sent
  std::vector<Target> targets;  // of different webhooks
  absl::Time now;               // stored, as all times, in whole microseconds
  std::string owner;
  absl::Time lease_end;

  Sequence sequence = 0;
  absl::Status status;
};

// Puts `webhook` in the place of the one with its name, which must have its uid and `expected_etag`. Then `event` is
// added with it. NOT_FOUND: WEBHOOK_NOT_FOUND. ABORTED: ETAG_MISMATCH, also for another uid. ALREADY_EXISTS:
// DISPLAY_NAME_TAKEN.
struct ReplaceWebhook {
  std::string tenant;
  v1::Webhook webhook;
  std::string expected_etag;
  std::optional<EnqueueEvent> event = std::nullopt;

  absl::Status status = absl::OkStatus();
};

// The right to settle a delivery: its settlement counts only while the store holds the same token.
struct Claim {
  Sequence delivery = 0;
  int64_t token = 0;
};

struct ClaimedDelivery {
  Claim claim;
  int attempt_count = 0;
  int attempts_former = 0;  // of these, those before it was opened again
  absl::Time open_time;     // when it was accepted, or last opened again
  v1::Event event;          // whole
};

// Claims for `owner`, until `lease_end`, deliveries of one webhook that are open, due at `now` and not claimed (or
// whose lease has ended): the longest due first, then by sequence; at most `count_max`, and no more once their payloads
// pass `bytes_max`.
struct ClaimDeliveries {
  std::string tenant;
  std::string webhook_uid;
  absl::Time now;
  absl::Time lease_end;
  std::string owner;
  int count_max = 0;
  int64_t bytes_max = 0;

  std::vector<ClaimedDelivery> claimed;
  // When the next of the webhook's other open deliveries can be claimed: once it is due, and the lease of an earlier
  // claim of it has ended. May be past; InfiniteFuture when there is none.
  absl::Time next_due;
  absl::Status status;
};

// Records an attempt: the delivery takes `state`, one more attempt, and the next due time; `result` is kept as its
// latest invocation; the claim ends. When it closes an ordered delivery, the next of its webhook and key becomes due at
// `now`. Then `event` is added with it. ABORTED, without a reason, when the claim is no longer held: then nothing of it
// is written.
struct SettleDelivery {
  std::string tenant;
  Claim claim;
  bool ordered = false;  // its event has an ordering key
  v1::Delivery::State state = v1::Delivery::STATE_UNSPECIFIED;
  std::optional<absl::Time> next_attempt_time;  // set exactly when the state is RETRYING
  v1::InvocationResult result;
  absl::Time now;
  std::optional<EnqueueEvent> event;

  absl::Status status;
};

// Gives a claim back: the delivery stays as it is, due as it was. ABORTED, when the claim is no longer held.
struct ReleaseDelivery {
  std::string tenant;
  Claim claim;

  absl::Status status;
};

// Makes open deliveries of one webhook CANCELLED at `now`; their claims end, so that attempts under way lose. Where one
// was the one of its ordering key that may be sent, the next of the key becomes due at `now`. At most `count_max`:
// first those that wait for their turn, then the longest due, then by sequence.
struct CancelDeliveries {
  std::string tenant;
  std::string webhook_uid;
  SequenceRange range;
  int count_max = 0;
  absl::Time now;

  std::vector<Claim> cancelled;  // with the claims that ended; token 0: there was none
  absl::Status status;
};

// Makes a delivery due at `now`, unless it is due already. A closed one is opened again, PENDING when it was never
// attempted and RETRYING else; with an ordering key it waits, not due, while another of its webhook and key is open.
// One that waits goes on waiting. NOT_FOUND: DELIVERY_NOT_FOUND, or WEBHOOK_NOT_FOUND when its webhook is gone.
// FAILED_PRECONDITION: WRONG_STATE, when it is SUCCEEDED or CANCELLED, without `force`.
struct RetryDelivery {
  std::string tenant;
  Sequence delivery = 0;
  bool force = false;
  absl::Time now;

  absl::Status status;
};

// A replay as it is kept.
struct StoredReplay {
  std::string tenant;
  Sequence sequence = 0;
  SequenceRange rest;  // what it has not looked at yet
  v1::Replay replay;
};

// Begins a replay, RUNNING. It gets a number as an event does, and its range ends there at the latest, so that it looks
// at nothing that comes later. Apply fills in what `replay` lacks. NOT_FOUND: WEBHOOK_NOT_FOUND (by uid).
// RESOURCE_EXHAUSTED: LIMIT_REACHED, when the tenant has `running_max` that are RUNNING.
struct CreateReplay {
  std::string tenant;
  v1::Replay replay;  // webhook, webhook_uid, states, range, include_missed
  SequenceRange range;
  int running_max = 0;
  absl::Time now;

  Sequence sequence = 0;
  absl::Status status;
};

// Makes the next step of a replay, which looks at `range`: at deliveries of its webhook up to `rows_max` (those in its
// states or, when SUCCEEDED is one of them, all), and ends there if there are more. Those in its states are opened
// again, as RetryDelivery with `force` does. Then each event of `missed` that the step came by and that has no delivery
// to the webhook gets one, due at `now`, or waiting for its turn. What was done and how far the replay is are written
// as one. When its range was looked at it is DONE; when its webhook is gone it is CANCELLED and nothing is opened.
// ABORTED, without a reason, when `range` is not what comes next: the step was made before, or the replay has ended.
// NOT_FOUND: REPLAY_NOT_FOUND.
struct ContinueReplay {
  struct Missed {
    Sequence event = 0;
    std::string ordering_key;
  };
  struct Opened {
    Sequence delivery = 0;
    v1::Delivery::State state = v1::Delivery::STATE_UNSPECIFIED;
    bool made = false;  // for an event that had none
  };
  std::string tenant;
  Sequence replay = 0;
  SequenceRange range;  // begins where the replay is
  int rows_max = 0;
  std::vector<Missed> missed;  // in order
  absl::Time now;

  std::vector<Opened> opened;
  StoredReplay after;  // the step
  absl::Status status;
};

// Keeps how a webhook's receiver does, in the place of what was kept before. Nothing is done when the webhook is gone.
struct SaveHealth {
  std::string tenant;
  std::string webhook_uid;
  v1::WebhookHealth health;

  absl::Status status;
};

// Removes what was accepted before the number `before`, in order, from `first` on: closed deliveries with their
// invocations, and events that no delivery is left of. Open deliveries stay, with their events, whatever their age.
// At the end, replays that ended go as well.
// Looks at rows (events, deliveries and their invocations) up to `rows_max`, and at one event or delivery at least.
// A call that has nothing more to look at gives some of the store's unused space back instead, if there is too much.
struct DeleteExpired {
  Sequence first = 0;
  Sequence before = 0;
  int rows_max = 0;

  // Filled in.
  Sequence next = 0;                // the `first` to go on with; `before` when all was looked at
  bool more = false;                // there is more to remove, or to give back: the same with `next` does it
  Sequence first_kept = INT64_MAX;  // the first event from `before` on, once all was looked at
  int64_t events = 0;               // removed, as are the next two
  int64_t deliveries = 0;
  int64_t invocations = 0;
  absl::Status status = absl::OkStatus();
};

using Write = std::variant<CreateWebhook, ReplaceWebhook, DeleteWebhook, EnqueueEvent, ClaimDeliveries, SettleDelivery,
                           ReleaseDelivery, CancelDeliveries, RetryDelivery, CreateReplay, ContinueReplay, SaveHealth,
                           DeleteExpired, CreateEventType, ReplaceEventType, DeleteEventType>;
using WriteBatch = std::vector<Write>;

// ---- Reads.

struct StoredWebhook {
  std::string tenant;
  v1::Webhook webhook;  // with its secrets
};

struct StoredHealth {
  std::string tenant;
  std::string webhook_uid;
  v1::WebhookHealth health;
};

struct StoredEvent {
  Sequence sequence = 0;
  v1::Event event;
  std::string content_hash;
  int delivery_count = 0;
};

// A webhook that has open deliveries, and when the first of them is due.
struct OpenLane {
  std::string tenant;
  std::string webhook_uid;
  absl::Time next_due;
};

// What waits to be sent, of all tenants.
struct QueueState {
  int64_t open = 0;  // deliveries that are PENDING or RETRYING
  // When the oldest of them was made.
  std::optional<absl::Time> oldest;
};

// What a page may hold. At least one row is given when there is one, whatever its size.
struct PageBounds {
  int count_max = 0;
  int64_t bytes_max = 0;  // of the rows' encoded size
};

struct EventQuery {
  std::string type;  // empty: any
  SequenceRange range;
  bool with_payload = false;
  PageBounds bounds;
  bool oldest_first = false;
};

struct DeliveryQuery {
  std::string webhook_id;  // empty: any
  std::string event_id;    // empty: any
  std::string event_type;  // empty: any
  v1::Delivery::State state = v1::Delivery::STATE_UNSPECIFIED;
  SequenceRange range;
  // Without: last_result comes without request, response and validations.
  bool with_bodies = false;
  PageBounds bounds;
};

struct ReplayQuery {
  std::string webhook_id;       // empty: any
  Sequence before = INT64_MAX;  // those with smaller numbers
  PageBounds bounds;
};

// A page of rows. `more` tells whether the query has rows beyond.
template <typename Row>
struct Page {
  std::vector<Row> rows;
  bool more = false;
};

class Store {
 public:
  virtual ~Store() = default;

  // Applies every write of `batch`, in order, as one transaction, and fills in their results. OK: all that is reported
  // OK is as durable as the store makes things. UNAVAILABLE with STORE_UNAVAILABLE: nothing was written. UNAVAILABLE
  // with OUTCOME_UNKNOWN: all or nothing was written, and the store cannot tell which. On both, the writes' own results
  // mean nothing.
  virtual absl::Status Apply(WriteBatch& batch) = 0;

  // Every webhook of every tenant.
  virtual absl::StatusOr<std::vector<StoredWebhook>> LoadWebhooks() = 0;
  // Every event type that people made, of every tenant, by tenant and name.
  virtual absl::StatusOr<std::vector<StoredEventType>> LoadEventTypes() = 0;
  // What is kept of the health of every webhook.
  virtual absl::StatusOr<std::vector<StoredHealth>> LoadHealth() = 0;
  // Every webhook that has open deliveries.
  virtual absl::StatusOr<std::vector<OpenLane>> LoadOpenLanes() = 0;
  // Costs the same however much waits.
  virtual absl::StatusOr<QueueState> ReadQueue() = 0;

  // Open deliveries of a webhook, counted up to `count_max`.
  virtual absl::StatusOr<int64_t> CountOpenDeliveries(const std::string& tenant, const std::string& webhook_uid,
                                                      int64_t count_max) = 0;

  // NOT_FOUND: EVENT_NOT_FOUND.
  virtual absl::StatusOr<StoredEvent> FindEvent(const std::string& tenant, const std::string& id) = 0;
  // Newest first, unless the query says otherwise.
  virtual absl::StatusOr<Page<StoredEvent>> ListEvents(const std::string& tenant, const EventQuery& query) = 0;

  // With last_result whole. NOT_FOUND: DELIVERY_NOT_FOUND.
  virtual absl::StatusOr<v1::Delivery> FindDelivery(const std::string& tenant, Sequence delivery) = 0;
  // Newest first.
  virtual absl::StatusOr<Page<v1::Delivery>> ListDeliveries(const std::string& tenant, const DeliveryQuery& query) = 0;
  // The attempts after number `after`, in order, whole. A delivery that does not exist has none.
  virtual absl::StatusOr<Page<v1::InvocationResult>> ListInvocations(const std::string& tenant, Sequence delivery,
                                                                     int after, const PageBounds& bounds) = 0;

  // Every replay that is RUNNING, of all tenants, by number.
  virtual absl::StatusOr<std::vector<StoredReplay>> LoadRunningReplays() = 0;
  // NOT_FOUND: REPLAY_NOT_FOUND.
  virtual absl::StatusOr<v1::Replay> FindReplay(const std::string& tenant, Sequence replay) = 0;
  // Newest first.
  virtual absl::StatusOr<Page<v1::Replay>> ListReplays(const std::string& tenant, const ReplayQuery& query) = 0;
};

}  // namespace herald

#endif  // HERALD_STORE_STORE_H_
