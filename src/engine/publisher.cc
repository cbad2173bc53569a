#include "src/engine/publisher.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/json.h"
#include "src/base/protobuf_time.h"
#include "src/base/status_macros.h"
#include "src/core/errors.h"
#include "src/core/event_document.h"
#include "src/core/limits.h"
#include "src/core/names.h"
#include "src/core/validate.h"

namespace herald {
namespace {

constexpr int kDeliveriesShown = 100;
// An answer stays under the 4 MiB that clients accept.
constexpr size_t kAnswerBytesMax = 3 << 20;

v1::Event WithoutPayload(const v1::Event& event) {
  v1::Event out;
  out.set_name(event.name());
  out.set_id(event.id());
  out.set_type(event.type());
  out.set_source(event.source());
  out.set_subject(event.subject());
  *out.mutable_time() = event.time();
  *out.mutable_attributes() = event.attributes();
  out.set_ordering_key(event.ordering_key());
  out.set_traceparent(event.traceparent());
  out.set_tracestate(event.tracestate());
  if (event.has_accept_time()) *out.mutable_accept_time() = event.accept_time();
  return out;
}

v1::Delivery NewDelivery(const EnqueueEvent& enqueue, const EnqueueEvent::Target& target) {
  v1::Delivery delivery;
  if (target.delivery != 0) {
    delivery.set_name(DeliveryName(target.delivery));
    *delivery.mutable_create_time() = ToProto(TimeOfSequence(target.delivery));
    *delivery.mutable_update_time() = delivery.create_time();
    *delivery.mutable_next_attempt_time() = delivery.create_time();
  }
  delivery.set_event(enqueue.event.name());
  delivery.set_webhook(WebhookName(target.webhook_id));
  delivery.set_webhook_uid(target.webhook_uid);
  delivery.set_event_type(enqueue.event.type());
  delivery.set_state(v1::Delivery::PENDING);
  return delivery;
}

// What was, or with validate_only would be, made of an event.
v1::DispatchEventResponse Answer(const EnqueueEvent& enqueue, int deliveries_shown) {
  v1::DispatchEventResponse response;
  *response.mutable_event() = WithoutPayload(enqueue.event);
  for (const EnqueueEvent::Target& target : enqueue.targets) {
    if (enqueue.sequence != 0 && target.delivery == 0) continue;  // its webhook was deleted meanwhile
    if (response.delivery_count() < deliveries_shown) *response.add_deliveries() = NewDelivery(enqueue, target);
    response.set_delivery_count(response.delivery_count() + 1);
  }
  return response;
}

std::vector<FirstAttempts::Awaited> PendingOf(const std::string& tenant, const v1::DispatchEventResponse& response) {
  std::vector<FirstAttempts::Awaited> pending;
  for (const v1::Delivery& delivery : response.deliveries()) {
    if (delivery.state() == v1::Delivery::PENDING) {
      pending.push_back({*DeliveryInName(tenant, delivery.name()), delivery.webhook_uid()});
    }
  }
  return pending;
}

// Leaves out what the sender knows anyway when the answer would be too big for clients.
void Fit(v1::BatchDispatchEventsResponse& response) {
  if (response.ByteSizeLong() <= kAnswerBytesMax) return;
  for (v1::BatchDispatchEventsResponse::Result& result : *response.mutable_results()) {
    result.mutable_error()->clear_details();
    if (result.error().code() == 0) result.clear_error();
    result.mutable_event()->clear_attributes();
    result.mutable_event()->clear_source();
    result.mutable_event()->clear_subject();
    result.mutable_event()->clear_tracestate();
    if (result.event().name().empty()) result.clear_event();
  }
}

// The results of a batch as they come in, from several threads.
struct Gathering {
  v1::BatchDispatchEventsResponse response;
  std::atomic<int> left{0};
  Publisher::Done<v1::BatchDispatchEventsResponse> done;

