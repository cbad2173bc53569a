#include "src/core/validate_retry_policy.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/protobuf_time.h"
#include "src/core/field_checks.h"
#include "src/core/limits.h"

namespace herald {
namespace {

constexpr int kWaitsMax = 30;

// False for NaN, too.
bool IsIn(double value, double min, double max) { return value >= min && value <= max; }

void CheckSchedule(const v1::RetryPolicy& policy, absl::string_view field, FieldViolations& violations) {
  CheckCount(policy.schedule_size(), kWaitsMax, "waits", field, violations);
  const DurationRange range = {.min = absl::ZeroDuration(), .min_excluded = true, .max = kRetryWaitMax};
  for (int i = 0; i < std::min(policy.schedule_size(), kWaitsMax); ++i) {
    CheckDuration(policy.schedule(i), range, FieldOfIndex(field, i), violations);
  }
}

void CheckBackoff(const v1::RetryPolicy::Backoff& backoff, absl::string_view field, FieldViolations& violations) {
  const DurationRange range = {.min = absl::ZeroDuration(), .min_excluded = true, .max = kRetryWaitMax};
  const std::string initial_field = absl::StrCat(field, ".initial");
  const size_t before = violations.size();
  if (!backoff.has_initial()) {
    violations.Add(initial_field, "required: the first wait, more than 0, at most 24h");
  } else {
    CheckDuration(backoff.initial(), range, initial_field, violations);
  }
  if (backoff.has_max()) CheckDuration(backoff.max(), range, absl::StrCat(field, ".max"), violations);
  if (violations.size() == before && backoff.has_max() && FromProto(backoff.initial()) > FromProto(backoff.max())) {
    violations.Add(initial_field, "is longer than max; choose a shorter one, or a longer max");
  }
  if (backoff.multiplier() != 0 && !IsIn(backoff.multiplier(), 1, 10)) {
    violations.Add(absl::StrCat(field, ".multiplier"),
                   absl::StrCat(backoff.multiplier(), "; from 1 to 10 is allowed, and 0 means 2"));
  }
}

void CheckDisjoint(const v1::RetryPolicy& policy, absl::string_view field, FieldViolations& violations) {
  const auto& retryable = policy.retryable_statuses();
  for (int i = 0; i < policy.final_statuses_size(); ++i) {
    if (std::find(retryable.begin(), retryable.end(), policy.final_statuses(i)) == retryable.end()) continue;
    violations.Add(FieldOfIndex(absl::StrCat(field, ".final_statuses"), i),
                   absl::StrCat(policy.final_statuses(i), " is also in retryable_statuses; keep it in one of the two"));
  }
}

}  // namespace

void CheckStatuses(const google::protobuf::RepeatedField<int32_t>& statuses, absl::string_view field,
                   FieldViolations& violations) {
  constexpr int kFirst = 100;
  constexpr int kLast = 599;
  bool seen[kLast + 1] = {};
  for (int i = 0; i < statuses.size(); ++i) {
    const int status = statuses[i];
    if (status < kFirst || status > kLast) {
      violations.Add(FieldOfIndex(field, i), absl::StrCat(status, " is no HTTP status; 100 to 599 is allowed"));
    } else if (seen[status]) {
      violations.Add(FieldOfIndex(field, i), absl::StrCat(status, " stands twice; leave one out"));
    } else {
      seen[status] = true;
    }
  }
}

void ValidateRetryPolicy(const v1::RetryPolicy& policy, absl::string_view field, FieldViolations& violations) {
  const auto sub = [field](absl::string_view name) { return absl::StrCat(field, ".", name); };
  if (policy.max_attempts() < 0 || policy.max_attempts() > kAttemptsMax) {
    violations.Add(sub("max_attempts"), absl::StrCat(policy.max_attempts(), "; from 1 to ", kAttemptsMax,
                                                     " is allowed, and 0 for as many as the schedule has"));
  }
  if (!policy.schedule().empty() && policy.has_backoff()) {
    violations.Add(sub("backoff"), "schedule is set, too; keep one of the two");
  }
  CheckSchedule(policy, sub("schedule"), violations);
  if (policy.has_backoff()) CheckBackoff(policy.backoff(), sub("backoff"), violations);
  if (policy.has_jitter() && !IsIn(policy.jitter(), 0, 0.5)) {
    violations.Add(sub("jitter"), absl::StrCat(policy.jitter(), "; from 0 to 0.5 is allowed"));
  }
  if (policy.has_max_age()) {
    const DurationRange range = {.min = absl::ZeroDuration(), .min_excluded = true, .max = kMaxAgeMax};
    CheckDuration(policy.max_age(), range, sub("max_age"), violations);
  }
  CheckStatuses(policy.retryable_statuses(), sub("retryable_statuses"), violations);
  CheckStatuses(policy.final_statuses(), sub("final_statuses"), violations);
  CheckDisjoint(policy, field, violations);
}

}  // namespace herald
