#include "src/gateway/metrics_page.h"

#include <algorithm>
#include <limits>

namespace herald {
namespace {

void SetQueue(Metrics& metrics, Store& store, absl::Time now) {
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  const absl::StatusOr<QueueState> queue = store.ReadQueue();
  metrics.queue_deliveries.Set(queue.ok() ? static_cast<double>(queue->open) : kUnknown);
  // A clock that was set back makes no age negative.
  const absl::Duration oldest =
      queue.ok() && queue->oldest.has_value() ? std::max(now - *queue->oldest, absl::ZeroDuration()) : absl::Duration();
  metrics.queue_oldest.Set(queue.ok() ? absl::ToDoubleSeconds(oldest) : kUnknown);
}

void SetBreakers(Metrics& metrics, const HealthBoard& health) {
  const HealthBoard::BreakerCounts counts = health.CountBreakers();
  for (int state = v1::WebhookHealth::BREAKER_UNSPECIFIED + 1; state <= v1::WebhookHealth::Breaker_MAX; ++state) {
    metrics.breakers.Add({{"state", v1::WebhookHealth::Breaker_Name(static_cast<v1::WebhookHealth::Breaker>(state))}})
        .Set(static_cast<double>(counts[static_cast<size_t>(state)]));
  }
}

}  // namespace

HttpAnswer MetricsPage(Metrics& metrics, Store& store, const HealthBoard& health, absl::Time now) {
  SetQueue(metrics, store, now);
  SetBreakers(metrics, health);
  return {200, "text/plain; version=0.0.4; charset=utf-8", metrics.Text()};
}

}  // namespace herald
