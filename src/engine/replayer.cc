#include "src/engine/replayer.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "src/base/log.h"
#include "src/base/status_macros.h"
#include "src/core/plan.h"
#include "src/engine/parsed_event.h"

namespace herald {
namespace {

constexpr int64_t kEventBytesAStep = 1 << 20;
constexpr absl::Duration kStepPause = absl::Milliseconds(20);
// Under unbroken load a replay makes a step a second all the same.
constexpr absl::Duration kBusyMax = absl::Seconds(1);
// While so many deliveries of the webhook are open, it looks again so often, and makes a step in so long all the same.
constexpr int64_t kOpenMax = 1000;
constexpr absl::Duration kOpenLook = absl::Milliseconds(200);
constexpr absl::Duration kOpenPatience = absl::Seconds(10);
constexpr absl::Duration kInactiveLook = absl::Seconds(10);
constexpr absl::Duration kStoreRetry = absl::Seconds(1);

}  // namespace

void Replayer::Resume() {
  loop_.Post([this] {
    TakeUp();
    TakeTurn();
  });
}

void Replayer::TakeUp() {
  absl::StatusOr<std::vector<StoredReplay>> running = store_.LoadRunningReplays();
  if (!running.ok()) {
    log::Error("cannot read which replays are running", {{"error", running.status().message()}});
    return loop_.RunAt(clock_.Monotonic() + kStoreRetry, [this] { Resume(); });
  }
  for (StoredReplay& stored : *running) {
    const bool known = stepping_ == stored.sequence || std::any_of(jobs_.begin(), jobs_.end(), [&](const auto& job) {
                         return job.second.stored.sequence == stored.sequence;
                       });
    if (!known) jobs_.emplace(clock_.Monotonic(), Job{std::move(stored), clock_.Monotonic()});
  }
}

void Replayer::TakeTurn() {
  while (!stepping_.has_value() && !jobs_.empty()) {
    const absl::Duration now = clock_.Monotonic();
    const absl::Duration at = std::max(jobs_.begin()->first, next_step_);
    if (now < at) return WakeAt(at);
    Job job = std::move(jobs_.extract(jobs_.begin()).mapped());
    if (const absl::Duration wait = WaitOf(job); wait > absl::ZeroDuration()) {
      jobs_.emplace(now + wait, std::move(job));
    } else {
      Step(std::move(job));
    }
  }
}

void Replayer::WakeAt(absl::Duration at) {
  if (at >= timer_) return;
  timer_ = at;
  loop_.RunAt(at, [this, at] {
    if (timer_ == at) timer_ = absl::InfiniteDuration();
    TakeTurn();
  });
}

absl::Duration Replayer::WaitOf(const Job& job) const {
  const StoredReplay& stored = job.stored;
  const WebhookPtr webhook = registry_.FindByUid(stored.tenant, stored.replay.webhook_uid());
  if (webhook == nullptr) return absl::ZeroDuration();  // the step ends it
  if (webhook->webhook().state() == v1::Webhook::INACTIVE) return kInactiveLook;
  const absl::Duration waited = clock_.Monotonic() - job.last_step;
  if (waited < kBusyMax && committer_.IsBusy()) return kStepPause;
  if (waited >= kOpenPatience) return absl::ZeroDuration();
  const absl::StatusOr<int64_t> open = store_.CountOpenDeliveries(stored.tenant, stored.replay.webhook_uid(), kOpenMax);
  return open.ok() && *open >= kOpenMax ? kOpenLook : absl::ZeroDuration();
}

absl::Status Replayer::FindMissed(const Job& job, const CompiledWebhook& webhook, ContinueReplay& write) const {
  EventQuery query;
  query.range = job.stored.rest;
  query.oldest_first = true;
  query.with_payload = true;
  query.bounds = {options_.events_a_step, kEventBytesAStep};
  HERALD_ASSIGN_OR_RETURN(const Page<StoredEvent> page, store_.ListEvents(job.stored.tenant, query));
  if (page.more) write.range.end = page.rows.back().sequence + 1;
  for (const StoredEvent& stored : page.rows) {
    if (!MatchesTriggers(webhook, stored.event.type())) continue;
    if (!MatchesFilters(webhook, ParsedEvent(stored.event).root())) continue;
    write.missed.push_back({stored.sequence, stored.event.ordering_key()});
  }
  return absl::OkStatus();
}

void Replayer::Step(Job job) {
  const StoredReplay& stored = job.stored;
  ContinueReplay write;
  write.tenant = stored.tenant;
  write.replay = stored.sequence;
  write.range = stored.rest;
  write.rows_max = options_.rows_a_step;
  write.now = clock_.Now();
  stepping_ = stored.sequence;
  const WebhookPtr webhook = registry_.FindByUid(stored.tenant, stored.replay.webhook_uid());
  if (stored.replay.include_missed() && webhook != nullptr) {
    if (const absl::Status found = FindMissed(job, *webhook, write); !found.ok()) return Stepped(found, std::move(job));
  }
  // Refused only when the server stops.
  committer_
      .SubmitOwn(std::move(write),
                 [this, job = std::move(job)](const absl::Status& status, Write& made) {
                   Committed(job, status, std::get<ContinueReplay>(made));
                 })
      .IgnoreError();
}

void Replayer::Committed(const Job& job, const absl::Status& status, const ContinueReplay& write) {
  Job next = job;
  if (status.ok()) {
    next.stored = write.after;
    std::vector<Watchers::Change> changes;
    for (const ContinueReplay::Opened& opened : write.opened) {
      changes.push_back({opened.delivery, next.stored.replay.webhook(), opened.state});
    }
    watchers_.Changed(write.tenant, changes);
  }
  // Also when it is not known whether it was written.
  dispatcher_.Wake(write.tenant, job.stored.replay.webhook_uid());
  loop_.Post([this, status, next = std::move(next)] { Stepped(status, next); });
}

void Replayer::Stepped(const absl::Status& status, Job job) {
  stepping_.reset();
  const absl::Duration now = clock_.Monotonic();
  next_step_ = now + kStepPause;
  if (!status.ok()) {
    // Where it is now, the store knows.
    log::Warning("a step of a replay failed and is made again",
                 {{"replay", job.stored.replay.name()}, {"error", status.message()}});
    loop_.RunAt(now + kStoreRetry, [this] { Resume(); });
  } else if (const v1::Replay& replay = job.stored.replay; replay.state() == v1::Replay::RUNNING) {
    job.last_step = now;
    jobs_.emplace(now, std::move(job));
  } else {
    log::Info("a replay ended", {{"replay", replay.name()},
                                 {"webhook", replay.webhook()},
                                 {"state", v1::Replay::State_Name(replay.state())},
                                 {"matched", replay.matched()},
                                 {"replayed", replay.replayed()}});
  }
  TakeTurn();
}

}  // namespace herald
