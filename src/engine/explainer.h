// Says for each webhook whether it fires for an event, and why not. Thread-safe; changes nothing.

#ifndef HERALD_ENGINE_EXPLAINER_H_
#define HERALD_ENGINE_EXPLAINER_H_

#include <string>

#include "absl/status/statusor.h"
#include "herald/v1/event_service.pb.h"
#include "herald/v1/limits.pb.h"
#include "src/base/clock.h"
#include "src/engine/webhook_registry.h"
#include "src/store/store.h"

namespace herald {

class Explainer {
 public:
  Explainer(Store& store, const WebhookRegistry& registry, const Clock& clock, const v1::Limits& limits)
      : store_(store), registry_(registry), clock_(clock), limits_(limits) {}

  // The errors are those of herald.v1.EventService.ExplainEvent.
  absl::StatusOr<v1::ExplainEventResponse> Explain(const std::string& tenant,
                                                   const v1::ExplainEventRequest& request) const;

 private:
  absl::StatusOr<v1::Event> SubjectOf(const std::string& tenant, const v1::ExplainEventRequest& request) const;

  Store& store_;
  const WebhookRegistry& registry_;
  const Clock& clock_;
  const v1::Limits limits_;
};

}  // namespace herald

#endif  // HERALD_ENGINE_EXPLAINER_H_