  void Set(int index, absl::StatusOr<v1::DispatchEventResponse> answer) {
    v1::BatchDispatchEventsResponse::Result& result = *response.mutable_results(index);
    if (answer.ok()) {
      *result.mutable_event() = std::move(*answer->mutable_event());
      result.set_duplicate(answer->duplicate());
      result.set_delivery_count(answer->delivery_count());
    } else {
      *result.mutable_error() = ToRpcStatus(answer.status());
    }
    if (--left > 0) return;
    Fit(response);
    done(std::move(response));
  }
};

}  // namespace

absl::StatusOr<EnqueueEvent> Publisher::Prepare(const std::string& tenant, const v1::Event& event,
                                                const TraceContext& trace, absl::string_view field) const {
  FieldViolations violations;
  Payload payload = ValidateEvent(event, limits_, field, violations);
  if (!violations.empty()) return violations.ToStatus();

  EnqueueEvent enqueue;
  enqueue.tenant = tenant;
  enqueue.now = clock_.Now();
  enqueue.event = WithoutPayload(event);
  enqueue.event.clear_name();
  enqueue.event.clear_accept_time();
  enqueue.event.set_traceparent(trace.parent);
  enqueue.event.set_tracestate(trace.state);
  enqueue.event.set_data_json(std::move(payload.text));
  if (!event.has_time()) *enqueue.event.mutable_time() = ToProto(enqueue.now);

  enqueue.content_hash = ContentHash(event, payload.json.root());
  const EventDocument document(enqueue.event, payload.json.root());
  const std::shared_ptr<const WebhookIndex> index = registry_.Index(tenant);
  for (const CompiledWebhook* webhook : index->Plan(event.type(), document.root())) {
    const std::string id = webhook->webhook().name().substr(sizeof("webhooks/") - 1);
    enqueue.targets.push_back({id, webhook->webhook().uid(), 0});
  }
  if (static_cast<int>(enqueue.targets.size()) > limits_.fan_out_max()) {
    return MakeError(absl::StatusCode::kResourceExhausted, v1::TOO_MANY_DELIVERIES,
                     absl::StrCat("the event matches ", enqueue.targets.size(), " webhooks; one event may go to ",
                                  limits_.fan_out_max()));
  }
  return enqueue;
}

void Publisher::Enqueue(EnqueueEvent enqueue, int deliveries_shown,
                        std::function<void(absl::StatusOr<v1::DispatchEventResponse>, const EnqueueEvent&)> done) {
  const auto bytes = static_cast<int64_t>(enqueue.event.ByteSizeLong() + enqueue.targets.size() * 100);
  const absl::Status submitted = committer_.Submit(
      std::move(enqueue), bytes, [this, deliveries_shown, done](const absl::Status& status, Write& write) {
        EnqueueEvent& written = std::get<EnqueueEvent>(write);
        if (status.ok()) {
          done(Answer(written, deliveries_shown), written);
        } else if (ReasonOf(status) == v1::EVENT_ID_REUSED) {
          done(Duplicate(written), written);
        } else {
          done(status, written);
        }
        dispatcher_.Enqueued(status, written);
      });
  if (!submitted.ok()) done(submitted, EnqueueEvent());
}

absl::StatusOr<v1::DispatchEventResponse> Publisher::Duplicate(const EnqueueEvent& enqueue) const {
  HERALD_ASSIGN_OR_RETURN(const StoredEvent stored, store_.FindEvent(enqueue.tenant, enqueue.event.id()));
  if (stored.content_hash != enqueue.content_hash) {
    return MakeError(absl::StatusCode::kAlreadyExists, v1::EVENT_ID_REUSED,
                     absl::StrCat("event id \"", enqueue.event.id(), "\" was accepted before with other content"));
  }
  v1::DispatchEventResponse response;
  *response.mutable_event() = WithoutPayload(stored.event);
  response.set_duplicate(true);
  response.set_delivery_count(stored.delivery_count);
  FillDeliveries(enqueue.tenant, response);
  return response;
}

absl::StatusOr<v1::DispatchEventResponse> Publisher::WouldBe(const EnqueueEvent& enqueue) const {
  if (!enqueue.event.id().empty()) {
    absl::StatusOr<v1::DispatchEventResponse> earlier = Duplicate(enqueue);
    if (ReasonOf(earlier.status()) != v1::EVENT_NOT_FOUND) return earlier;
  }
  return Answer(enqueue, kDeliveriesShown);
}

void Publisher::FillDeliveries(const std::string& tenant, v1::DispatchEventResponse& response) const {
  const absl::StatusOr<StoredEvent> event = store_.FindEvent(tenant, response.event().id());
  if (!event.ok()) return;
  DeliveryQuery query;
  query.event_id = response.event().id();
  // Where there are more than are shown, the first; none of them was made later by a replay.
  if (event->delivery_count > kDeliveriesShown) {
    query.range = {event->sequence + 1, event->sequence + 1 + kDeliveriesShown};
  }
  query.bounds = {kDeliveriesShown, kPageBytesMax};
  absl::StatusOr<Page<v1::Delivery>> page = store_.ListDeliveries(tenant, query);
  if (!page.ok()) return;
  response.clear_deliveries();
  for (auto delivery = page->rows.rbegin(); delivery != page->rows.rend(); ++delivery) {
    *response.add_deliveries() = std::move(*delivery);
  }
}

void Publisher::Dispatch(const std::string& tenant, const v1::DispatchEventRequest& request, absl::Duration wait_until,
                         Done<v1::DispatchEventResponse> done, const TraceContext& trace) {
  absl::StatusOr<EnqueueEvent> enqueue = Prepare(tenant, request.event(), trace, "event");
  if (!enqueue.ok()) return done(enqueue.status());
  if (request.validate_only()) return done(WouldBe(*enqueue));
  const bool wait = request.wait();
  Enqueue(
      *std::move(enqueue), kDeliveriesShown,
      [this, wait, wait_until, done](absl::StatusOr<v1::DispatchEventResponse> answer, const EnqueueEvent& enqueued) {
        if (!wait || !answer.ok()) return done(std::move(answer));
        Await(enqueued, wait_until, *std::move(answer), done);
      });
}

void Publisher::Await(const EnqueueEvent& enqueued, absl::Duration until, v1::DispatchEventResponse response,
                      Done<v1::DispatchEventResponse> done) {
  std::vector<FirstAttempts::Awaited> waited_for;
  for (const EnqueueEvent::Target& target : enqueued.targets) {
    if (target.delivery != 0) waited_for.push_back({target.delivery, target.webhook_uid});
  }
  const bool duplicate = response.duplicate();
  if (duplicate) waited_for = PendingOf(enqueued.tenant, response);
  v1::DispatchEventResponse event;
  *event.mutable_event() = response.event();
  const FirstAttempts::Ticket ticket = first_attempts_.Wait(
      waited_for, [this, tenant = enqueued.tenant, response = std::move(response), done]() mutable {
        loop_.Post([this, tenant, response = std::move(response), done]() mutable {
          FillDeliveries(tenant, response);
          done(std::move(response));
        });
      });
  loop_.RunAt(until, [this, ticket] { first_attempts_.Expire(ticket); });
  if (!duplicate) return;
  // Those of an earlier event may have been attempted between the reading and the waiting.
  v1::DispatchEventResponse now = event;
  FillDeliveries(enqueued.tenant, now);
  const std::vector<FirstAttempts::Awaited> still_pending = PendingOf(enqueued.tenant, now);
  for (const FirstAttempts::Awaited& one : waited_for) {
    const bool waits = std::any_of(still_pending.begin(), still_pending.end(),
                                   [&](const FirstAttempts::Awaited& other) { return other.delivery == one.delivery; });
    if (!waits) first_attempts_.Attempted(one.delivery);
  }
}

void Publisher::DispatchBatch(const std::string& tenant, const v1::BatchDispatchEventsRequest& request,
                              Done<v1::BatchDispatchEventsResponse> done, const TraceContext& trace) {
  const int count = request.events_size();
  if (count == 0 || count > limits_.batch_events_max()) {
    FieldViolations violations;
    violations.Add("events", absl::StrCat("holds ", count, " events; want 1 to ", limits_.batch_events_max()));
    return done(violations.ToStatus());
  }
  const auto gathering = std::make_shared<Gathering>();
  gathering->left = count;
  gathering->done = std::move(done);
  for (int i = 0; i < count; ++i) gathering->response.add_results();
  for (int i = 0; i < count; ++i) {
    absl::StatusOr<EnqueueEvent> enqueue = Prepare(tenant, request.events(i), trace, absl::StrCat("events[", i, "]"));
    if (!enqueue.ok()) {
      gathering->Set(i, enqueue.status());
      continue;
    }
    Enqueue(*std::move(enqueue), /*deliveries_shown=*/0,
            [gathering, i](absl::StatusOr<v1::DispatchEventResponse> answer, const EnqueueEvent&) {
              gathering->Set(i, std::move(answer));
            });
  }
}

}  // namespace herald
