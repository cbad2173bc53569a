#include "src/engine/janitor.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "src/base/log.h"

namespace herald {
namespace {

constexpr int kRowsAStep = 500;
constexpr absl::Duration kBatchPause = absl::Milliseconds(20);
// Under unbroken load one step a second is made nevertheless: the disk is not endless either.
constexpr int kPutOffMax = 50;
constexpr absl::Duration kExpirySleepMin = absl::Minutes(1);
constexpr absl::Duration kExpirySleepMax = absl::Hours(1);
constexpr absl::Duration kRewindEvery = absl::Hours(24);
constexpr absl::Duration kReportEvery = absl::Minutes(1);

}  // namespace

void Janitor::Start() {
  if (retention_ > absl::ZeroDuration()) loop_.Post([this] { BeginPass(); });
}

void Janitor::BeginPass() {
  const absl::Duration now = clock_.Monotonic();
  if (now >= rewind_at_) {
    next_ = 0;
    rewind_at_ = now + kRewindEvery;
  }
  before_ = std::max(next_, FirstSequenceAt(clock_.Now() - retention_));
  report_at_ = now + kReportEvery;
  Step();
}

void Janitor::Step() {
  if (committer_.IsBusy() && put_off_ < kPutOffMax) {
    ++put_off_;
    return loop_.RunAt(clock_.Monotonic() + kBatchPause, [this] { Step(); });
  }
  put_off_ = 0;
  DeleteExpired write;
  write.first = next_;
  write.before = before_;
  write.rows_max = kRowsAStep;
  // Refused only when the server stops.
  committer_
      .SubmitOwn(
          std::move(write),
          [this](const absl::Status& status, Write& done) {
            loop_.Post([this, status, made = std::get<DeleteExpired>(std::move(done))] { Stepped(status, made); });
          })
      .IgnoreError();
}

void Janitor::Stepped(const absl::Status& status, const DeleteExpired& write) {
  const absl::Duration now = clock_.Monotonic();
  if (!status.ok()) {  // the committer has told why
    return loop_.RunAt(now + kExpirySleepMin, [this] { Step(); });
  }
  next_ = write.next;
  removed_.events += write.events;
  removed_.deliveries += write.deliveries;
  removed_.invocations += write.invocations;
  if (!write.more) return EndPass(write);
  if (now >= report_at_) Report();
  loop_.RunAt(now + kBatchPause, [this] { Step(); });
}

void Janitor::EndPass(const DeleteExpired& write) {
  Report();
  const absl::Time expiry = TimeOfSequence(write.first_kept) + retention_ + absl::Microseconds(1);
  const absl::Duration sleep = std::clamp(expiry - clock_.Now(), kExpirySleepMin, kExpirySleepMax);
  loop_.RunAt(clock_.Monotonic() + sleep, [this] { BeginPass(); });
}

void Janitor::Report() {
  report_at_ = clock_.Monotonic() + kReportEvery;
  if (removed_.events + removed_.deliveries == 0) return;
  log::Info("removed what is older than the retention",
            {{"events", removed_.events},
             {"deliveries", removed_.deliveries},
             {"invocations", removed_.invocations},
             {"up_to", absl::FormatTime(TimeOfSequence(next_), absl::UTCTimeZone())}});
  removed_ = Removed();
}

}  // namespace herald
