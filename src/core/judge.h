// What came of an exchange: status, then response validators, into an outcome with one sentence for people. Pure
// functions.

#ifndef HERALD_CORE_JUDGE_H_
#define HERALD_CORE_JUDGE_H_

#include "herald/v1/delivery.pb.h"
#include "herald/v1/limits.pb.h"
#include "src/core/compiled_webhook.h"
#include "src/core/exchange.h"
#include "src/core/retry_after.h"

namespace herald {

// Sets outcome, message, response, validations, timing, remote_address and http_version of `result`. The captured
// answer is cut to the limit, made valid UTF-8, and has the webhook's secrets masked.
void Judge(const CompiledWebhook& webhook, const HttpExchange& exchange, const v1::Limits& limits,
           v1::InvocationResult& result);

}  // namespace herald

#endif  // HERALD_CORE_JUDGE_H_
