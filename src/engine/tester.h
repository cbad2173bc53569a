// Tries webhooks, saved or not: sends one event at once and for real (Test), or shows what would be sent (Preview).
//
// Outside the queue: nothing is stored. Thread-safe. `done` runs on the caller's thread or on the sender's.

#ifndef HERALD_ENGINE_TESTER_H_
#define HERALD_ENGINE_TESTER_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "herald/v1/limits.pb.h"
#include "herald/v1/webhook_service.pb.h"
#include "src/base/clock.h"
#include "src/base/random.h"
#include "src/core/trace_context.h"
#include "src/engine/event_type_registry.h"
#include "src/engine/webhook_registry.h"
#include "src/http/sender.h"

namespace herald {

class Tester {
 public:
  Tester(WebhookRegistry& registry, const EventTypeRegistry& event_types, HttpSender& sender, const Clock& clock,
         Random& random, const v1::Limits& limits)
      : registry_(registry),
        event_types_(event_types),
        sender_(sender),
        clock_(clock),
        random_(random),
        limits_(limits) {}

  // The errors are those of herald.v1.WebhookService.TestWebhook. The exchange ends within `time_left`, also when the
  // webhook's own time-out is longer. `trace` is that of the call.
  void Test(const std::string& tenant, const v1::TestWebhookRequest& request, absl::Duration time_left,
            std::function<void(absl::StatusOr<v1::InvocationResult>)> done, const TraceContext& trace = {});

  absl::StatusOr<v1::PreviewWebhookResponse> Preview(const std::string& tenant,
                                                     const v1::PreviewWebhookRequest& request) const;

 private:
  // A webhook and the event to try it with: the request's, checked and completed, or the webhook's sample.
  struct Trial {
    WebhookPtr webhook;
    v1::Event event;
  };
  template <typename Request>
  absl::StatusOr<Trial> TrialOf(const std::string& tenant, const Request& request) const;

  WebhookRegistry& registry_;
  const EventTypeRegistry& event_types_;
  HttpSender& sender_;
  const Clock& clock_;
  Random& random_;
  const v1::Limits limits_;
};

}  // namespace herald

#endif  // HERALD_ENGINE_TESTER_H_
