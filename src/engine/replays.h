// What people do with replays: begin one, and read how far they are.
//
// Thread-safe. Callbacks run on the caller's thread (refusals) or on the committer's.

#ifndef HERALD_ENGINE_REPLAYS_H_
#define HERALD_ENGINE_REPLAYS_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "herald/v1/delivery_service.pb.h"
#include "herald/v1/limits.pb.h"
#include "src/base/clock.h"
#include "src/engine/committer.h"
#include "src/engine/replayer.h"
#include "src/engine/webhook_registry.h"
#include "src/store/store.h"

namespace herald {

class Replays {
 public:
  using Done = std::function<void(absl::StatusOr<v1::Replay>)>;

  // All of these outlive it.
  Replays(Store& store, Committer& committer, const WebhookRegistry& registry, Replayer& replayer, const Clock& clock,
          const v1::Limits& limits)
      : store_(store),
        committer_(committer),
        registry_(registry),
        replayer_(replayer),
        clock_(clock),
        limits_(limits) {}

  // The errors are those of herald.v1.DeliveryService.
  void Begin(const std::string& tenant, const v1::ReplayDeliveriesRequest& request, Done done);
  absl::StatusOr<v1::Replay> Get(const std::string& tenant, const v1::GetReplayRequest& request) const;
  absl::StatusOr<v1::ListReplaysResponse> List(const std::string& tenant, const v1::ListReplaysRequest& request) const;

 private:
  absl::StatusOr<CreateReplay> Prepare(const std::string& tenant, const v1::ReplayDeliveriesRequest& request) const;

  Store& store_;
  Committer& committer_;
  const WebhookRegistry& registry_;
  Replayer& replayer_;
  const Clock& clock_;
  const v1::Limits limits_;
};

}  // namespace herald

#endif  // HERALD_ENGINE_REPLAYS_H_
