// For how long a lane claims deliveries, so that nobody else sends while an attempt is under way.

#ifndef HERALD_ENGINE_LEASE_H_
#define HERALD_ENGINE_LEASE_H_

#include "absl/time/time.h"
#include "src/base/protobuf_time.h"
#include "src/core/limits.h"
#include "src/engine/lane.h"

namespace herald {

// What recording an outcome may take.
constexpr absl::Duration kSettleTime = absl::Seconds(5);
// How long before it is sent a delivery may be claimed.
constexpr absl::Duration kClaimAhead = absl::Seconds(30);
// Longer than the longest exchange.
inline absl::Duration Lease() { return kTimeoutMax + kSettleTime + kClaimAhead; }

// Until when an attempt may begin, to end while the delivery is claimed.
inline absl::Time LastMoment(const HeldDelivery& delivery, const CompiledWebhook& webhook) {
  return delivery.lease_end - FromProto(webhook.webhook().timeout()) - kSettleTime;
}

}  // namespace herald

#endif  // HERALD_ENGINE_LEASE_H_
