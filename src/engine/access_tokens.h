// The access tokens (OAuth 2.0) of webhooks: fetched when one is needed, kept in memory until shortly before they
// expire. However many wait for a client's token, it is asked for once.
//
// Clients are told apart as objects, so a changed webhook begins anew. Thread-safe.

#ifndef HERALD_ENGINE_ACCESS_TOKENS_H_
#define HERALD_ENGINE_ACCESS_TOKENS_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "src/base/clock.h"
#include "src/base/mutex.h"
#include "src/core/access_token.h"
#include "src/core/exchange.h"
#include "src/engine/loop.h"
#include "src/http/sender.h"

namespace herald {

class AccessTokens {
 public:
  struct Answer {
    std::string token;     // empty: none
    HttpExchange failure;  // then: how the attempt that wanted it ends
  };
  using Done = std::function<void(const Answer&)>;

  // All outlive it.
  AccessTokens(HttpSender& sender, Loop& loop, const Clock& clock) : sender_(sender), loop_(loop), clock_(clock) {}

  // Calls `done` once: now, when there is a token; else on the sender's thread when one was fetched or could not be, or
  // on the loop's when Clock::Monotonic() has reached `deadline`.
  void Get(const std::shared_ptr<const AccessTokenClient>& client, absl::Duration deadline, Done done);

  // Gives this token to nobody any more.
  void Discard(const std::shared_ptr<const AccessTokenClient>& client, const std::string& token);

 private:
  struct Waiter {
    Done done;  // null: it was told; guarded by mutex_
  };
  using WaiterPtr = std::shared_ptr<Waiter>;

  struct Slot {
    std::weak_ptr<const AccessTokenClient> client;
    std::string token;      // empty: none
    absl::Duration expiry;  // of the token, on the monotonic clock
    bool fetching = false;
    std::vector<WaiterPtr> waiters;
  };

  Slot& SlotOf(const std::shared_ptr<const AccessTokenClient>& client) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Fetch(const std::shared_ptr<const AccessTokenClient>& client);
  void Fetched(const std::shared_ptr<const AccessTokenClient>& client, absl::Duration asked,
               const HttpExchange& exchange);
  void Tell(Waiter& waiter, const Answer& answer);

  HttpSender& sender_;
  Loop& loop_;
  const Clock& clock_;

  Mutex mutex_;
  absl::flat_hash_map<const AccessTokenClient*, Slot> slots_ ABSL_GUARDED_BY(mutex_);
  size_t slots_max_ ABSL_GUARDED_BY(mutex_) = 64;  // above it, those of clients that are gone go
};

}  // namespace herald

#endif  // HERALD_ENGINE_ACCESS_TOKENS_H_
