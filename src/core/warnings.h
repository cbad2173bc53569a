// What is allowed in a webhook but probably not meant.

#ifndef HERALD_CORE_WARNINGS_H_
#define HERALD_CORE_WARNINGS_H_

#include <vector>

#include "herald/v1/webhook.pb.h"
#include "src/core/condition.h"

namespace herald {

// Puts into webhook.warnings what there is to say of it, such as 'no event type "RequestCreate"; did you mean
// RequestCreated?', and nothing else. `filters` are its own, compiled.
void SetWarnings(v1::Webhook& webhook, const std::vector<Condition>& filters);

}  // namespace herald

#endif  // HERALD_CORE_WARNINGS_H_
