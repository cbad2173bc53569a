// What becomes of deliveries to receivers and names that fail, over the real server: the table in docs/operations.md.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/e2e/herald_process.h"

namespace herald {
namespace {

using Result = v1::InvocationResult;

// As many failures in a row as open a breaker.
constexpr int kEvents = 10;

// A receiver that fails and what is said of it.
struct Failure {
  const char* host;
  Result::Outcome outcome;
  const char* message;
  v1::WebhookHealth::Breaker breaker = v1::WebhookHealth::OPEN;
};

class NetworkFailures : public ::testing::Test {
 protected:
  // Starts a server that dials ADDR:PORT of `addresses` for their hosts.
  void Start(const std::vector<std::pair<std::string, std::string>>& addresses, std::vector<std::string> flags = {}) {
    std::string connect_to;
    for (const auto& [host, address] : addresses) {
      absl::StrAppend(&connect_to, connect_to.empty() ? "--connect_to=" : ",", host, ":443:", address);
    }
    flags.push_back(connect_to);
    herald_ = std::make_unique<HeraldProcess>(HeraldProcess::Options{.ca = &ca_, .flags = std::move(flags)});
    ASSERT_NE(herald_->address(), "");
  }
  static std::string AddressOf(const Receiver& receiver) { return absl::StrCat("127.0.0.1:", receiver.port()); }

  // A webhook of its own for the event type of the host's name.
  void CreateWebhook(const std::string& host) {
    v1::CreateWebhookRequest request = FromJson<v1::CreateWebhookRequest>(
        R"({"webhook": {"retry_policy": {"schedule": ["3600s"], "max_attempts": 2}}})");
    request.set_webhook_id(host.substr(0, host.find('.')));
    request.mutable_webhook()->set_display_name(request.webhook_id());
    request.mutable_webhook()->set_url(absl::StrCat("https://", host, "/in"));
    request.mutable_webhook()->add_triggers(host);
    // The shortest, where it is waited for; elsewhere never reached.
    request.mutable_webhook()->mutable_timeout()->set_seconds(absl::StartsWith(host, "hangs") ? 1 : 60);
    v1::Webhook created;
    grpc::ClientContext context;
    const grpc::Status status = herald_->webhooks().CreateWebhook(&context, request, &created);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }

  // The delivery of an event to the host, after its first attempt.
  v1::Delivery Deliver(const std::string& host) {
    v1::DispatchEventRequest request;
    request.mutable_event()->set_type(host);
    request.set_wait(true);
    v1::DispatchEventResponse response;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(2));
    EXPECT_TRUE(herald_->events().DispatchEvent(&context, request, &response).ok());
    return response.deliveries_size() == 1 ? response.deliveries(0) : v1::Delivery();
  }

  v1::WebhookHealth::Breaker BreakerOf(const std::string& host) {
    v1::GetWebhookRequest request;
    request.set_name(absl::StrCat("webhooks/", host.substr(0, host.find('.'))));
    v1::Webhook webhook;
    grpc::ClientContext context;
    EXPECT_TRUE(herald_->webhooks().GetWebhook(&context, request, &webhook).ok());
    return webhook.health().breaker();
  }

  void Expect(const Failure& failure) {
    SCOPED_TRACE(failure.host);
    CreateWebhook(failure.host);
    std::vector<std::future<v1::Delivery>> deliveries;
    for (int i = 0; i < kEvents; ++i) {
      deliveries.push_back(std::async(std::launch::async, [&] { return Deliver(failure.host); }));
    }
    for (std::future<v1::Delivery>& each : deliveries) {
      const v1::Delivery delivery = each.get();
      EXPECT_EQ(delivery.state(), v1::Delivery::RETRYING);
      EXPECT_EQ(delivery.last_result().outcome(), failure.outcome) << delivery.last_result().DebugString();
      EXPECT_EQ(delivery.last_result().message(), absl::StrCat(failure.host, failure.message));
    }
    EXPECT_EQ(BreakerOf(failure.host), failure.breaker);
  }

