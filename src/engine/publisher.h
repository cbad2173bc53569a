// The publisher takes events: checks them, plans their deliveries, and answers once all of it is in the store.
//
// Thread-safe. Callbacks run on the caller's thread (refusals, validate_only), on the committer's, or on the loop's
// (waits).

#ifndef HERALD_ENGINE_PUBLISHER_H_
#define HERALD_ENGINE_PUBLISHER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "herald/v1/event_service.pb.h"
#include "herald/v1/limits.pb.h"
#include "src/base/clock.h"
#include "src/core/trace_context.h"
#include "src/engine/committer.h"
#include "src/engine/dispatcher.h"
#include "src/engine/first_attempts.h"
#include "src/engine/loop.h"
#include "src/engine/webhook_registry.h"
#include "src/store/store.h"

namespace herald {

class Publisher {
 public:
  template <typename Answer>
  using Done = std::function<void(absl::StatusOr<Answer>)>;

  Publisher(Store& store, Committer& committer, WebhookRegistry& registry, Dispatcher& dispatcher,
            FirstAttempts& first_attempts, Loop& loop, const Clock& clock, const v1::Limits& limits)
      : store_(store),
        committer_(committer),
        registry_(registry),
        dispatcher_(dispatcher),
        first_attempts_(first_attempts),
        loop_(loop),
        clock_(clock),
        limits_(limits) {}

  // The errors are those of herald.v1.EventService.DispatchEvent. With `wait`, the answer comes by `wait_until`
  // (Clock::Monotonic) at the latest. `trace` is that of the call: its events are part of it.
  void Dispatch(const std::string& tenant, const v1::DispatchEventRequest& request, absl::Duration wait_until,
                Done<v1::DispatchEventResponse> done, const TraceContext& trace = {});

  void DispatchBatch(const std::string& tenant, const v1::BatchDispatchEventsRequest& request,
                     Done<v1::BatchDispatchEventsResponse> done, const TraceContext& trace = {});

 private:
  // INVALID_ARGUMENT, with paths that begin with `field`; RESOURCE_EXHAUSTED: TOO_MANY_DELIVERIES.
  absl::StatusOr<EnqueueEvent> Prepare(const std::string& tenant, const v1::Event& event, const TraceContext& trace,
                                       absl::string_view field) const;
  // `done` gets the answer, with at most `deliveries_shown` of a new event's deliveries, and what was written.
  void Enqueue(EnqueueEvent enqueue, int deliveries_shown,
               std::function<void(absl::StatusOr<v1::DispatchEventResponse>, const EnqueueEvent&)> done);
  absl::StatusOr<v1::DispatchEventResponse> Duplicate(const EnqueueEvent& enqueue) const;
  // What Enqueue would answer, as far as can be told without it.
  absl::StatusOr<v1::DispatchEventResponse> WouldBe(const EnqueueEvent& enqueue) const;
  // Answers when the event's deliveries were attempted, or at `until`.
  void Await(const EnqueueEvent& enqueued, absl::Duration until, v1::DispatchEventResponse response,
             Done<v1::DispatchEventResponse> done);
  // The event's deliveries, as they are now; at most 100.
  void FillDeliveries(const std::string& tenant, v1::DispatchEventResponse& response) const;

  Store& store_;
  Committer& committer_;
  WebhookRegistry& registry_;
  Dispatcher& dispatcher_;
  FirstAttempts& first_attempts_;
  Loop& loop_;
  const Clock& clock_;
  const v1::Limits limits_;
};

}  // namespace herald

#endif  // HERALD_ENGINE_PUBLISHER_H_
