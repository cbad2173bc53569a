// The check of a webhook's retry_policy. Pure function.

#ifndef HERALD_CORE_VALIDATE_RETRY_POLICY_H_
#define HERALD_CORE_VALIDATE_RETRY_POLICY_H_

#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_field.h"
#include "herald/v1/webhook.pb.h"
#include "src/core/errors.h"

namespace herald {

// `field` is the policy's path, "webhook.retry_policy".
void ValidateRetryPolicy(const v1::RetryPolicy& policy, absl::string_view field, FieldViolations& violations);

// A list of HTTP statuses: each 100 to 599 and once.
void CheckStatuses(const google::protobuf::RepeatedField<int32_t>& statuses, absl::string_view field,
                   FieldViolations& violations);

}  // namespace herald

#endif  // HERALD_CORE_VALIDATE_RETRY_POLICY_H_
