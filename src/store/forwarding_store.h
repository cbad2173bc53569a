// A store that passes everything on to another: what a store that adds something to another begins with. As thread-safe
// as the other, which outlives it.

#ifndef HERALD_STORE_FORWARDING_STORE_H_
#define HERALD_STORE_FORWARDING_STORE_H_

#include <string>
#include <vector>

#include "src/store/store.h"

namespace herald {

class ForwardingStore : public Store {
 public:
  explicit ForwardingStore(Store& inner) : inner_(inner) {}

  absl::Status Apply(WriteBatch& batch) override { return inner_.Apply(batch); }
  absl::StatusOr<std::vector<StoredWebhook>> LoadWebhooks() override { return inner_.LoadWebhooks(); }
  absl::StatusOr<std::vector<StoredEventType>> LoadEventTypes() override { return inner_.LoadEventTypes(); }
  absl::StatusOr<std::vector<StoredHealth>> LoadHealth() override { return inner_.LoadHealth(); }
  absl::StatusOr<std::vector<OpenLane>> LoadOpenLanes() override { return inner_.LoadOpenLanes(); }
  absl::StatusOr<int64_t> CountOpenDeliveries(const std::string& tenant, const std::string& webhook_uid,
                                              int64_t count_max) override {
    return inner_.CountOpenDeliveries(tenant, webhook_uid, count_max);
  }
  absl::StatusOr<QueueState> ReadQueue() override { return inner_.ReadQueue(); }
  absl::StatusOr<StoredEvent> FindEvent(const std::string& tenant, const std::string& id) override {
    return inner_.FindEvent(tenant, id);
  }
  absl::StatusOr<Page<StoredEvent>> ListEvents(const std::string& tenant, const EventQuery& query) override {
    return inner_.ListEvents(tenant, query);
  }
  absl::StatusOr<v1::Delivery> FindDelivery(const std::string& tenant, Sequence delivery) override {
    return inner_.FindDelivery(tenant, delivery);
  }
  absl::StatusOr<Page<v1::Delivery>> ListDeliveries(const std::string& tenant, const DeliveryQuery& query) override {
    return inner_.ListDeliveries(tenant, query);
  }
  absl::StatusOr<Page<v1::InvocationResult>> ListInvocations(const std::string& tenant, Sequence delivery, int after,
                                                             const PageBounds& bounds) override {
    return inner_.ListInvocations(tenant, delivery, after, bounds);
  }
  absl::StatusOr<std::vector<StoredReplay>> LoadRunningReplays() override { return inner_.LoadRunningReplays(); }
  absl::StatusOr<v1::Replay> FindReplay(const std::string& tenant, Sequence replay) override {
    return inner_.FindReplay(tenant, replay);
  }
  absl::StatusOr<Page<v1::Replay>> ListReplays(const std::string& tenant, const ReplayQuery& query) override {
    return inner_.ListReplays(tenant, query);
  }

 protected:
  Store& inner() { return inner_; }

 private:
  Store& inner_;
};

}  // namespace herald

#endif  // HERALD_STORE_FORWARDING_STORE_H_
