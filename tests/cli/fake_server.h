// A gRPC server in the test's process that answers what the test tells it to, and keeps the requests.

#ifndef HERALD_TESTS_CLI_FAKE_SERVER_H_
#define HERALD_TESTS_CLI_FAKE_SERVER_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "google/protobuf/text_format.h"
#include "grpcpp/grpcpp.h"
#include "herald/v1/delivery_service.grpc.pb.h"
#include "herald/v1/event_service.grpc.pb.h"
#include "herald/v1/server_service.grpc.pb.h"
#include "herald/v1/webhook_service.grpc.pb.h"
#include "src/base/mutex.h"

namespace herald::cli {

// What the methods answer, and what they were asked. Thread-safe.
class Script {
 public:
  // The next call of `method` ("GetWebhook") gets this answer; the last one stays.
  void Answer(const std::string& method, const google::protobuf::Message& response) {
    MutexLock lock(mutex_);
    answers_[method].push_back({grpc::Status::OK, response.SerializeAsString()});
  }
  void Fail(const std::string& method, const grpc::Status& status) {
    MutexLock lock(mutex_);
    answers_[method].push_back({status, ""});
  }

  grpc::Status Serve(const std::string& method, const google::protobuf::Message& request,
                     google::protobuf::Message* response) {
    MutexLock lock(mutex_);
    requests_.push_back(method + " " + request.ShortDebugString());
    std::vector<AnswerOrError>& answers = answers_[method];
    if (answers.empty()) return {grpc::StatusCode::UNIMPLEMENTED, "the test has no answer for " + method};
    const AnswerOrError answer = answers.front();
    if (answers.size() > 1) answers.erase(answers.begin());
    response->ParseFromString(answer.response);
    return answer.status;
  }

  // "GetWebhook name: \"webhooks/a\"", in their order.
  std::vector<std::string> requests() {
    MutexLock lock(mutex_);
    return requests_;
  }

