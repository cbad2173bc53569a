// A store that tells the watchers which deliveries a batch made or settled.
//
// Thread rule as Store.

#ifndef HERALD_ENGINE_WATCHED_STORE_H_
#define HERALD_ENGINE_WATCHED_STORE_H_

#include "src/engine/watchers.h"
#include "src/store/forwarding_store.h"

namespace herald {

class WatchedStore final : public ForwardingStore {
 public:
  // Both outlive it.
  WatchedStore(Store& store, Watchers& watchers) : ForwardingStore(store), watchers_(watchers) {}

  absl::Status Apply(WriteBatch& batch) override;

 private:
  Watchers& watchers_;
};

}  // namespace herald

#endif  // HERALD_ENGINE_WATCHED_STORE_H_
