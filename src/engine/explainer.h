// Says for each webhook whether it fires for an event, and why not. Thread-safe; changes nothing.

#ifndef HERALD_ENGINE_EXPLAINER_H_
#define HERALD_ENGINE_EXPLAINER_H_

#include <string>

#include "absl/status/statusor.h"
#include "herald/v1/event_service.pb.h"
#include "herald/v1/limits.pb.h"
#include "src/base/clock.h"
#include "src/engine/parsed_event.h"
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
  // An event only when nothing was added to `violations`.
  absl::StatusOr<v1::Event> SubjectOf(const std::string& tenant, const v1::ExplainEventRequest& request,
                                      FieldViolations& violations) const;
  // Of one webhook, with the request that it would send.
  v1::ExplainEventResponse ExplainFor(const CompiledWebhook& webhook, const v1::Event& event,
                                      const ParsedEvent& parsed) const;

  Store& store_;
  const WebhookRegistry& registry_;
  const Clock& clock_;
  const v1::Limits limits_;
};

}  // namespace herald

#endif  // HERALD_ENGINE_EXPLAINER_H_
