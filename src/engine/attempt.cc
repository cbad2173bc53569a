#include "src/engine/attempt.h"

#include <utility>

#include "src/base/protobuf_time.h"
#include "src/base/version.h"
#include "src/core/judge.h"
#include "src/engine/parsed_event.h"

namespace herald {

Attempt BeginAttempt(const CompiledWebhook& webhook, const v1::Event& event, absl::string_view message_id,
                     absl::Time now) {
  Attempt attempt;
  attempt.result.set_webhook(webhook.webhook().name());
  *attempt.result.mutable_start_time() = ToProto(now);
  const ParsedEvent parsed = ParseEvent(event);
  absl::StatusOr<CompiledWebhook::Rendered> rendered =
      webhook.Render(parsed.text, parsed.json.root(), message_id, kUserAgent, now);
  if (rendered.ok()) {
    *attempt.result.mutable_request() = std::move(rendered->captured);
    attempt.request = std::move(rendered->request);
  } else {
    const bool blocked = rendered.status().code() == absl::StatusCode::kInvalidArgument;
    attempt.result.set_outcome(blocked ? v1::InvocationResult::BLOCKED : v1::InvocationResult::RENDER_FAILED);
    attempt.result.set_message(std::string(rendered.status().message()));
    attempt.failed_part = FailedPart(rendered.status());
  }
  return attempt;
}

void EndAttempt(const CompiledWebhook& webhook, const HttpExchange& exchange, const v1::Limits& limits,
                v1::InvocationResult& result) {
  Judge(webhook, exchange, limits, result);
}

}  // namespace herald
