#include "src/engine/own_events.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/json.h"
#include "src/base/protobuf_time.h"
#include "src/core/event_document.h"
#include "src/core/names.h"
#include "src/core/trigger.h"
#include "src/engine/parsed_event.h"

namespace herald {
namespace {

// Values are JSON texts; written with names sorted, as all payloads are.
using Members = std::map<std::string, std::string>;

std::string Text(absl::string_view value) {
  std::string text = "\"";
  AppendJsonEscaped(value, &text);
  return text + "\"";
}

std::string ObjectOf(const Members& members) {
  std::string object;
  for (const auto& [name, value] : members) {
    absl::StrAppend(&object, object.empty() ? "{" : ",", Text(name), ":", value);
  }
  return object + "}";
}

Members Describe(const v1::Webhook& webhook, const v1::InvocationResult& result) {
  return {{"webhook", Text(webhook.name())},
          {"webhook_uid", Text(webhook.uid())},
          {"display_name", Text(webhook.display_name())},
          {"delivery", Text(result.delivery())},
          {"event", Text(result.event())},
          {"attempt_count", absl::StrCat(result.attempt())},
          {"outcome", Text(v1::InvocationResult::Outcome_Name(result.outcome()))},
          {"message", Text(result.message())}};
}

// The event for all who asked for it.
std::optional<EnqueueEvent> Plan(const WebhookIndex& index, const std::string& tenant, const std::string& type,
                                 const Members& data, absl::Time now) {
  if (index.Candidates(type).empty()) return std::nullopt;
  EnqueueEvent enqueue;
  enqueue.tenant = tenant;
  enqueue.now = now;
  enqueue.event.set_type(type);
  enqueue.event.set_data_json(ObjectOf(data));
  *enqueue.event.mutable_time() = ToProto(now);
  const ParsedEvent parsed(enqueue.event);
  enqueue.content_hash = ContentHash(enqueue.event, *parsed.root().Find("data"));
  for (const CompiledWebhook* const webhook : index.Plan(type, parsed.root())) {
    const std::optional<absl::string_view> webhook_id = IdInName(tenant, "webhooks", webhook->webhook().name());
    enqueue.targets.push_back({std::string(webhook_id.value_or("")), webhook->webhook().uid()});
  }
  if (enqueue.targets.empty()) return std::nullopt;
  return enqueue;
}

}  // namespace

std::optional<EnqueueEvent> DeliveryFailedEvent(const WebhookIndex& index, const std::string& tenant,
                                                const v1::Webhook& webhook, const std::string& event_type,
                                                const v1::InvocationResult& result, absl::Time now) {
  if (IsOwnEventType(event_type)) return std::nullopt;
  Members data = Describe(webhook, result);
  data["event_type"] = Text(event_type);
  return Plan(index, tenant, "herald.delivery.failed", data, now);
}

std::optional<EnqueueEvent> WebhookDisabledEvent(const WebhookIndex& index, const std::string& tenant,
                                                 const v1::Webhook& webhook, const v1::InvocationResult& result,
                                                 absl::Time now) {
  Members data = Describe(webhook, result);
  data["disabled_reason"] = Text(v1::Webhook::DisabledReason_Name(webhook.disabled_reason()));
  return Plan(index, tenant, "herald.webhook.disabled", data, now);
}

}  // namespace herald