 private:
  struct AnswerOrError {
    grpc::Status status;
    std::string response;
  };
  Mutex mutex_;
  std::map<std::string, std::vector<AnswerOrError>> answers_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> requests_ ABSL_GUARDED_BY(mutex_);
};

#define HERALD_FAKE_METHOD(method, Request, Response)                                                  \
  grpc::Status method(grpc::ServerContext*, const v1::Request* request, Response* response) override { \
    return script.Serve(#method, *request, response);                                                  \
  }

struct FakeWebhookService final : v1::WebhookService::Service {
  explicit FakeWebhookService(Script& script_in) : script(script_in) {}
  HERALD_FAKE_METHOD(CreateWebhook, CreateWebhookRequest, v1::Webhook)
  HERALD_FAKE_METHOD(GetWebhook, GetWebhookRequest, v1::Webhook)
  HERALD_FAKE_METHOD(ListWebhooks, ListWebhooksRequest, v1::ListWebhooksResponse)
  HERALD_FAKE_METHOD(UpdateWebhook, UpdateWebhookRequest, v1::Webhook)
  HERALD_FAKE_METHOD(DeleteWebhook, DeleteWebhookRequest, google::protobuf::Empty)
  HERALD_FAKE_METHOD(TestWebhook, TestWebhookRequest, v1::InvocationResult)
  HERALD_FAKE_METHOD(PreviewWebhook, PreviewWebhookRequest, v1::PreviewWebhookResponse)
  HERALD_FAKE_METHOD(GetSigningSecret, GetSigningSecretRequest, v1::SigningSecret)
  HERALD_FAKE_METHOD(RotateSigningSecret, RotateSigningSecretRequest, v1::SigningSecret)
  Script& script;
};

struct FakeEventService final : v1::EventService::Service {
  explicit FakeEventService(Script& script_in) : script(script_in) {}
  HERALD_FAKE_METHOD(DispatchEvent, DispatchEventRequest, v1::DispatchEventResponse)
  HERALD_FAKE_METHOD(BatchDispatchEvents, BatchDispatchEventsRequest, v1::BatchDispatchEventsResponse)
  HERALD_FAKE_METHOD(ExplainEvent, ExplainEventRequest, v1::ExplainEventResponse)
  HERALD_FAKE_METHOD(GetEvent, GetEventRequest, v1::Event)
  HERALD_FAKE_METHOD(ListEvents, ListEventsRequest, v1::ListEventsResponse)
  HERALD_FAKE_METHOD(ListEventTypes, ListEventTypesRequest, v1::ListEventTypesResponse)
  HERALD_FAKE_METHOD(GetEventType, GetEventTypeRequest, v1::EventType)
  HERALD_FAKE_METHOD(CreateEventType, CreateEventTypeRequest, v1::EventType)
  HERALD_FAKE_METHOD(UpdateEventType, UpdateEventTypeRequest, v1::EventType)
  HERALD_FAKE_METHOD(DeleteEventType, DeleteEventTypeRequest, google::protobuf::Empty)
  Script& script;
};

struct FakeDeliveryService final : v1::DeliveryService::Service {
  explicit FakeDeliveryService(Script& script_in) : script(script_in) {}
  HERALD_FAKE_METHOD(GetDelivery, GetDeliveryRequest, v1::Delivery)
  HERALD_FAKE_METHOD(ListDeliveries, ListDeliveriesRequest, v1::ListDeliveriesResponse)
  HERALD_FAKE_METHOD(ListInvocations, ListInvocationsRequest, v1::ListInvocationsResponse)
  HERALD_FAKE_METHOD(RetryDelivery, RetryDeliveryRequest, v1::Delivery)
  HERALD_FAKE_METHOD(CancelDelivery, CancelDeliveryRequest, v1::Delivery)
  HERALD_FAKE_METHOD(ReplayDeliveries, ReplayDeliveriesRequest, v1::Replay)
  HERALD_FAKE_METHOD(GetReplay, GetReplayRequest, v1::Replay)
  HERALD_FAKE_METHOD(ListReplays, ListReplaysRequest, v1::ListReplaysResponse)
  HERALD_FAKE_METHOD(CancelDeliveries, CancelDeliveriesRequest, v1::CancelDeliveriesResponse)
  grpc::Status WatchDeliveries(grpc::ServerContext*, const v1::WatchDeliveriesRequest* request,
                               grpc::ServerWriter<v1::Delivery>* writer) override {
    v1::Delivery delivery;
    grpc::Status status = script.Serve("WatchDeliveries", *request, &delivery);
    while (status.ok() && writer->Write(delivery)) {
    }
    return status;
  }
  Script& script;
};

struct FakeServerService final : v1::ServerService::Service {
  explicit FakeServerService(Script& script_in) : script(script_in) {}
  HERALD_FAKE_METHOD(GetServerInfo, GetServerInfoRequest, v1::ServerInfo)
  Script& script;
};

#undef HERALD_FAKE_METHOD

// Serves from its making to its end on a port that the kernel chose.
class FakeServer {
 public:
  FakeServer() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&webhooks_)
        .RegisterService(&events_)
        .RegisterService(&deliveries_)
        .RegisterService(&server_);
    grpc_server_ = builder.BuildAndStart();
  }
  ~FakeServer() { grpc_server_->Shutdown(); }

  // "127.0.0.1:41234"
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  Script& script() { return script_; }

 private:
  Script script_;
  FakeWebhookService webhooks_{script_};
  FakeEventService events_{script_};
  FakeDeliveryService deliveries_{script_};
  FakeServerService server_{script_};
  int port_ = 0;
  std::unique_ptr<grpc::Server> grpc_server_;
};

// A message from its text form.
template <typename Message>
Message Text(const std::string& text) {
  Message message;
  if (!google::protobuf::TextFormat::ParseFromString(text, &message)) std::abort();
  return message;
}

}  // namespace herald::cli

#endif  // HERALD_TESTS_CLI_FAKE_SERVER_H_
