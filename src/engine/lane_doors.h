// Where a new delivery goes: straight to its lane in memory, or only to the store, from which the lane claims it.
//
// A lane's door is open while nothing due of the lane waits in the store. It shuts when the lane holds too much, cannot
// send, or gives something back; what comes then is only stored, until a claim has reached the end of what waits. All
// of this is decided on the committer's thread in the order in which the writes are applied, so a delivery is always
// either in memory or claimable, and the order in which deliveries were accepted holds across the border.
//
// Thread-safe.

#ifndef HERALD_ENGINE_LANE_DOORS_H_
#define HERALD_ENGINE_LANE_DOORS_H_

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "src/base/mutex.h"

namespace herald {

class LaneDoors {
 public:
  struct Options {
    // Deliveries of one lane in memory: so many, or an eighth of what is free of the memory of all. So a lane alone
    // takes a burst whole, and many lanes that hang leave room for those that do not.
    int lane_held_max = 256;
    int held_max = 16'384;              // of all lanes together
    int64_t held_bytes_max = 64 << 20;  // of their payloads
  };

  explicit LaneDoors(const Options& options) : options_(options) {}

  // Before a delivery is stored, on the committer's thread: whether it goes to memory. Then it counts as held.
  bool Admit(const std::string& lane, int64_t bytes);
  // Before a claim is applied, and after it was: `reached_end` when nothing due was left. On the committer's thread.
  void BeginClaim(const std::string& lane);
  void EndClaim(const std::string& lane, bool reached_end);

  // Takes room in memory for up to `count` deliveries that are to be claimed; gives how many.
  int Reserve(const std::string& lane, int count);
  // Of what was reserved, `count` came with `bytes` in all; the rest is room again.
  void Filled(const std::string& lane, int reserved, int count, int64_t bytes);
  // Deliveries left memory.
  void Left(const std::string& lane, int count, int64_t bytes);
  // Something due of this lane waits in the store, or is about to.
  void Shut(const std::string& lane);
  void Forget(const std::string& lane);

  // How many deliveries count as held.
  int held() const;

 private:
  struct Door {
    bool open = false;
    bool stored = false;  // something was only stored since the last claim began
    int held = 0;
  };

  const Options options_;
  mutable Mutex mutex_;
  absl::flat_hash_map<std::string, Door> doors_ ABSL_GUARDED_BY(mutex_);
  int held_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t held_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace herald

#endif  // HERALD_ENGINE_LANE_DOORS_H_
