// Sends HTTP requests.

#ifndef HERALD_HTTP_SENDER_H_
#define HERALD_HTTP_SENDER_H_

#include <functional>

#include "src/core/exchange.h"

namespace herald {

// Thread-safe.
class HttpSender {
 public:
  using Done = std::function<void(HttpExchange)>;

  virtual ~HttpSender() = default;

  // Begins to send `request` and returns at once. Calls `done` exactly once, on a thread of the sender's or, when the
  // sender is stopped, on the caller's; `done` must not block. An answer with any status is kAnswered. When the sender
  // stops, what is under way ends as kCancelled.
  virtual void Send(HttpRequest request, Done done) = 0;
};

}  // namespace herald

#endif  // HERALD_HTTP_SENDER_H_
