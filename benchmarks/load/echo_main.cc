// bench_echo: the limit that accepting is measured against. A bare gRPC callback server of EventService that stores
// nothing and answers as heraldd does for an event with one delivery. Says "listening grpc HOST:PORT" on standard
// output and serves until it is killed.

#include <grpcpp/grpcpp.h>

#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "herald/v1/event_service.grpc.pb.h"

namespace herald {
namespace {

// What an accepted event is answered with: all but the payload.
void Accept(const v1::Event& event, v1::Event* accepted) {
  accepted->set_name(absl::StrCat("events/", event.id()));
  accepted->set_id(event.id());
  accepted->set_type(event.type());
  accepted->mutable_time()->set_seconds(1'700'000'000);
  accepted->mutable_time()->set_nanos(123'456'789);
  *accepted->mutable_accept_time() = accepted->time();
}

void AddDelivery(const v1::Event& event, v1::DispatchEventResponse* response) {
  v1::Delivery& delivery = *response->add_deliveries();
  delivery.set_name("deliveries/dlv_00000000000000000001");
  delivery.set_event(event.name());
  delivery.set_webhook("webhooks/load0");
  delivery.set_state(v1::Delivery::PENDING);
  *delivery.mutable_create_time() = event.time();
  *delivery.mutable_next_attempt_time() = event.time();
  response->set_delivery_count(1);
}

class EchoService final : public v1::EventService::CallbackService {
  grpc::ServerUnaryReactor* DispatchEvent(grpc::CallbackServerContext* context, const v1::DispatchEventRequest* request,
                                          v1::DispatchEventResponse* response) override {
    Accept(request->event(), response->mutable_event());
    AddDelivery(response->event(), response);
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

  grpc::ServerUnaryReactor* BatchDispatchEvents(grpc::CallbackServerContext* context,
                                                const v1::BatchDispatchEventsRequest* request,
                                                v1::BatchDispatchEventsResponse* response) override {
    for (const v1::Event& event : request->events()) {
      auto* const result = response->add_results();
      Accept(event, result->mutable_event());
      result->set_delivery_count(1);
    }
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

}  // namespace
}  // namespace herald

int main() {
  herald::EchoService service;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.SetMaxReceiveMessageSize(-1);
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr || port == 0) {
    std::cerr << "bench_echo: cannot listen on 127.0.0.1\n";
    return 1;
  }
  std::cout << "listening grpc 127.0.0.1:" << port << std::endl;
  server->Wait();
  return 0;
}
