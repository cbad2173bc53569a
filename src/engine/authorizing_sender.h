// A sender that gives requests the access token that they lack (HttpRequest.token_client), and sends the others as they
// are. When the receiver refuses the token with 401, the request goes out once more, with a fresh one.
//
// The request's time-out covers all of it. Thread-safe.

#ifndef HERALD_ENGINE_AUTHORIZING_SENDER_H_
#define HERALD_ENGINE_AUTHORIZING_SENDER_H_

#include <memory>
#include <string>

#include "src/base/clock.h"
#include "src/engine/access_tokens.h"
#include "src/engine/loop.h"
#include "src/http/sender.h"

namespace herald {

class AuthorizingSender final : public HttpSender {
 public:
  // All outlive it. `sender` sends requests and asks for tokens; `loop` tells those who wait for one that it is late.
  AuthorizingSender(HttpSender& sender, Loop& loop, const Clock& clock)
      : sender_(sender), clock_(clock), tokens_(sender, loop, clock) {}

  void Send(HttpRequest request, Done done) override;

 private:
  struct Work;
  using WorkPtr = std::shared_ptr<Work>;

  void Authorize(const WorkPtr& work);
  void SendWith(const WorkPtr& work, const std::string& token);
  void Answered(const WorkPtr& work, const std::string& token, HttpExchange exchange);
  void End(Work& work, HttpExchange exchange);

  HttpSender& sender_;
  const Clock& clock_;
  AccessTokens tokens_;
};

}  // namespace herald

#endif  // HERALD_ENGINE_AUTHORIZING_SENDER_H_
