// A store that lives as long as its process: for tests, for trying Herald out, and for those to whom a lost event is
// nothing.
//
// Thread-safe.

#ifndef HERALD_STORE_MEMORY_STORE_H_
#define HERALD_STORE_MEMORY_STORE_H_

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "src/base/mutex.h"
#include "src/store/store.h"

namespace herald {

// Stored times are whole microseconds.
inline absl::Time StoredTime(absl::Time time) { return absl::FromUnixMicros(absl::ToUnixMicros(time)); }

class MemoryStore final : public Store {
 public:
  absl::Status Apply(WriteBatch& batch) override;
  // Voids every claim, as stores do that outlive the process which held them.
  void VoidClaims();

  absl::StatusOr<std::vector<StoredWebhook>> LoadWebhooks() override;
  absl::StatusOr<std::vector<StoredEventType>> LoadEventTypes() override;
  absl::StatusOr<std::vector<StoredHealth>> LoadHealth() override;
  absl::StatusOr<std::vector<OpenLane>> LoadOpenLanes() override;
  absl::StatusOr<int64_t> CountOpenDeliveries(const std::string& tenant, const std::string& webhook_uid,
                                              int64_t count_max) override;
  absl::StatusOr<QueueState> ReadQueue() override;
  absl::StatusOr<StoredEvent> FindEvent(const std::string& tenant, const std::string& id) override;
  absl::StatusOr<Page<StoredEvent>> ListEvents(const std::string& tenant, const EventQuery& query) override;
  absl::StatusOr<v1::Delivery> FindDelivery(const std::string& tenant, Sequence delivery) override;
  absl::StatusOr<Page<v1::Delivery>> ListDeliveries(const std::string& tenant, const DeliveryQuery& query) override;
  absl::StatusOr<Page<v1::InvocationResult>> ListInvocations(const std::string& tenant, Sequence delivery, int after,
                                                             const PageBounds& bounds) override;
  absl::StatusOr<std::vector<StoredReplay>> LoadRunningReplays() override;
  absl::StatusOr<v1::Replay> FindReplay(const std::string& tenant, Sequence replay) override;
  absl::StatusOr<Page<v1::Replay>> ListReplays(const std::string& tenant, const ReplayQuery& query) override;

 private:
  using TenantKey = std::pair<std::string, std::string>;  // tenant, and a key within it

  struct EventRow {
    std::string tenant;
    StoredEvent stored;
    int deliveries_left = 0;
  };
  struct DeliveryRow {
    std::string tenant;
    Sequence event = 0;
    v1::Delivery delivery;  // without last_result
    absl::Time due;         // while open; InfiniteFuture: waits for its turn
    std::string ordering_key;
    int64_t token = 0;  // 0: not claimed
    absl::Time lease_end;
    int attempts_former = 0;
    absl::Time open_time;
    std::vector<v1::InvocationResult> invocations;
  };
  // The open deliveries of one webhook, in the order in which they are claimed.
  struct Lane {
    std::string tenant;
    std::set<std::pair<absl::Time, Sequence>> open;
    std::map<std::string, std::set<Sequence>> open_by_key;  // by ordering key; none is empty
  };

  void ApplyWrite(CreateWebhook& write) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ApplyWrite(ReplaceWebhook& write) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ApplyWrite(DeleteWebhook& write) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ApplyWrite(EnqueueEvent& write) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ApplyWrite(ClaimDeliveries& write) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ApplyWrite(SettleDelivery& write) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ApplyWrite(ReleaseDelivery& write) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ApplyWrite(CancelDeliveries& write) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ApplyWrite(RetryDelivery& write) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ApplyWrite(CreateReplay& write) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ApplyWrite(ContinueReplay& write) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ApplyWrite(SaveHealth& write) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ApplyWrite(DeleteExpired& write) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ApplyWrite(CreateEventType& write) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ApplyWrite(ReplaceEventType& write) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ApplyWrite(DeleteEventType& write) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const v1::Webhook* FindWebhook(const TenantKey& key) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  int CountEventTypes(const std::string& tenant) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  int CountWebhooks(const std::string& tenant) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AddDelivery(const EnqueueEvent& event, EnqueueEvent::Target& target) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // An open delivery of the event, with the number that `target` has.
  DeliveryRow& AddRow(EventRow& event, const EnqueueEvent::Target& target, absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The delivery while `claim` is held; else nullptr.
  DeliveryRow* FindClaimed(const std::string& tenant, const Claim& claim) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Puts the delivery into its lane, due at row.due.
  void Open(Sequence sequence, DeliveryRow& row) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Takes the delivery out of its lane and ends its claim.
  void Close(Sequence sequence, DeliveryRow& row) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Makes a closed delivery due anew.
  void OpenAgain(Sequence sequence, DeliveryRow& row, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Cancel(Sequence sequence, DeliveryRow& row, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool HasOpenOfKey(const std::string& webhook_uid, const std::string& key) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Makes the first of the open deliveries with this key due, unless it is already.
  void AdvanceKey(const std::string& webhook_uid, const std::string& key, absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ClaimRow(const ClaimDeliveries& write, Sequence sequence, std::vector<ClaimedDelivery>& claimed)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Opens what the step finds, and gives where it ends.
  Sequence OpenReplayed(ContinueReplay& write, const v1::Replay& replay) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool HasDelivery(Sequence event, const std::string& webhook_uid) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AddMissed(ContinueReplay& write, v1::Replay& replay, Sequence before) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Where a walk over events and deliveries, in order from `write.first` on, has seen its rows.
  Sequence EndOfRows(const DeleteExpired& write) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Removes the event, unless a delivery of it is left.
  void DeleteEventIfUnused(Sequence event, DeleteExpired& write) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool Matches(const std::string& tenant, const DeliveryQuery& query, const DeliveryRow& row) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Mutex mutex_;
  Sequence last_sequence_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t last_token_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<TenantKey, v1::Webhook> webhooks_ ABSL_GUARDED_BY(mutex_);          // by id
  std::map<TenantKey, std::string> webhooks_by_name_ ABSL_GUARDED_BY(mutex_);  // display name key -> id
  std::set<TenantKey> uids_ ABSL_GUARDED_BY(mutex_);
  std::map<TenantKey, v1::EventType> event_types_ ABSL_GUARDED_BY(mutex_);  // by type
  std::map<TenantKey, v1::WebhookHealth> health_ ABSL_GUARDED_BY(mutex_);   // by uid
  std::map<Sequence, EventRow> events_ ABSL_GUARDED_BY(mutex_);
  std::map<TenantKey, Sequence> events_by_id_ ABSL_GUARDED_BY(mutex_);
  std::map<Sequence, DeliveryRow> deliveries_ ABSL_GUARDED_BY(mutex_);
  std::map<Sequence, StoredReplay> replays_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Lane> lanes_ ABSL_GUARDED_BY(mutex_);  // by webhook uid; none is empty
  std::set<Sequence> open_ ABSL_GUARDED_BY(mutex_);            // those of all lanes
};

}  // namespace herald

#endif  // HERALD_STORE_MEMORY_STORE_H_
