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
#include "tests/support/temp_dir.h"
#include "tests/support/test_ca.h"

namespace herald {

class HeraldProcess {
 public:
  struct Options {
    std::string store = "memory";
    const TestCa* ca = nullptr;
    const Receiver* receiver = nullptr;  // stands for `hosts`
    std::vector<std::string> hosts = {};
    std::vector<std::string> flags = {};
    bool serves_http = true;  // false: `flags` switch it off
    // A command that becomes the server's, as setpriv does.
    std::string launcher = {};
  };

  explicit HeraldProcess(const Options& options);
  // Kills it when nobody waited for its end. The test fails when it had ended by itself.
  ~HeraldProcess();
  HeraldProcess(const HeraldProcess&) = delete;
  HeraldProcess& operator=(const HeraldProcess&) = delete;

  // "127.0.0.1:12345"; empty when it did not start.
  const std::string& address() const { return address_; }
  // The same of HTTP: /metrics and its like.
  const std::string& http_address() const { return http_address_; }
  // Where its standard error goes.
  const std::string& log_file() const { return log_file_; }
  v1::WebhookService::Stub& webhooks() { return *webhooks_; }
  v1::EventService::Stub& events() { return *events_; }
  v1::DeliveryService::Stub& deliveries() { return *deliveries_; }
  v1::ServerService::Stub& server() { return *server_; }

  pid_t pid() const { return process_->pid(); }
  void Signal(int signal) { process_->Signal(signal); }
  // Waits for its end. False when it ends with another status than `wanted`, and then tells the last that it wrote to
  // standard error, where a sanitizer's report is. Negative: the number of the signal that kills it.
  ::testing::AssertionResult ExitsWith(int wanted);

 private:
  TempDir directory_;
  const std::string log_file_ = directory_.File("log");
  std::unique_ptr<SpawnedProcess> process_;
  bool ended_ = false;
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
