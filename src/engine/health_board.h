// How the receivers do, as the dispatcher sees it and people read it. Thread-safe.

#ifndef HERALD_ENGINE_HEALTH_BOARD_H_
#define HERALD_ENGINE_HEALTH_BOARD_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "herald/v1/webhook.pb.h"
#include "src/base/mutex.h"

namespace herald {

class HealthBoard {
 public:
  // Without backlog. Empty, with the breaker CLOSED, of a webhook to which nothing was sent.
  v1::WebhookHealth Get(const std::string& webhook_uid) const {
    MutexLock lock(mutex_);
    const auto found = health_.find(webhook_uid);
    if (found != health_.end()) return found->second;
    v1::WebhookHealth none;
    none.set_breaker(v1::WebhookHealth::CLOSED);
    return none;
  }
  void Set(const std::string& webhook_uid, const v1::WebhookHealth& health) {
    MutexLock lock(mutex_);
    health_[webhook_uid] = health;
  }
  void Forget(const std::string& webhook_uid) {
    MutexLock lock(mutex_);
    health_.erase(webhook_uid);
  }

  // How many of these webhooks have their breaker in each state.
  using BreakerCounts = std::array<int64_t, v1::WebhookHealth::Breaker_ARRAYSIZE>;
  BreakerCounts CountBreakers() const {
    BreakerCounts counts{};
    MutexLock lock(mutex_);
    for (const auto& [uid, health] : health_) ++counts[static_cast<size_t>(health.breaker())];
    return counts;
  }

 private:
  mutable Mutex mutex_;
  absl::flat_hash_map<std::string, v1::WebhookHealth> health_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace herald

#endif  // HERALD_ENGINE_HEALTH_BOARD_H_
