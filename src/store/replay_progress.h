// How a replay begins, goes on and ends: the same in every store. Functions of their arguments.

#ifndef HERALD_STORE_REPLAY_PROGRESS_H_
#define HERALD_STORE_REPLAY_PROGRESS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/store/store.h"

namespace herald {

// Why `write` begins no replay, or OK; `running` are RUNNING.
absl::Status CheckReplay(const CreateReplay& write, bool webhook_exists, absl::string_view webhook_id, int64_t running);
// The replay that `write` begins; its sequence was given.
StoredReplay BeginReplay(const CreateReplay& write);

// Why `write` is not the next step of `stored`, or OK.
absl::Status CheckStep(const ContinueReplay& write, const StoredReplay& stored);
// The state of a closed delivery that is opened again.
v1::Delivery::State StateOpenedAgain(int attempt_count);
// Whether deliveries in `state` are sent again.
bool IsReplayed(const v1::Replay& replay, v1::Delivery::State state);
// What is before `next` was looked at.
void MoveOn(StoredReplay& stored, Sequence next, absl::Time now);
// Its webhook is gone.
void CancelReplay(StoredReplay& stored, absl::Time now);

}  // namespace herald

#endif  // HERALD_STORE_REPLAY_PROGRESS_H_
