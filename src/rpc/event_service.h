// herald.v1.EventService over gRPC.

#ifndef HERALD_RPC_EVENT_SERVICE_H_
#define HERALD_RPC_EVENT_SERVICE_H_

#include "herald/v1/event_service.grpc.pb.h"
#include "src/base/clock.h"
#include "src/engine/event_type_registry.h"
#include "src/engine/explainer.h"
#include "src/engine/history.h"
#include "src/engine/publisher.h"
#include "src/rpc/call.h"

namespace herald {

class EventService final : public v1::EventService::CallbackService {
 public:
  EventService(Publisher& publisher, const Explainer& explainer, const History& history, EventTypeRegistry& event_types,
               const Clock& clock, Draining& draining)
      : publisher_(publisher),
        explainer_(explainer),
        history_(history),
        event_types_(event_types),
        clock_(clock),
        draining_(draining) {}

  grpc::ServerUnaryReactor* DispatchEvent(grpc::CallbackServerContext* context, const v1::DispatchEventRequest* request,
                                          v1::DispatchEventResponse* response) override;
  grpc::ServerUnaryReactor* BatchDispatchEvents(grpc::CallbackServerContext* context,
                                                const v1::BatchDispatchEventsRequest* request,
                                                v1::BatchDispatchEventsResponse* response) override;
  grpc::ServerUnaryReactor* ExplainEvent(grpc::CallbackServerContext* context, const v1::ExplainEventRequest* request,
                                         v1::ExplainEventResponse* response) override;
  grpc::ServerUnaryReactor* GetEvent(grpc::CallbackServerContext* context, const v1::GetEventRequest* request,
                                     v1::Event* response) override;
  grpc::ServerUnaryReactor* ListEvents(grpc::CallbackServerContext* context, const v1::ListEventsRequest* request,
                                       v1::ListEventsResponse* response) override;
  grpc::ServerUnaryReactor* ListEventTypes(grpc::CallbackServerContext* context,
                                           const v1::ListEventTypesRequest* request,
                                           v1::ListEventTypesResponse* response) override;
  grpc::ServerUnaryReactor* GetEventType(grpc::CallbackServerContext* context, const v1::GetEventTypeRequest* request,
                                         v1::EventType* response) override;
  grpc::ServerUnaryReactor* CreateEventType(grpc::CallbackServerContext* context,
                                            const v1::CreateEventTypeRequest* request,
                                            v1::EventType* response) override;
  grpc::ServerUnaryReactor* UpdateEventType(grpc::CallbackServerContext* context,
                                            const v1::UpdateEventTypeRequest* request,
                                            v1::EventType* response) override;
  grpc::ServerUnaryReactor* DeleteEventType(grpc::CallbackServerContext* context,
                                            const v1::DeleteEventTypeRequest* request,
                                            google::protobuf::Empty* response) override;

 private:
  Publisher& publisher_;
  const Explainer& explainer_;
  const History& history_;
  EventTypeRegistry& event_types_;
  const Clock& clock_;
  Draining& draining_;
};

}  // namespace herald

#endif  // HERALD_RPC_EVENT_SERVICE_H_
