#include "tests/sim/sim_callers.h"

#include <algorithm>
#include <utility>

#include "google/rpc/error_details.pb.h"
#include "src/base/protobuf_time.h"
#include "src/core/errors.h"
#include "src/core/names.h"
#include "src/core/trigger.h"

namespace herald {
namespace {

const std::vector<std::string>& Types() {
  static const auto& types = *new std::vector<std::string>{"order.paid", "order.sent", "user.left"};
  return types;
}
const std::vector<std::string>& Triggers() {
  static const auto& triggers = *new std::vector<std::string>{"*", "*", "order.*", "order.paid", "user.left"};
  return triggers;
}

constexpr int kWebhooksMax = 5;

std::string IdOf(const v1::Webhook& webhook) { return webhook.name().substr(sizeof("webhooks/") - 1); }

bool Asks(const v1::Webhook& webhook, const std::string& type) {
  return webhook.state() == v1::Webhook::ACTIVE &&
         std::any_of(webhook.triggers().begin(), webhook.triggers().end(),
                     [&](const std::string& trigger) { return TriggerMatches(trigger, type); });
}

SimCallers::End EndOf(const absl::Status& status, v1::ErrorReason reason) {
  if (status.ok()) return SimCallers::End::kOk;
  return reason == v1::OUTCOME_UNKNOWN ? SimCallers::End::kUnknown : SimCallers::End::kRefused;
}

v1::ErrorReason ReasonIn(const google::rpc::Status& error) {
  google::rpc::ErrorInfo info;
  v1::ErrorReason reason = v1::ERROR_REASON_UNSPECIFIED;
  for (const google::protobuf::Any& detail : error.details()) {
    if (detail.UnpackTo(&info)) v1::ErrorReason_Parse(info.reason(), &reason);
  }
  return reason;
}

}  // namespace

SimCallers::End SimCallers::EndOf(const absl::Status& status) { return herald::EndOf(status, ReasonOf(status)); }

// ---- Events

SimCallers::EventCall& SimCallers::NewEventCall() {
  EventCall call;
  call.event_id = absl::StrCat("e", events_.size());
  call.type = dice_.Pick(Types());
  if (!events_.empty() && dice_.Chance(10)) {
    const EventCall& earlier = events_[dice_.Below(events_.size())];
    call.event_id = earlier.event_id;
    call.type = earlier.type;
    call.content = dice_.Chance(70) ? earlier.content : earlier.content + 1;
  }
  for (const auto& [uid, webhook] : ledger_.webhooks()) {
    if (Asks(webhook, call.type) && !ChangeIsUnderWay(IdOf(webhook))) call.must_reach.push_back(uid);
  }
  events_.push_back(std::move(call));
  return events_.back();
}

v1::Event SimCallers::MakeEvent(const EventCall& call) const {
  v1::Event event;
  event.set_id(call.event_id);
  event.set_type(call.type);
  event.set_data_json(absl::StrCat("{\"content\":", call.content, "}"));
  // Two keys and none. By the id, so that a repeated event has its own again.
  const size_t key = static_cast<size_t>(call.event_id.back()) % 3;
  if (key != 0) event.set_ordering_key(absl::StrCat("key-", key));
  return event;
}

void SimCallers::Answered(EventCall& call, const absl::Status& status, v1::ErrorReason reason) {
  ++call.answers;
  call.end = herald::EndOf(status, reason);
  trace_.Add("caller    hears of ", call.event_id, ": ", call.end == End::kOk ? "OK" : status.message());
}

void SimCallers::AnsweredOk(EventCall& call, bool duplicate, int delivery_count) {
  Answered(call, absl::OkStatus(), v1::ERROR_REASON_UNSPECIFIED);
  call.duplicate = duplicate;
  call.delivery_count = delivery_count;
  if (duplicate) return;
  const auto event = ledger_.events().find(call.event_id);
  for (const std::string& uid : call.must_reach) {
    if (!ledger_.webhooks().contains(uid)) continue;  // deleted meanwhile
    const bool reached =
        event != ledger_.events().end() &&
        std::any_of(event->second.deliveries.begin(), event->second.deliveries.end(),
                    [&](Sequence delivery) { return ledger_.deliveries().at(delivery).webhook_uid == uid; });
    if (!reached) call.missed.push_back(uid);
  }
}

void SimCallers::Answered(EventCall& call, const absl::StatusOr<v1::DispatchEventResponse>& answer) {
  if (!answer.ok()) return Answered(call, answer.status(), ReasonOf(answer.status()));
  AnsweredOk(call, answer->duplicate(), answer->delivery_count());
  for (const v1::Delivery& delivery : answer->deliveries()) {
    const Sequence sequence = DeliveryInName(kDefaultTenant, delivery.name()).value_or(0);
    call.deliveries.push_back(sequence);
    const Ledger::Delivery* const stored = ledger_.Find(sequence);
    // A cancel ended the wait for one that was opened again, and nobody waits for what replays make.
    const bool not_awaited = stored != nullptr && (stored->openings_at_cancel.has_value() || stored->made);
    const bool attempted = delivery.state() != v1::Delivery::PENDING || not_awaited;
    if (call.wait && !attempted && clock_.Monotonic() < call.wait_until) call.answered_early = true;
  }
}

void SimCallers::Answered(EventCall& call, const v1::BatchDispatchEventsResponse::Result& result) {
  if (result.error().code() == 0) return AnsweredOk(call, result.duplicate(), result.delivery_count());
  Answered(call, absl::UnknownError(result.error().message()), ReasonIn(result.error()));
}

void SimCallers::Dispatch(Engine& engine) {
  EventCall& call = NewEventCall();
  call.wait = dice_.Chance(20);
  call.wait_until = clock_.Monotonic() + dice_.Between(absl::Milliseconds(100), absl::Seconds(60));
  trace_.Add("caller    sends ", call.event_id, " ", call.type, call.wait ? " and waits" : "");
  v1::DispatchEventRequest request;
  *request.mutable_event() = MakeEvent(call);
  request.set_wait(call.wait);
  engine.publisher.Dispatch(
      kDefaultTenant, request, call.wait_until,
      [this, &call](const absl::StatusOr<v1::DispatchEventResponse>& answer) { Answered(call, answer); });
}

void SimCallers::DispatchBatch(Engine& engine) {
  v1::BatchDispatchEventsRequest request;
  std::vector<EventCall*> calls;
  for (int left = dice_.Between(2, 5); left > 0; --left) {
    EventCall& call = NewEventCall();
    trace_.Add("caller    sends ", call.event_id, " ", call.type, " in a batch");
    *request.add_events() = MakeEvent(call);
    calls.push_back(&call);
  }
  engine.publisher.DispatchBatch(kDefaultTenant, request,
                                 [this, calls](absl::StatusOr<v1::BatchDispatchEventsResponse> answer) {
                                   for (size_t i = 0; i < calls.size(); ++i) {
                                     Answered(*calls[i], answer->results(static_cast<int>(i)));
                                   }
                                 });
}

// ---- Webhooks

SimCallers::ChangeCall& SimCallers::NewChangeCall(const std::string& webhook_id) {
  changes_.push_back({webhook_id, End::kWaiting, 0});
  return changes_.back();
}

void SimCallers::Answered(ChangeCall& call, const absl::Status& status) {
  ++call.answers;
  call.end = EndOf(status);
  trace_.Add("caller    hears of webhooks/", call.webhook_id, ": ", status.ok() ? "OK" : status.message());
}

bool SimCallers::ChangeIsUnderWay(const std::string& webhook_id) const {
  return std::any_of(changes_.begin(), changes_.end(), [&](const ChangeCall& call) {
    return call.end == End::kWaiting && call.webhook_id == webhook_id;
  });
}

void SimCallers::ChangeSettings(v1::Webhook& webhook) {
  *webhook.mutable_timeout() = ToProto(absl::Seconds(dice_.Between(1, 60)));
  webhook.set_max_in_flight(dice_.Between(1, 4));
  webhook.clear_triggers();
  webhook.add_triggers(dice_.Pick(Triggers()));
  v1::RetryPolicy& policy = *webhook.mutable_retry_policy();
  policy.Clear();
  for (int waits = dice_.Between(1, 4); waits > 0; --waits) {
    *policy.add_schedule() = ToProto(absl::Seconds(dice_.Pick<int>({1, 1, 5, 20, 90, 600})));
  }
  policy.set_max_attempts(dice_.Between(1, 5));
  if (dice_.Chance(20)) *policy.mutable_max_age() = ToProto(absl::Minutes(dice_.Between(1, 60)));
}

void SimCallers::ChangeRate(v1::Webhook& webhook) {
  webhook.mutable_rate_limit()->set_requests_per_second(dice_.Pick<double>({0.7, 3, 20}));
  webhook.mutable_rate_limit()->set_burst(dice_.Between(1, 4));
}

void SimCallers::Create(Engine& engine) {
  const std::string id = absl::StrCat("w", dice_.Between(1, kWebhooksMax));
  v1::CreateWebhookRequest request;
  request.set_webhook_id(id);
  request.mutable_webhook()->set_display_name(id);
  request.mutable_webhook()->set_url(absl::StrCat("https://", id, ".example.com/in"));
  ChangeSettings(*request.mutable_webhook());
  if (dice_.Chance(30)) ChangeRate(*request.mutable_webhook());
  trace_.Add("caller    creates webhooks/", id);
  ChangeCall& call = NewChangeCall(id);
  engine.registry.Create(kDefaultTenant, request,
                         [this, &call](const absl::StatusOr<v1::Webhook>& answer) { Answered(call, answer.status()); });
}

std::string SimCallers::PickWebhookId() {
  std::vector<std::string> ids;
  for (const auto& [uid, webhook] : ledger_.webhooks()) ids.push_back(IdOf(webhook));
  // By id: uids are in an order of their own.
  std::sort(ids.begin(), ids.end());
  return ids.empty() ? "" : dice_.Pick(ids);
}

bool SimCallers::HasRate(const std::string& webhook_id) const {
  const auto& webhooks = ledger_.webhooks();
  return std::any_of(webhooks.begin(), webhooks.end(), [&](const auto& entry) {
    return IdOf(entry.second) == webhook_id && entry.second.has_rate_limit();
  });
}

void SimCallers::SendUpdate(Engine& engine, const v1::Webhook& webhook, const std::vector<std::string>& mask) {
  v1::UpdateWebhookRequest request;
  *request.mutable_webhook() = webhook;
  for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
  ChangeCall& call = NewChangeCall(IdOf(webhook));
  engine.registry.Update(kDefaultTenant, request,
                         [this, &call](const absl::StatusOr<v1::Webhook>& answer) { Answered(call, answer.status()); });
}

void SimCallers::Update(Engine& engine) {
  const std::string id = PickWebhookId();
  if (id.empty()) return;
  v1::Webhook webhook;
  webhook.set_name(WebhookName(id));
  if (dice_.Chance(60)) {
    webhook.set_state(dice_.Chance(60) ? v1::Webhook::ACTIVE : v1::Webhook::INACTIVE);
    trace_.Add("caller    sets webhooks/", id, " ", v1::Webhook::State_Name(webhook.state()));
    return SendUpdate(engine, webhook, {"state"});
  }
  ChangeSettings(webhook);
  trace_.Add("caller    changes webhooks/", id);
  std::vector<std::string> mask = {"triggers", "timeout", "retry_policy", "max_in_flight"};
  if (HasRate(id)) {
    ChangeRate(webhook);
    mask.emplace_back("rate_limit");
  }
  SendUpdate(engine, webhook, mask);
}

void SimCallers::ActivateAll(Engine& engine) {
  for (const auto& [uid, stored] : ledger_.webhooks()) {
    if (stored.state() == v1::Webhook::ACTIVE) continue;
    v1::Webhook webhook;
    webhook.set_name(stored.name());
    webhook.set_state(v1::Webhook::ACTIVE);
    trace_.Add("caller    sets ", stored.name(), " ACTIVE");
    SendUpdate(engine, webhook, {"state"});
  }
}

void SimCallers::Delete(Engine& engine) {
  const std::string id = PickWebhookId();
  if (id.empty()) return;
  v1::DeleteWebhookRequest request;
  request.set_name(WebhookName(id));
  trace_.Add("caller    deletes webhooks/", id);
  ChangeCall& call = NewChangeCall(id);
  engine.registry.Delete(kDefaultTenant, request,
                         [this, &call](const absl::Status& status) { Answered(call, status); });
}

// ---- All

void SimCallers::Crash() {
  for (EventCall& call : events_) {
    if (call.end == End::kWaiting) call.end = End::kLost;
  }
  for (ChangeCall& call : changes_) {
    if (call.end == End::kWaiting) call.end = End::kLost;
  }
}

bool SimCallers::AnyWaits() const {
  const auto waits = [](const auto& call) { return call.end == End::kWaiting; };
  return std::any_of(events_.begin(), events_.end(), waits) || std::any_of(changes_.begin(), changes_.end(), waits);
}

}  // namespace herald
