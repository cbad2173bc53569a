// What is allowed in a webhook but probably not meant.

#ifndef HERALD_CORE_WARNINGS_H_
#define HERALD_CORE_WARNINGS_H_

#include <vector>

#include "herald/v1/webhook.pb.h"
#include "src/core/condition.h"
#include "src/core/known_event_types.h"
#include "src/core/template/template.h"

namespace herald {

// Puts into webhook.warnings what there is to say of it whatever types there are, and nothing else. `filters` are its
// own, compiled.
void SetWarnings(v1::Webhook& webhook, const std::vector<Condition>& filters);

// Adds to webhook.warnings what there is to say of one of its templates, which stands in `field`.
void AddTemplateWarnings(const Template& compiled, absl::string_view field, v1::Webhook& webhook);

// Adds to webhook.warnings what there is to say of its triggers among `types`, such as 'no event type "RequestCreate";
// did you mean RequestCreated?'.
void AddTriggerWarnings(const KnownEventTypes& types, v1::Webhook& webhook);

}  // namespace herald

#endif  // HERALD_CORE_WARNINGS_H_
