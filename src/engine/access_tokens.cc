#include "src/engine/access_tokens.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/core/url_policy.h"

namespace herald {
namespace {

HttpExchange TooLate(const AccessTokenClient& client) {
  HttpExchange late;
  late.end = HttpExchange::End::kTimedOut;
  late.message = absl::StrCat(HostOfUrl(client.request.url), ": no answer within the time-out");
  return WithoutAccessToken(client, late, "");
}

}  // namespace

AccessTokens::Slot& AccessTokens::SlotOf(const std::shared_ptr<const AccessTokenClient>& client) {
  const auto found = slots_.find(client.get());
  // Where a client was that is gone, another one may be.
  if (found != slots_.end() && found->second.client.lock() == client) return found->second;
  if (slots_.size() >= slots_max_) {
    absl::erase_if(slots_, [](const auto& entry) { return entry.second.client.expired(); });
    slots_max_ = std::max(slots_max_, 2 * slots_.size());
  }
  Slot& slot = slots_[client.get()];
  slot = Slot();
  slot.client = client;
  return slot;
}

void AccessTokens::Get(const std::shared_ptr<const AccessTokenClient>& client, absl::Duration deadline, Done done) {
  const auto waiter = std::make_shared<Waiter>(Waiter{std::move(done)});
  std::string token;
  bool fetch = false;
  {
    MutexLock lock(mutex_);
    Slot& slot = SlotOf(client);
    if (!slot.token.empty() && clock_.Monotonic() < slot.expiry) {
      token = slot.token;
    } else {
      slot.waiters.push_back(waiter);
      fetch = !std::exchange(slot.fetching, true);
    }
  }
  if (!token.empty()) return Tell(*waiter, {std::move(token), {}});
  loop_.RunAt(deadline, [this, client, waiting = std::weak_ptr<Waiter>(waiter)] {
    if (const WaiterPtr late = waiting.lock(); late != nullptr) Tell(*late, {"", TooLate(*client)});
  });
  if (fetch) Fetch(client);
}

void AccessTokens::Discard(const std::shared_ptr<const AccessTokenClient>& client, const std::string& token) {
  MutexLock lock(mutex_);
  Slot& slot = SlotOf(client);
  if (slot.token == token) slot.token.clear();
}

void AccessTokens::Fetch(const std::shared_ptr<const AccessTokenClient>& client) {
  sender_.Send(client->request, [this, client, asked = clock_.Monotonic()](const HttpExchange& exchange) {
    Fetched(client, asked, exchange);
  });
}

void AccessTokens::Fetched(const std::shared_ptr<const AccessTokenClient>& client, absl::Duration asked,
                           const HttpExchange& exchange) {
  absl::StatusOr<AccessToken> token = absl::UnavailableError("");
  if (exchange.end == HttpExchange::End::kAnswered && exchange.response.has_value()) {
    token = ParseAccessToken(*client, *exchange.response);
  }
  Answer answer;
  if (token.ok()) {
    answer.token = token->value;
  } else {
    answer.failure = WithoutAccessToken(*client, exchange, token.status().message());
  }
  std::vector<WaiterPtr> waiters;
  {
    MutexLock lock(mutex_);
    Slot& slot = SlotOf(client);
    slot.fetching = false;
    slot.waiters.swap(waiters);
    if (token.ok()) {
      slot.token = std::move(token->value);
      slot.expiry = asked + token->life;
    }
  }
  for (const WaiterPtr& waiter : waiters) Tell(*waiter, answer);
}

void AccessTokens::Tell(Waiter& waiter, const Answer& answer) {
  Done done;
  {
    MutexLock lock(mutex_);
    done = std::exchange(waiter.done, nullptr);
  }
  if (done != nullptr) done(answer);
}

}  // namespace herald
