// What /metrics answers: the metrics, with the state of the queue and of the breakers as it is now.

#ifndef HERALD_GATEWAY_METRICS_PAGE_H_
#define HERALD_GATEWAY_METRICS_PAGE_H_

#include "absl/time/time.h"
#include "src/base/metrics.h"
#include "src/engine/health_board.h"
#include "src/gateway/http_gateway.h"
#include "src/store/store.h"

namespace herald {

// Thread-safe. Costs the same however much waits. When the store cannot be read the queue's metrics are NaN.
HttpAnswer MetricsPage(Metrics& metrics, Store& store, const HealthBoard& health, absl::Time now);

}  // namespace herald

#endif  // HERALD_GATEWAY_METRICS_PAGE_H_
