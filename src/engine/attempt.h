// One attempt to send an event to a webhook, as two steps around the exchange: what to send, and what came of it.
//
// Thread rule: functions of their arguments.

#ifndef HERALD_ENGINE_ATTEMPT_H_
#define HERALD_ENGINE_ATTEMPT_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "herald/v1/delivery.pb.h"
#include "herald/v1/event.pb.h"
#include "herald/v1/limits.pb.h"
#include "src/base/random.h"
#include "src/core/compiled_webhook.h"
#include "src/core/exchange.h"
#include "src/engine/parsed_event.h"

namespace herald {

struct Attempt {
  v1::InvocationResult result;  // webhook, request and start_time; outcome and message too when it is final
  // Nothing: the request could not be made or may not be sent, and `result` is final.
  std::optional<HttpRequest> request;
  std::string failed_part;  // then: of the webhook, with which result.message begins; see FailedPart
};

// `message_id` is the value of the webhook-id header: the same on every attempt of a delivery. Empty: a preview.
Attempt BeginAttempt(const CompiledWebhook& webhook, const ParsedEvent& event, absl::string_view message_id,
                     absl::Time now);

// Adds the headers that continue the trace of the event, under a new span; unless it has none, the request could not be
// made, or the webhook has such headers of its own.
void ContinueTrace(const v1::Event& event, Random& random, Attempt& attempt);

// Completes `result` from what came of the exchange.
void EndAttempt(const CompiledWebhook& webhook, const HttpExchange& exchange, const v1::Limits& limits,
                v1::InvocationResult& result);

// Writes a line to the log about an attempt whose outcome was recorded, after which the delivery is in `state`: at
// debug when it succeeded, at warning when the delivery is given up, else at info.
void LogAttempt(const v1::InvocationResult& result, v1::Delivery::State state);

}  // namespace herald

#endif  // HERALD_ENGINE_ATTEMPT_H_
