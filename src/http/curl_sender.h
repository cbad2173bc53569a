// Sends HTTP requests with libcurl: warm connections, HTTP/2 where offered, TLS verified, no redirects, no proxy, and
// never to an address that the policy forbids.
//
// Added to a request's headers: accept-encoding (the answer comes decompressed), host and content-length. Nothing else:
// user-agent and content-type are the caller's. The process must not rely on SIGPIPE, which the threads block.

#ifndef HERALD_HTTP_CURL_SENDER_H_
#define HERALD_HTTP_CURL_SENDER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "src/core/url_policy.h"
#include "src/http/sender.h"

namespace herald {

class CurlLoop;

struct CurlSenderOptions {
  UrlPolicy policy{UrlAllowances()};
  // PEM file of the certificate authorities to trust; empty: the system's.
  std::string ca_file;
  // "HOST:PORT:ADDR:PORT": what is sent to HOST:PORT goes to ADDR:PORT; names in TLS and HTTP stay HOST. For tests and
  // development: the policy must allow ADDR all the same.
  std::vector<std::string> connect_to;
  // A response body is read so far, then its connection is closed.
  int64_t response_bytes_max = 1 << 20;
  // Hosts are spread over so many threads.
  int threads = 1;
};

// Thread-safe.
class CurlSender final : public HttpSender {
 public:
  // INVALID_ARGUMENT: what is wrong with an option, in a sentence.
  static absl::StatusOr<std::unique_ptr<CurlSender>> Create(CurlSenderOptions options);
  // Stops.
  ~CurlSender() override;

  // A method with a body sends content-length; one without sends none.
  void Send(HttpRequest request, Done done) override;

  // Takes no more requests (they end as kCancelled) and waits until those under way have ended, but no longer than
  // `timeout`. True: all have ended. Not for a `done`.
  bool Drain(absl::Duration timeout);

  // Ends what is under way as kCancelled; returns when every `done` has been called. Not for a `done`.
  void Stop();

 private:
  explicit CurlSender(CurlSenderOptions options);

  const CurlSenderOptions options_;  // the loops refer to it
  std::vector<std::unique_ptr<CurlLoop>> loops_;
};

}  // namespace herald

#endif  // HERALD_HTTP_CURL_SENDER_H_
