// What tests of the sender have in common: requests to a receiver of this process, and waiting for what comes of them.

#ifndef HERALD_TESTS_HTTP_EXCHANGES_H_
#define HERALD_TESTS_HTTP_EXCHANGES_H_

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/base/mutex.h"
#include "src/http/curl_sender.h"
#include "tests/support/receiver.h"
#include "tests/support/test_ca.h"

namespace herald {

// Collects exchanges as they end. Thread-safe.
class Exchanges {
 public:
  HttpSender::Done Done() {
    return [this](HttpExchange exchange) {
      MutexLock lock(mutex_);
      ended_.push_back(std::move(exchange));
      changed_.NotifyAll();
    };
  }

  // The exchanges so far, when `count` have ended; fails the test when they do not.
  std::vector<HttpExchange> WaitFor(size_t count) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    MutexLock lock(mutex_);
    while (ended_.size() < count && std::chrono::steady_clock::now() < deadline) changed_.WaitUntil(mutex_, deadline);
    EXPECT_GE(ended_.size(), count) << "exchanges that never ended";
    return ended_;
  }

  size_t count() {
    MutexLock lock(mutex_);
    return ended_.size();
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  std::vector<HttpExchange> ended_ ABSL_GUARDED_BY(mutex_);
};

inline HttpExchange SendAndWait(HttpSender& sender, HttpRequest request) {
  Exchanges exchanges;
  sender.Send(std::move(request), exchanges.Done());
  std::vector<HttpExchange> ended = exchanges.WaitFor(1);
  return ended.empty() ? HttpExchange() : ended[0];
}

// POST https://hook.example/services/secret with the body "{}".
inline HttpRequest Post() {
  HttpRequest request;
  request.method = "POST";
  request.url = "https://hook.example/services/secret?key=secret";
  request.body = "{}";
  request.timeout = absl::Seconds(20);
  return request;
}

// Everything on this machine, and no more.
inline UrlPolicy LoopbackPolicy() {
  UrlAllowances allowances;
  allowances.http = true;
  allowances.cidrs = {*Cidr::Parse("127.0.0.0/8"), *Cidr::Parse("::1/128")};
  return UrlPolicy(std::move(allowances));
}

inline std::string ConnectTo(absl::string_view host, const Receiver& receiver) {
  return absl::StrCat(host, ":443:127.0.0.1:", receiver.port());
}

// A sender for which hook.example is `receiver`.
inline CurlSenderOptions OptionsFor(const TestCa& ca, const Receiver& receiver) {
  CurlSenderOptions options;
  options.policy = LoopbackPolicy();
  options.ca_file = ca.ca_file();
  options.connect_to = {ConnectTo("hook.example", receiver)};
  return options;
}

inline std::unique_ptr<CurlSender> StartSender(CurlSenderOptions options) {
  auto sender = CurlSender::Create(std::move(options));
  if (!sender.ok()) {
    ADD_FAILURE() << sender.status();
    std::abort();
  }
  return *std::move(sender);
}

// An authority, a receiver with a certificate for hook.example, and a sender that reaches it.
class SenderTest : public testing::Test {
 protected:
  HttpExchange SendAndWait(HttpRequest request) { return herald::SendAndWait(*sender_, std::move(request)); }

  void Answer(ScriptedAnswer answer) {
    receiver_.Handle([answer = std::move(answer)](const ReceivedRequest&) { return answer; });
  }

  TestCa ca_;
  Receiver receiver_{Receiver::Options{.ca = &ca_, .hosts = {"hook.example"}}};
  std::unique_ptr<CurlSender> sender_ = StartSender(OptionsFor(ca_, receiver_));
};

}  // namespace herald

#endif  // HERALD_TESTS_HTTP_EXCHANGES_H_
