// The HTTP side of the server: pages for machines and people, beside gRPC.
//
// A few threads; connections beyond what they serve wait in the system's queue. A request's headers and body are
// bounded, and so is the time to read them. Pages are called on those threads, many at once. Start and Stop are for the
// owner.

#ifndef HERALD_GATEWAY_HTTP_GATEWAY_H_
#define HERALD_GATEWAY_HTTP_GATEWAY_H_

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace herald {

struct HttpAnswer {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

class HttpGateway {
 public:
  // What GET and HEAD of a path answer.
  using Pages = std::map<std::string, std::function<HttpAnswer()>>;

  // Listens on HOST:PORT, where port 0 lets the kernel choose, and serves. UNAVAILABLE: it cannot, in one sentence that
  // names --http_listen.
  static absl::StatusOr<std::unique_ptr<HttpGateway>> Start(absl::string_view listen, Pages pages);

  virtual ~HttpGateway() = default;

  // Where it listens: "127.0.0.1:8080".
  virtual std::string address() const = 0;

  // Ends what is being answered, then all connections.
  virtual void Stop() = 0;
};

}  // namespace herald

#endif  // HERALD_GATEWAY_HTTP_GATEWAY_H_
