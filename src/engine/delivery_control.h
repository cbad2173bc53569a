// What people do to deliveries that are under way or done: retry and cancel.
//
// Thread-safe. Callbacks run on the caller's thread (refusals) or on the committer's.

#ifndef HERALD_ENGINE_DELIVERY_CONTROL_H_
#define HERALD_ENGINE_DELIVERY_CONTROL_H_

#include <functional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "herald/v1/delivery_service.pb.h"
#include "src/base/clock.h"
#include "src/engine/committer.h"
#include "src/engine/dispatcher.h"
#include "src/engine/history.h"
#include "src/engine/watchers.h"
#include "src/engine/webhook_registry.h"
#include "src/store/store.h"

namespace herald {

class DeliveryControl {
 public:
  template <typename Answer>
  using Done = std::function<void(absl::StatusOr<Answer>)>;

  // All of these outlive it.
  DeliveryControl(const History& history, Committer& committer, const WebhookRegistry& registry, Dispatcher& dispatcher,
                  Watchers& watchers, const Clock& clock)
      : history_(history),
        committer_(committer),
        registry_(registry),
        dispatcher_(dispatcher),
        watchers_(watchers),
        clock_(clock) {}

  // The errors are those of herald.v1.DeliveryService.
  void Retry(const std::string& tenant, const v1::RetryDeliveryRequest& request, Done<v1::Delivery> done);
  void Cancel(const std::string& tenant, const v1::CancelDeliveryRequest& request, Done<v1::Delivery> done);
  void CancelAll(const std::string& tenant, const v1::CancelDeliveriesRequest& request,
                 Done<v1::CancelDeliveriesResponse> done);

 private:
  absl::StatusOr<v1::Delivery> Find(const std::string& tenant, const std::string& name) const;
  // Deliveries of `webhook` were cancelled.
  void Cancelled(const std::string& webhook, CancelDeliveries write);
  // Cancels batch after batch until none is left; `before` were cancelled by those before.
  void CancelRest(const std::string& webhook, CancelDeliveries write, int64_t before,
                  Done<v1::CancelDeliveriesResponse> done);

  const History& history_;
  Committer& committer_;
  const WebhookRegistry& registry_;
  Dispatcher& dispatcher_;
  Watchers& watchers_;
  const Clock& clock_;
};

}  // namespace herald

#endif  // HERALD_ENGINE_DELIVERY_CONTROL_H_
