#include "tests/sim/sim_store.h"

#include <string>
#include <variant>

#include "src/core/errors.h"
#include "src/core/names.h"

namespace herald {
namespace {

std::string Text(const CreateWebhook& write) { return absl::StrCat("create ", write.webhook.name()); }
std::string Text(const ReplaceWebhook& write) { return absl::StrCat("replace ", write.webhook.name()); }
std::string Text(const DeleteWebhook& write) { return absl::StrCat("delete webhooks/", write.id); }
std::string Text(const EnqueueEvent& write) {
  std::string text = absl::StrCat("enqueue ", write.event.id());
  for (const EnqueueEvent::Target& target : write.targets) {
    absl::StrAppend(&text, " ", target.webhook_id, "=", target.delivery == 0 ? "-" : DeliveryName(target.delivery),
                    target.token == 0 ? "" : absl::StrCat("#", target.token));
  }
  return text;
}
std::string Text(const ClaimDeliveries& write) {
  std::string text = absl::StrCat("claim up to ", write.count_max, " of ", write.webhook_uid, ":");
  for (const ClaimedDelivery& claimed : write.claimed) {
    absl::StrAppend(&text, " ", DeliveryName(claimed.claim.delivery), "#", claimed.claim.token);
  }
  return absl::StrCat(text, " next due ", absl::FormatTime(write.next_due, absl::UTCTimeZone()));
}
std::string Text(const SettleDelivery& write) {
  return absl::StrCat("settle ", DeliveryName(write.claim.delivery), "#", write.claim.token, " ",
                      v1::Delivery::State_Name(write.state), " after attempt ", write.result.attempt(),
                      write.next_attempt_time.has_value()
                          ? absl::StrCat(", next ", absl::FormatTime(*write.next_attempt_time, absl::UTCTimeZone()))
                          : "");
}
std::string Text(const ReleaseDelivery& write) {
  return absl::StrCat("release ", DeliveryName(write.claim.delivery), "#", write.claim.token);
}
std::string Text(const SaveHealth& write) { return absl::StrCat("save health of ", write.webhook_uid); }
std::string Text(const DeleteExpired& write) { return absl::StrCat("expire before ", write.before); }

absl::Status OutcomeUnknown() {
  return MakeError(absl::StatusCode::kUnavailable, v1::OUTCOME_UNKNOWN, "the store cannot tell whether it was written");
}

std::string Text(const CancelDeliveries& write) {
  std::string text = absl::StrCat("cancel deliveries of ", write.webhook_uid, ":");
  for (const Claim& claim : write.cancelled)
    absl::StrAppend(&text, " ", DeliveryName(claim.delivery), "#", claim.token);
  return text;
}
std::string Text(const CreateReplay& write) {
  return absl::StrCat("begin ", ReplayName(write.sequence), " of ", write.replay.webhook());
}
std::string Text(const ContinueReplay& write) {
  std::string text = absl::StrCat("go on with ", ReplayName(write.replay), ":");
  for (const ContinueReplay::Opened& opened : write.opened) {
    absl::StrAppend(&text, opened.made ? " make " : " open ", DeliveryName(opened.delivery));
  }
  return absl::StrCat(text, ", ", v1::Replay::State_Name(write.after.replay.state()));
}
std::string Text(const RetryDelivery& write) {
  return absl::StrCat("retry ", DeliveryName(write.delivery), write.force ? " by force" : "");
}
std::string Text(const CreateEventType& write) { return absl::StrCat("create ", write.event_type.name()); }
std::string Text(const ReplaceEventType& write) { return absl::StrCat("replace ", write.event_type.name()); }
std::string Text(const DeleteEventType& write) { return absl::StrCat("delete eventTypes/", write.type); }

}  // namespace

void SimStore::TraceWrites(const WriteBatch& batch, const char* how) {
  if (!trace_.kept()) return;
  trace_.Add("store     ", how, " ", batch.size(), " writes");
  for (const Write& write : batch) {
    const std::string text = std::visit([](const auto& one) { return Text(one); }, write);
    const absl::Status own = std::visit([](const auto& one) { return one.status; }, write);
    trace_.Add("store       ", text, own.ok() ? "" : absl::StrCat(" -> ", own.message()));
  }
}

absl::Status SimStore::Apply(WriteBatch& batch) {
  if (dice_.Chance(weather_.slow)) clock_.Advance(dice_.Between(absl::Milliseconds(1), absl::Seconds(20)));
  if (dice_.Chance(weather_.refused)) {
    trace_.Add("store     refuses ", batch.size(), " writes");
    return MakeError(absl::StatusCode::kUnavailable, v1::STORE_UNAVAILABLE, "the disk is full");
  }
  if (!dice_.Chance(weather_.unknown)) {
    absl::Status status = inner().Apply(batch);
    TraceWrites(batch, "commits");
    ledger_.ReadBack(batch);
    return status;
  }
  if (dice_.Chance(50)) {
    trace_.Add("store     loses ", batch.size(), " writes and cannot tell");
    return OutcomeUnknown();
  }
  WriteBatch copy = batch;
  (void)inner().Apply(copy);
  TraceWrites(copy, "commits, and cannot tell,");
  ledger_.ReadBackUnheard(copy);
  // Results mean nothing then, but some stores have filled them in.
  if (dice_.Chance(50)) batch = std::move(copy);
  return OutcomeUnknown();
}

}  // namespace herald
