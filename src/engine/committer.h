// The committer: one thread that alone writes to the store. It takes what has gathered while the last transaction ran
// and applies it as one: group commit without a timer. Of what is waiting, new events go before other writes, since the
// store takes many in a row faster; within each of the two kinds the order stays.
//
// Thread-safe. Callers hear of a write's end on the committer's thread and must not block there.

#ifndef HERALD_ENGINE_COMMITTER_H_
#define HERALD_ENGINE_COMMITTER_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "src/base/mutex.h"
#include "src/store/store.h"

namespace herald {

class Committer {
 public:
  struct Options {
    // What may wait between callers and the store; past either, Submit refuses.
    int64_t waiting_writes_max = 20'000;
    int64_t waiting_bytes_max = 64 << 20;
    // What one transaction takes of events, and of other writes.
    size_t batch_writes_max = 500;
    // What nobody waits for is written with the next that somebody does, and else when there are so many, or after so
    // long.
    size_t patient_writes_max = 128;
    std::chrono::milliseconds patience{5};
  };

  // Sees each batch, on the committer's thread: before it is applied, in the order of its writes, and after all callers
  // have heard of it.
  class Observer {
   public:
    virtual ~Observer() = default;
    virtual void BeforeApply(WriteBatch& batch) = 0;
    virtual void AfterBatch() = 0;
  };

  // `status` is that of Apply or, when Apply is OK, that of the write.
  using Done = std::function<void(const absl::Status& status, Write& write)>;

  // What a write without a payload counts for.
  static constexpr int64_t kSmallWriteBytes = 100;

  Committer(Store& store, const Options& options) : store_(store), options_(options) {}
  ~Committer() { Stop(); }

  // Before Start; `observer` outlives the committer's thread.
  void Observe(Observer& observer) { observer_ = &observer; }

  void Start();
  // Applies what is waiting, then ends the thread. Later writes are refused: UNAVAILABLE, DRAINING.
  void Stop();

  // Takes a caller's write of about `bytes`. `done` is called exactly once when OK is returned and never otherwise.
  // RESOURCE_EXHAUSTED: QUEUE_FULL, with RetryInfo. UNAVAILABLE: DRAINING. On both nothing was done.
  absl::Status Submit(Write write, int64_t bytes, Done done);
  // Takes a write of Herald's own, whose number is bounded by what is in flight: never refused while running.
  absl::Status SubmitOwn(Write write, Done done);
  // The same of a write that nobody waits for: it may wait a little for others to share a transaction with.
  absl::Status SubmitPatiently(Write write, Done done);

  // Whether writes wait for the store: then what is not urgent had better wait. Thread-safe.
  bool IsBusy() const;

  // Applies one batch of what is waiting; false when nothing was.
  bool RunOnce();

 private:
  struct Waiting {
    Write write;
    int64_t bytes = 0;
    Done done;
  };

  enum class Kind { kOfCaller, kOwn, kPatient };

  absl::Status Add(Write write, int64_t bytes, Done done, Kind kind);
  // Whether to apply what waits now; else `patient_until_`, or when something is added.
  bool IsTimeToApply() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  size_t WaitingCount() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return waiting_events_.size() + waiting_others_.size();
  }
  void TakeFrom(std::vector<Waiting>& waiting, std::vector<Waiting>& batch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Apply(std::vector<Waiting> batch);
  void Run();
  // False: it was stopped, and nothing is left to apply.
  bool AwaitTimeToApply();

  Store& store_;
  const Options options_;
  Observer* observer_ = nullptr;
  mutable Mutex mutex_;
  CondVar wake_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<Waiting> waiting_events_ ABSL_GUARDED_BY(mutex_);
  std::vector<Waiting> waiting_others_ ABSL_GUARDED_BY(mutex_);
  int64_t waiting_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool urgent_ ABSL_GUARDED_BY(mutex_) = false;  // somebody waits for something of it
  std::chrono::steady_clock::time_point patient_until_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace herald

#endif  // HERALD_ENGINE_COMMITTER_H_
