// Those who watch deliveries: each gets the latest state of every delivery that changed since it last read, bounded
// however slowly it reads.
//
// Thread-safe. Readers are called on the loop's thread, where the store is read too, so that no commit waits for them.

#ifndef HERALD_ENGINE_WATCHERS_H_
#define HERALD_ENGINE_WATCHERS_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "herald/v1/delivery_service.pb.h"
#include "src/base/mutex.h"
#include "src/core/sequence.h"
#include "src/engine/loop.h"
#include "src/store/store.h"

namespace herald {

class Watchers {
 public:
  class Reader {
   public:
    virtual ~Reader() = default;
    // Takes a delivery, without bodies. The next one comes only after Watchers::Read.
    virtual void Write(v1::Delivery delivery) = 0;
    // Nothing comes any more. RESOURCE_EXHAUSTED: it read too slowly. UNAVAILABLE: DRAINING.
    virtual void End(const absl::Status& status) = 0;
  };
  using Ticket = uint64_t;

  struct Change {
    Sequence delivery = 0;
    std::string webhook;  // "webhooks/{id}"
    v1::Delivery::State state = v1::Delivery::STATE_UNSPECIFIED;
  };

  // Deliveries that wait for one reader, at most.
  static constexpr size_t kUnreadMax = 1000;

  // Both outlive it.
  Watchers(Store& store, Loop& loop) : store_(store), loop_(loop) {}

  // INVALID_ARGUMENT: `request` names no webhook, or no state. What is committed from here on is told, once the reader
  // asks by Read.
  absl::StatusOr<Ticket> Watch(const std::string& tenant, const v1::WatchDeliveriesRequest& request,
                               std::shared_ptr<Reader> reader);
  // The reader can take the next one.
  void Read(Ticket ticket);
  // The reader is gone: it is not called any more, but for a call that is under way.
  void Forget(Ticket ticket);
  // Ends all of them, and those to come: the server stops.
  void EndAll();

  // Whether anybody wants to hear of changes.
  bool empty() const { return count_ == 0; }
  // Deliveries changed, and it is committed.
  void Changed(const std::string& tenant, const std::vector<Change>& changes);

 private:
  struct Watcher {
    std::string tenant;
    std::string webhook;                      // empty: any
    std::vector<v1::Delivery::State> states;  // empty: any
    std::shared_ptr<Reader> reader;
    std::deque<Sequence> unread;              // each once, in the order in which they first changed
    absl::flat_hash_set<Sequence> is_unread;  // the same
    bool is_reading = false;                  // waits for the next one
    absl::Status end;                         // why it ends, unless OK

    bool Wants(const std::string& delivery_webhook, v1::Delivery::State state) const;
    bool HasNews() const { return !unread.empty() || !end.ok(); }
  };

  // The next thing to tell a watcher that reads: nothing (it was woken in vain), its end, or a delivery.
  struct News {
    std::shared_ptr<Reader> reader;  // null: nothing
    std::string tenant;
    Sequence delivery = 0;
    absl::Status end;
  };
  News NextOf(Ticket ticket);
  // Whether it still wants this delivery, as it is now.
  bool Wants(Ticket ticket, const v1::Delivery& delivery);
  // Gives a watcher that reads what it is to have next.
  void Serve(Ticket ticket);
  // Has the watcher served, if it reads and there is something for it.
  void Wake(Ticket ticket, Watcher& watcher) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Store& store_;
  Loop& loop_;
  std::atomic<int> count_{0};
  Mutex mutex_;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  Ticket last_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<Ticket, Watcher> watchers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace herald

#endif  // HERALD_ENGINE_WATCHERS_H_
