// Events of Herald's own, which webhooks can ask for by a trigger that names "herald.".
//
// Thread rule: functions of their arguments.

#ifndef HERALD_ENGINE_OWN_EVENTS_H_
#define HERALD_ENGINE_OWN_EVENTS_H_

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "herald/v1/delivery.pb.h"
#include "herald/v1/webhook.pb.h"
#include "src/core/plan.h"
#include "src/store/store.h"

namespace herald {

// herald.delivery.failed: an event of type `event_type` was given up for `webhook`, after `result`. Nothing when no
// webhook of `index` asked for it, or when the event is Herald's own.
std::optional<EnqueueEvent> DeliveryFailedEvent(const WebhookIndex& index, const std::string& tenant,
                                                const v1::Webhook& webhook, const std::string& event_type,
                                                const v1::InvocationResult& result, absl::Time now);

// herald.webhook.disabled: `webhook` is now DISABLED, after `result`. Nothing when no webhook asked for it.
std::optional<EnqueueEvent> WebhookDisabledEvent(const WebhookIndex& index, const std::string& tenant,
                                                 const v1::Webhook& webhook, const v1::InvocationResult& result,
                                                 absl::Time now);

}  // namespace herald

#endif  // HERALD_ENGINE_OWN_EVENTS_H_
