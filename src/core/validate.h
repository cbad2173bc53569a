// Checks of requests: everything that is wrong with a message is found at once and named by its field's path.
//
// Pure; the webhook's parts that are compiled (filters, templates, validators, url) are checked by compiled_webhook.

#ifndef HERALD_CORE_VALIDATE_H_
#define HERALD_CORE_VALIDATE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "herald/v1/event.pb.h"
#include "herald/v1/event_type.pb.h"
#include "herald/v1/limits.pb.h"
#include "herald/v1/webhook.pb.h"
#include "src/core/errors.h"
#include "src/core/event_document.h"

namespace herald {

// Adds to `violations` all that is wrong with the plain fields of `webhook`; paths begin with `prefix` ("webhook").
void ValidateWebhook(const v1::Webhook& webhook, const v1::Limits& limits, absl::string_view prefix,
                     FieldViolations& violations);

// The same for an event as a sender gives it; the payload's size, depth and form included. Gives the payload, empty
// when it is wrong.
Payload ValidateEvent(const v1::Event& event, const v1::Limits& limits, absl::string_view prefix,
                      FieldViolations& violations);

// The type of an event, or of an event type, as people give it: [A-Za-z0-9][A-Za-z0-9._-]{0,127}, not Herald's own.
void ValidateEventTypeId(absl::string_view type, absl::string_view field, FieldViolations& violations);

// All that is wrong with what people set of an event type; paths begin with `prefix` ("event_type"). Its sample has to
// be one of `type`, unless that is empty.
void ValidateEventType(const v1::EventType& event_type, absl::string_view type, const v1::Limits& limits,
                       absl::string_view prefix, FieldViolations& violations);

// [a-z]([a-z0-9-]{0,61}[a-z0-9])?
void ValidateWebhookId(absl::string_view id, absl::string_view field, FieldViolations& violations);

// The webhook with documented defaults in the place of what is unset: state, method, content_type, timeout,
// retry_policy (schedule, max_attempts, jitter, max_age, multiplier, max), signing.scheme,
// oauth2.client_authentication, operators. What is stored, shown and used.
v1::Webhook WithDefaults(v1::Webhook webhook);

}  // namespace herald

#endif  // HERALD_CORE_VALIDATE_H_
