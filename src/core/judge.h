// What came of an exchange: status, then response validators, into an outcome with one sentence for people.

#ifndef HERALD_CORE_JUDGE_H_
#define HERALD_CORE_JUDGE_H_

#include "absl/time/time.h"
#include "herald/v1/delivery.pb.h"
#include "herald/v1/limits.pb.h"
#include "src/core/compiled_webhook.h"
#include "src/core/exchange.h"

namespace herald {

// Sets outcome, message, response, validations, timing, remote_address and http_version of `result`. The captured
// answer is cut to the limit, made valid UTF-8, and has the webhook's secrets masked.
void Judge(const CompiledWebhook& webhook, const HttpExchange& exchange, const v1::Limits& limits,
           v1::InvocationResult& result);

// How long the answer's Retry-After asks to wait from `now` (seconds, or any of the three HTTP-date forms, RFC
// 9110 10.2.3); zero when there is none, or it is malformed or past; at most 24 h.
absl::Duration RetryAfter(const HttpExchange& exchange, absl::Time now);
absl::Duration ParseRetryAfter(absl::string_view value, absl::Time now);

}  // namespace herald

#endif  // HERALD_CORE_JUDGE_H_
