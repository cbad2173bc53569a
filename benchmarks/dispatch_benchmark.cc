// DispatchEvent, unary, over one channel: a whole server in this process on a SQLite file, and calls that are kept in
// flight. Each call is answered only when its event is on disk. The file's directory is that of TMPDIR (default /tmp).
//
// Server, client and, where there is a delivery, its receiver share the machine: the rate is theirs together.

#include <benchmark/benchmark.h>
#include <grpcpp/create_channel.h>

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "herald/v1/event_service.grpc.pb.h"
#include "herald/v1/webhook_service.grpc.pb.h"
#include "src/base/mutex.h"
#include "src/core/event_types.h"
#include "src/core/ip_address.h"
#include "src/core/limits.h"
#include "src/server/server.h"
#include "tests/support/receiver.h"
#include "tests/support/temp_dir.h"

namespace herald {
namespace {

void Check(bool ok, const std::string& what) {
  if (ok) return;
  std::cerr << what << "\n";
  std::abort();
}

// As a bounded number of calls begin and end.
class Window {
 public:
  explicit Window(int64_t size) : size_(size) {}

  void Enter() {
    MutexLock lock(mutex_);
    while (inside_ == size_) left_.Wait(mutex_);
    ++inside_;
  }
  void Leave() {
    MutexLock lock(mutex_);
    --inside_;
    left_.NotifyOne();
  }
  void WaitUntilEmpty() {
    MutexLock lock(mutex_);
    while (inside_ > 0) left_.Wait(mutex_);
  }

 private:
  const int64_t size_;
  Mutex mutex_;
  CondVar left_;
  int64_t inside_ ABSL_GUARDED_BY(mutex_) = 0;
};

class Service {
 public:
  Service() {
    Config config;
    config.listen = "127.0.0.1:0";
    config.sqlite_path = dir_.File("herald.db");
    config.limits = DefaultLimits();
    config.drain_timeout = absl::Seconds(30);
    config.log_level = log::Level::kWarning;
    config.allowances.http = true;
    config.allowances.ports.push_back(receiver_.port());
    config.allowances.cidrs.push_back(*Cidr::Parse("127.0.0.0/8"));
    auto server = Server::Start(config);
    Check(server.ok(), std::string(server.status().message()));
    server_ = *std::move(server);
    channel_ = grpc::CreateChannel(server_->address(), grpc::InsecureChannelCredentials());
    events_ = v1::EventService::NewStub(channel_);
  }

  void CreateWebhook() {
    v1::CreateWebhookRequest request;
    v1::Webhook& webhook = *request.mutable_webhook();
    webhook.set_display_name("Receiver");
    webhook.set_url(absl::StrCat("http://127.0.0.1:", receiver_.port(), "/"));
    webhook.add_triggers("RequestCreated");
    grpc::ClientContext context;
    v1::Webhook created;
    const grpc::Status status = v1::WebhookService::NewStub(channel_)->CreateWebhook(&context, request, &created);
    Check(status.ok(), status.error_message());
  }

  // Calls `done` when the event has been answered OK.
  void Dispatch(const v1::DispatchEventRequest& request, std::function<void()> done) {
    struct Call {
      grpc::ClientContext context;
      v1::DispatchEventResponse response;
    };
    const auto call = std::make_shared<Call>();
    events_->async()->DispatchEvent(&call->context, &request, &call->response,
                                    [call, done = std::move(done)](const grpc::Status& status) {
                                      Check(status.ok(), status.error_message());
                                      done();
                                    });
  }

 private:
  const TempDir dir_;
  Receiver receiver_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::EventService::Stub> events_;
};

void BM_DispatchEvent(benchmark::State& state, bool with_delivery) {
  Service service;
  if (with_delivery) service.CreateWebhook();
  v1::DispatchEventRequest request;
  *request.mutable_event() = SampleEvent("RequestCreated");
  request.mutable_event()->clear_id();
  Window window(state.range(0));
  for ([[maybe_unused]] auto _ : state) {
    window.Enter();
    service.Dispatch(request, [&window] { window.Leave(); });
  }
  window.WaitUntilEmpty();
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(BM_DispatchEvent, no_delivery, false)->Arg(1)->Arg(256)->UseRealTime();
BENCHMARK_CAPTURE(BM_DispatchEvent, one_delivery, true)->Arg(1)->Arg(256)->UseRealTime();

}  // namespace
}  // namespace herald
