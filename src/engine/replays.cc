#include "src/engine/replays.h"

#include <optional>
#include <set>
#include <utility>
#include <variant>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/core/errors.h"
#include "src/core/limits.h"
#include "src/core/names.h"
#include "src/engine/page_token.h"
#include "src/engine/time_range.h"

namespace herald {
namespace {

constexpr int kRunningMax = 100;

bool IsClosed(int state) {
  return state == v1::Delivery::FAILED || state == v1::Delivery::SUCCEEDED || state == v1::Delivery::CANCELLED;
}

// Each once, by number; FAILED when none is asked for.
std::set<int> StatesOf(const v1::ReplayDeliveriesRequest& request, FieldViolations& violations) {
  std::set<int> states;
  for (int i = 0; i < request.states_size(); ++i) {
    const int state = request.states(i);
    if (IsClosed(state)) {
      states.insert(state);
      continue;
    }
    const std::string name =
        v1::Delivery::State_IsValid(state) ? v1::Delivery::State_Name(request.states(i)) : absl::StrCat(state);
    violations.Add(FieldOfIndex("states", i), absl::StrCat("is ", name, "; use FAILED, SUCCEEDED or CANCELLED"));
  }
  if (request.states().empty()) states.insert(v1::Delivery::FAILED);
  return states;
}

}  // namespace

absl::StatusOr<CreateReplay> Replays::Prepare(const std::string& tenant,
                                              const v1::ReplayDeliveriesRequest& request) const {
  FieldViolations violations;
  const absl::StatusOr<WebhookPtr> webhook = registry_.Find(tenant, request.webhook(), "webhook");
  violations.AddAll(webhook.status());
  const std::set<int> states = StatesOf(request, violations);
  CreateReplay write;
  write.range = SequencesIn(request.range(), violations);
  if (!violations.empty()) return violations.ToStatus();
  HERALD_RETURN_IF_ERROR(webhook.status());
  write.tenant = tenant;
  write.running_max = kRunningMax;
  write.now = clock_.Now();
  write.replay.set_webhook((*webhook)->webhook().name());
  write.replay.set_webhook_uid((*webhook)->webhook().uid());
  for (const int state : states) write.replay.add_states(static_cast<v1::Delivery::State>(state));
  *write.replay.mutable_range() = request.range();
  write.replay.set_include_missed(request.include_missed());
  return write;
}

void Replays::Begin(const std::string& tenant, const v1::ReplayDeliveriesRequest& request, Done done) {
  absl::StatusOr<CreateReplay> write = Prepare(tenant, request);
  if (!write.ok()) return done(write.status());
  const absl::Status submitted = committer_.Submit(
      *std::move(write), Committer::kSmallWriteBytes, [this, done](const absl::Status& status, Write& written) {
        replayer_.Resume();  // also when it is not known whether it was written
        if (!status.ok()) return done(status);
        done(std::move(std::get<CreateReplay>(written).replay));
      });
  if (!submitted.ok()) done(submitted);
}

absl::StatusOr<v1::Replay> Replays::Get(const std::string& tenant, const v1::GetReplayRequest& request) const {
  if (const std::optional<Sequence> replay = ReplayInName(tenant, request.name()); replay.has_value()) {
    return store_.FindReplay(tenant, *replay);
  }
  if (IdInName(tenant, "replays", request.name()).has_value()) {
    return MakeError(absl::StatusCode::kNotFound, v1::REPLAY_NOT_FOUND, absl::StrCat("there is no ", request.name()));
  }
  FieldViolations violations;
  violations.Add("name", absl::StrCat("is \"", request.name(), "\"; want \"replays/{id}\""));
  return violations.ToStatus();
}

absl::StatusOr<v1::ListReplaysResponse> Replays::List(const std::string& tenant,
                                                      const v1::ListReplaysRequest& request) const {
  FieldViolations violations;
  ReplayQuery query;
  query.bounds = {PageSize(request.page_size(), limits_.page_size_max(), violations), kPageBytesMax};
  const std::optional<std::string> cursor = ParsePageToken(request, violations);
  Sequence before = 0;
  if (cursor.has_value() && absl::SimpleAtoi(*cursor, &before)) query.before = before;
  if (!request.webhook().empty()) {
    const auto id = IdInName(tenant, "webhooks", request.webhook());
    if (!id.has_value()) {
      violations.Add("webhook", absl::StrCat("is \"", request.webhook(), "\"; want \"webhooks/{id}\""));
    }
    query.webhook_id = std::string(id.value_or(""));
  }
  if (!violations.empty()) return violations.ToStatus();
  HERALD_ASSIGN_OR_RETURN(Page<v1::Replay> page, store_.ListReplays(tenant, query));
  v1::ListReplaysResponse response;
  for (v1::Replay& row : page.rows) *response.add_replays() = std::move(row);
  if (page.more) {
    const Sequence last = *ReplayInName(tenant, response.replays().rbegin()->name());
    response.set_next_page_token(MakePageToken(request, absl::StrCat(last)));
  }
  return response;
}

}  // namespace herald
