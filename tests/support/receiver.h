// A webhook's receiver for tests: HTTP/1.1, with or without TLS, on the loopback interface, in this process. It answers
// what the test's handler says, and misbehaves as told.
//
//   Receiver receiver({.ca = &ca, .hosts = {"hooks.slack.com"}});
//   receiver.Handle([](const ReceivedRequest&) { return ScriptedAnswer{.status = 404, .body = "no_service"}; });
//   … send to 127.0.0.1:receiver.port() …
//   ASSERT_TRUE(receiver.WaitForRequests(1));
//
// A thread for each connection. Thread-safe; the handler is called by many threads at once.

#ifndef HERALD_TESTS_SUPPORT_RECEIVER_H_
#define HERALD_TESTS_SUPPORT_RECEIVER_H_

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/base/mutex.h"
#include "tests/support/receiver_connection.h"
#include "tests/support/test_ca.h"

namespace herald {

struct ReceivedRequest {
  std::string method;
  std::string target;                                        // "/services/T/B/X?a=b"
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case, in order
  std::string body;
  int connection = 0;  // 1, 2, …: which connection it came on

  // The first header of that lower-case name; empty when there is none.
  absl::string_view Header(absl::string_view name) const;
  bool HasHeader(absl::string_view name) const;
};

struct ScriptedAnswer {
  int status = 200;
  // content-length is added, unless it is here (and may lie) or transfer-encoding is.
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  // Close the connection in good order after the answer.
  bool close = false;
  // When set, it alone says what goes over the wire; the connection is closed afterwards.
  std::function<void(ReceiverConnection&)> script = {};
};

// Takes the request and never answers.
ScriptedAnswer HangingAnswer();
// Takes the request and resets the connection.
ScriptedAnswer ResettingAnswer();
// Sends these bytes as they are, then closes.
ScriptedAnswer RawAnswer(std::string bytes);
// A 200 whose body of `size` bytes comes one byte at a time with `pause` between.
ScriptedAnswer DrippingAnswer(int size, absl::Duration pause);

class Receiver {
 public:
  using Handler = std::function<ScriptedAnswer(const ReceivedRequest&)>;

  struct Options {
    const TestCa* ca = nullptr;           // none: plain HTTP
    std::vector<std::string> hosts = {};  // whom the certificate names
    TestCa::Flaw flaw = TestCa::Flaw::kNone;
    bool ipv6 = false;  // listen on ::1 instead of 127.0.0.1
  };

  Receiver() : Receiver(Options()) {}
  explicit Receiver(const Options& options);
  // Ends all connections.
  ~Receiver();
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  int port() const { return port_; }

  // What is answered from now on. The default is a 200 with the body "ok".
  void Handle(Handler handler);

  // Everything received so far, in the order of arrival.
  std::vector<ReceivedRequest> requests() const;
  int request_count() const;
  // Connections accepted so far, also those on which nothing came.
  int connection_count() const;

  // Waits until `count` requests have come in all. False: they did not within `timeout`.
  bool WaitForRequests(int count, absl::Duration timeout = absl::Seconds(20)) const;

 private:
  struct Peer {
    std::unique_ptr<ReceiverConnection> connection;
    std::thread thread;
  };

  void Accept();
  void Reap();
  void Serve(ReceiverConnection& connection, int number);
  bool ServeOne(ReceiverConnection& connection, std::string& in, int number);

  int listen_fd_ = -1;
  int port_ = 0;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> tls_;
  std::list<Peer> peers_;  // of the accepting thread, then of the destructor
  mutable Mutex mutex_;
  mutable CondVar arrived_;
  Handler handler_ ABSL_GUARDED_BY(mutex_);
  std::vector<ReceivedRequest> requests_ ABSL_GUARDED_BY(mutex_);
  int connections_ ABSL_GUARDED_BY(mutex_) = 0;
  std::thread acceptor_;
};

}  // namespace herald

#endif  // HERALD_TESTS_SUPPORT_RECEIVER_H_
