// What has happened: events, deliveries and attempts, as people read them. Thread-safe; changes nothing.

#ifndef HERALD_ENGINE_HISTORY_H_
#define HERALD_ENGINE_HISTORY_H_

#include <string>

#include "absl/status/statusor.h"
#include "herald/v1/delivery_service.pb.h"
#include "herald/v1/event_service.pb.h"
#include "herald/v1/limits.pb.h"
#include "src/store/store.h"

namespace herald {

class History {
 public:
  History(Store& store, const v1::Limits& limits) : store_(store), limits_(limits) {}

  // The errors are those of the services' calls of the same names.
  absl::StatusOr<v1::Event> GetEvent(const std::string& tenant, const v1::GetEventRequest& request) const;
  absl::StatusOr<v1::ListEventsResponse> ListEvents(const std::string& tenant,
                                                    const v1::ListEventsRequest& request) const;
  absl::StatusOr<v1::Delivery> GetDelivery(const std::string& tenant, const v1::GetDeliveryRequest& request) const;
  absl::StatusOr<v1::ListDeliveriesResponse> ListDeliveries(const std::string& tenant,
                                                            const v1::ListDeliveriesRequest& request) const;
  absl::StatusOr<v1::ListInvocationsResponse> ListInvocations(const std::string& tenant,
                                                              const v1::ListInvocationsRequest& request) const;

 private:
  Store& store_;
  const v1::Limits limits_;
};

}  // namespace herald

#endif  // HERALD_ENGINE_HISTORY_H_
