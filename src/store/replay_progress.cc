#include "src/store/replay_progress.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "src/base/protobuf_time.h"
#include "src/core/errors.h"
#include "src/core/names.h"
#include "src/store/store_errors.h"

namespace herald {
namespace {

google::protobuf::Timestamp StoredTimestamp(absl::Time time) {
  return ToProto(absl::FromUnixMicros(absl::ToUnixMicros(time)));
}

}  // namespace

absl::Status CheckReplay(const CreateReplay& write, bool webhook_exists, absl::string_view webhook_id,
                         int64_t running) {
  if (!webhook_exists) return WebhookNotFoundError(webhook_id);
  if (running < write.running_max) return absl::OkStatus();
  return MakeError(absl::StatusCode::kResourceExhausted, v1::LIMIT_REACHED,
                   absl::StrCat(running, " replays are RUNNING, the most allowed; wait until one is done"));
}

StoredReplay BeginReplay(const CreateReplay& write) {
  StoredReplay stored{write.tenant, write.sequence, write.range, write.replay};
  // What is accepted from now on is no matter of this replay, least of all what it makes itself.
  stored.rest.end = std::min(stored.rest.end, write.sequence);
  stored.rest.first = std::min(stored.rest.first, stored.rest.end);
  v1::Replay& replay = stored.replay;
  replay.set_name(ReplayName(write.sequence));
  replay.set_state(v1::Replay::RUNNING);
  *replay.mutable_create_time() = ToProto(TimeOfSequence(write.sequence));
  *replay.mutable_update_time() = replay.create_time();
  *replay.mutable_range()->mutable_end_time() = ToProto(TimeOfSequence(stored.rest.end));
  *replay.mutable_progress_time() = ToProto(TimeOfSequence(stored.rest.first));
  return stored;
}

absl::Status CheckStep(const ContinueReplay& write, const StoredReplay& stored) {
  if (stored.replay.state() == v1::Replay::RUNNING && stored.rest.first == write.range.first &&
      write.range.end <= stored.rest.end) {
    return absl::OkStatus();
  }
  return absl::AbortedError(absl::StrCat(stored.replay.name(), " has gone on already"));
}

v1::Delivery::State StateOpenedAgain(int attempt_count) {
  return attempt_count == 0 ? v1::Delivery::PENDING : v1::Delivery::RETRYING;
}

bool IsReplayed(const v1::Replay& replay, v1::Delivery::State state) {
  return absl::c_linear_search(replay.states(), static_cast<int>(state));
}

void MoveOn(StoredReplay& stored, Sequence next, absl::Time now) {
  stored.rest.first = next;
  *stored.replay.mutable_progress_time() = ToProto(TimeOfSequence(next));
  *stored.replay.mutable_update_time() = StoredTimestamp(now);
  if (next >= stored.rest.end) stored.replay.set_state(v1::Replay::DONE);
}

void CancelReplay(StoredReplay& stored, absl::Time now) {
  stored.replay.set_state(v1::Replay::CANCELLED);
  *stored.replay.mutable_update_time() = StoredTimestamp(now);
}

}  // namespace herald
