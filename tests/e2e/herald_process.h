// The real heraldd as tests run it: on a store file, sending to a receiver of the test's that stands for real hosts.
//
// Confined to one thread, but for the stubs.

#ifndef HERALD_TESTS_E2E_HERALD_PROCESS_H_
#define HERALD_TESTS_E2E_HERALD_PROCESS_H_

#include <google/protobuf/util/json_util.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "herald/v1/delivery_service.grpc.pb.h"
#include "herald/v1/event_service.grpc.pb.h"
#include "herald/v1/server_service.grpc.pb.h"
#include "herald/v1/webhook_service.grpc.pb.h"
#include "tests/support/receiver.h"
#include "tests/support/spawned_process.h"
#include "tests/support/test_ca.h"

namespace herald {

class HeraldProcess {
 public:
  struct Options {
    std::string store = "memory";
    const TestCa* ca = nullptr;
    const Receiver* receiver = nullptr;  // stands for `hosts`
    std::vector<std::string> hosts = {};
    std::string log_file = "/dev/null";  // standard error goes there
    std::vector<std::string> flags = {};
    bool serves_http = true;  // false: `flags` switch it off
    // A command that becomes the server's, as setpriv does.
    std::string launcher = {};
  };

  explicit HeraldProcess(const Options& options);

  // "127.0.0.1:12345"; empty when it did not start.
  const std::string& address() const { return address_; }
  // The same of HTTP: /metrics and its like.
  const std::string& http_address() const { return http_address_; }
  v1::WebhookService::Stub& webhooks() { return *webhooks_; }
  v1::EventService::Stub& events() { return *events_; }
  v1::DeliveryService::Stub& deliveries() { return *deliveries_; }
  v1::ServerService::Stub& server() { return *server_; }

  pid_t pid() const { return process_->pid(); }
  void Signal(int signal) { process_->Signal(signal); }
  int Wait() { return process_->Wait(); }

 private:
  std::unique_ptr<SpawnedProcess> process_;
  std::string address_;
  std::string http_address_;
  std::unique_ptr<v1::WebhookService::Stub> webhooks_;
  std::unique_ptr<v1::EventService::Stub> events_;
  std::unique_ptr<v1::DeliveryService::Stub> deliveries_;
  std::unique_ptr<v1::ServerService::Stub> server_;
};

// The text of a file; empty when there is none.
std::string ReadFile(const std::string& path);

// A message from its protobuf JSON.
template <typename Message>
Message FromJson(const std::string& json) {
  Message message;
  const auto status = google::protobuf::util::JsonStringToMessage(json, &message);
  if (!status.ok()) ADD_FAILURE() << json << ": " << status.message().as_string();
  return message;
}

}  // namespace herald

#endif  // HERALD_TESTS_E2E_HERALD_PROCESS_H_
