// A small HTTP receiver on the loopback interface, with or without TLS, that gives one answer to every request.
//
// `heard` is called with each request before its answer, `answered` after it, by several threads at once. Run and Stop
// may be called from any.

#ifndef HERALD_CLIENTS_CLI_HTTP_LISTENER_H_
#define HERALD_CLIENTS_CLI_HTTP_LISTENER_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"

namespace herald::cli {

struct HeardRequest {
  std::string method;
  std::string target;                                        // path and query, as sent
  std::vector<std::pair<std::string, std::string>> headers;  // by name
  std::string body;                                          // of a GET: never read
};

struct FixedAnswer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

class HttpListener {
 public:
  struct Options {
    int port = 0;           // 0: the kernel chooses
    std::string cert_file;  // PEM; empty: no TLS
    std::string key_file;
  };

  HttpListener(const Options& options, FixedAnswer answer, std::function<void(const HeardRequest&)> heard,
               std::function<void()> answered);
  ~HttpListener();

  // INVALID_ARGUMENT: the certificate, the key or the port cannot be used.
  absl::Status Bind();
  // "https 127.0.0.1:41234", once bound.
  std::string address() const;
  // Answers requests until Stop.
  void Run();
  // Cuts off answers that are not yet sent.
  void Stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_HTTP_LISTENER_H_
