// One WatchDeliveries call, from its start to its end: writes what the watchers hand it, one message at a time.
//
// Thread-safe. Owns itself until OnDone; the watchers share it while they call it.

#ifndef HERALD_RPC_WATCH_REACTOR_H_
#define HERALD_RPC_WATCH_REACTOR_H_

#include <grpcpp/support/server_callback.h>

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "herald/v1/delivery_service.pb.h"
#include "src/base/mutex.h"
#include "src/engine/watchers.h"

namespace herald {

class WatchReactor final : public grpc::ServerWriteReactor<v1::Delivery>, public Watchers::Reader {
 public:
  // Begins the call of `tenant`, or refuses it. `watchers` outlives it.
  static WatchReactor* Start(Watchers& watchers, const absl::StatusOr<std::string>& tenant,
                             const v1::WatchDeliveriesRequest& request);

  explicit WatchReactor(Watchers& watchers) : watchers_(watchers) {}

  void Write(v1::Delivery delivery) override;
  void End(const absl::Status& status) override;

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  // Finishes the call, once, when nothing is being written.
  void FinishWith(const grpc::Status& status);

  Watchers& watchers_;
  Watchers::Ticket ticket_ = 0;
  v1::Delivery message_;  // while it is written
  Mutex mutex_;
  std::shared_ptr<WatchReactor> self_ ABSL_GUARDED_BY(mutex_);
  bool is_writing_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<grpc::Status> end_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace herald

#endif  // HERALD_RPC_WATCH_REACTOR_H_
