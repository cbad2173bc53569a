#include "src/rpc/event_service.h"

#include <algorithm>
#include <string>

namespace herald {
namespace {

// Of a call with `wait`: what is left of the caller's deadline for the answer's own way, and how long a call without
// one waits.
constexpr absl::Duration kAnswerMargin = absl::Milliseconds(250);
constexpr absl::Duration kWaitMax = absl::Seconds(30);

absl::Duration WaitTime(const grpc::CallbackServerContext& context) {
  const absl::Duration left = TimeLeft(context);
  if (left == absl::InfiniteDuration()) return kWaitMax;
  return std::max(left - kAnswerMargin, absl::ZeroDuration());
}

}  // namespace

using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

Reactor* EventService::DispatchEvent(Context* context, const v1::DispatchEventRequest* request,
                                     v1::DispatchEventResponse* response) {
  return Serve(context, draining_, response, [&](const std::string& tenant, const auto& answer) {
    publisher_.Dispatch(tenant, *request, clock_.Monotonic() + WaitTime(*context), answer, TraceOf(*context));
  });
}

Reactor* EventService::BatchDispatchEvents(Context* context, const v1::BatchDispatchEventsRequest* request,
                                           v1::BatchDispatchEventsResponse* response) {
  return Serve(context, draining_, response, [&](const std::string& tenant, const auto& answer) {
    publisher_.DispatchBatch(tenant, *request, answer, TraceOf(*context));
  });
}

Reactor* EventService::ExplainEvent(Context* context, const v1::ExplainEventRequest* request,
                                    v1::ExplainEventResponse* response) {
  return Serve(context, draining_, response,
               [&](const std::string& tenant, const auto& answer) { answer(explainer_.Explain(tenant, *request)); });
}

Reactor* EventService::GetEvent(Context* context, const v1::GetEventRequest* request, v1::Event* response) {
  return Serve(context, draining_, response,
               [&](const std::string& tenant, const auto& answer) { answer(history_.GetEvent(tenant, *request)); });
}

Reactor* EventService::ListEvents(Context* context, const v1::ListEventsRequest* request,
                                  v1::ListEventsResponse* response) {
  return Serve(context, draining_, response,
               [&](const std::string& tenant, const auto& answer) { answer(history_.ListEvents(tenant, *request)); });
}

Reactor* EventService::ListEventTypes(Context* context, const v1::ListEventTypesRequest* request,
                                      v1::ListEventTypesResponse* response) {
  return Serve(context, draining_, response,
               [&](const std::string& tenant, const auto& answer) { answer(event_types_.List(tenant, *request)); });
}

Reactor* EventService::GetEventType(Context* context, const v1::GetEventTypeRequest* request, v1::EventType* response) {
  return Serve(context, draining_, response,
               [&](const std::string& tenant, const auto& answer) { answer(event_types_.Get(tenant, *request)); });
}

Reactor* EventService::CreateEventType(Context* context, const v1::CreateEventTypeRequest* request,
                                       v1::EventType* response) {
  return Serve(context, draining_, response,
               [&](const std::string& tenant, const auto& answer) { event_types_.Create(tenant, *request, answer); });
}

Reactor* EventService::UpdateEventType(Context* context, const v1::UpdateEventTypeRequest* request,
                                       v1::EventType* response) {
  return Serve(context, draining_, response,
               [&](const std::string& tenant, const auto& answer) { event_types_.Update(tenant, *request, answer); });
}

Reactor* EventService::DeleteEventType(Context* context, const v1::DeleteEventTypeRequest* request,
                                       google::protobuf::Empty* response) {
  return Serve(context, draining_, response, [&](const std::string& tenant, const auto& answer) {
    event_types_.Delete(tenant, *request, [answer](const absl::Status& status) {
      answer(status.ok() ? absl::StatusOr<google::protobuf::Empty>(google::protobuf::Empty()) : status);
    });
  });
}

}  // namespace herald
