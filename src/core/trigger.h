// Triggers: which event types a webhook asked for. An exact type, a prefix that ends at a dot ("invoice.*"), or "*",
// which leaves out Herald's own types ("herald.").

#ifndef HERALD_CORE_TRIGGER_H_
#define HERALD_CORE_TRIGGER_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace herald {

// INVALID_ARGUMENT with a sentence that says which characters are allowed.
absl::Status ValidateTrigger(absl::string_view trigger);

// `trigger` is valid.
bool TriggerMatches(absl::string_view trigger, absl::string_view event_type);

// [A-Za-z0-9][A-Za-z0-9._-]{0,127}. INVALID_ARGUMENT with a sentence.
absl::Status ValidateEventType(absl::string_view type);

// "herald.…"
bool IsOwnEventType(absl::string_view type);

}  // namespace herald

#endif  // HERALD_CORE_TRIGGER_H_