  TestCa ca_;
  std::unique_ptr<HeraldProcess> herald_;
};

TEST_F(NetworkFailures, OfReceiversThatBreakOff) {
  const std::vector<std::string> hosts = {"silent.example.com", "headers.example.com", "middle.example.com",
                                          "resets.example.com", "hangs.example.com"};
  Receiver receiver({.ca = &ca_, .hosts = hosts});
  receiver.Handle([](const ReceivedRequest& request) {
    const absl::string_view host = request.Header("host");
    if (host == "silent.example.com") return RawAnswer("");
    if (host == "headers.example.com") return RawAnswer("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n");
    if (host == "middle.example.com") return RawAnswer("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort");
    if (host == "resets.example.com") return ResettingAnswer();
    return HangingAnswer();
  });
  std::vector<std::pair<std::string, std::string>> addresses = {{"refuses.example.com", "127.0.0.1:1"}};
  for (const std::string& host : hosts) addresses.emplace_back(host, AddressOf(receiver));
  Start(addresses, {"--allow_cidrs=127.0.0.0/8"});
  Expect({"refuses.example.com", Result::CONNECTION_FAILED, ": connection refused"});
  Expect({"silent.example.com", Result::CONNECTION_FAILED, ": the connection was closed without an answer"});
  Expect(
      {"headers.example.com", Result::CONNECTION_FAILED, ": the connection was closed before the answer was complete"});
  Expect(
      {"middle.example.com", Result::CONNECTION_FAILED, ": the connection was closed before the answer was complete"});
  Expect({"resets.example.com", Result::CONNECTION_FAILED, ": connection reset by peer"});
  Expect({"hangs.example.com", Result::TIMED_OUT, ": no complete answer within 1 s"});
}

TEST_F(NetworkFailures, OfTls) {
  const TestCa stranger;
  Receiver unknown({.ca = &stranger, .hosts = {"unknown-ca.example.com"}});
  Receiver other({.ca = &ca_, .hosts = {"another.example.com"}});
  Receiver expired({.ca = &ca_, .hosts = {"expired.example.com"}, .flaw = TestCa::Flaw::kExpired});
  Receiver plain;
  Start({{"unknown-ca.example.com", AddressOf(unknown)},
         {"other-name.example.com", AddressOf(other)},
         {"expired.example.com", AddressOf(expired)},
         {"plain.example.com", AddressOf(plain)}},
        {"--allow_cidrs=127.0.0.0/8"});
  Expect({"unknown-ca.example.com", Result::CONNECTION_FAILED,
          ": the certificate is not trusted (unable to get local issuer certificate)"});
  Expect({"other-name.example.com", Result::CONNECTION_FAILED, ": the certificate is for another host"});
  Expect({"expired.example.com", Result::CONNECTION_FAILED, ": the certificate has expired"});
  Expect({"plain.example.com", Result::CONNECTION_FAILED, ": the TLS handshake failed"});
  for (const Receiver* receiver : {&unknown, &other, &expired, &plain}) EXPECT_EQ(receiver->request_count(), 0);
}

TEST_F(NetworkFailures, OfNames) {
  Receiver inside({.ca = &ca_, .hosts = {"inside.example.com"}});
  // A name that no resolver needs to be asked for, since a part of it is too long.
  Start({{"unknown.example.com", absl::StrCat(std::string(64, 'x'), ".example.com:443")},
         {"inside.example.com", absl::StrCat("localhost:", inside.port())}});
  Expect({"unknown.example.com", Result::CONNECTION_FAILED, ": name not found"});
  Expect(
      {"inside.example.com", Result::BLOCKED, ": 127.0.0.1 is in 127.0.0.0/8 (loopback)", v1::WebhookHealth::CLOSED});
  EXPECT_EQ(inside.connection_count(), 0);
}

}  // namespace
}  // namespace herald
