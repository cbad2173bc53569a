#include "src/engine/attempt.h"

#include <string>
#include <utility>

#include "src/base/log.h"
#include "src/base/protobuf_time.h"
#include "src/base/version.h"
#include "src/core/judge.h"
#include "src/core/trace_context.h"

namespace herald {
namespace {

void AddHeader(absl::string_view name, const std::string& value, Attempt& attempt) {
  attempt.request->headers.emplace_back(name, value);
  (*attempt.result.mutable_request()->mutable_headers())[std::string(name)] = value;
}

}  // namespace

Attempt BeginAttempt(const CompiledWebhook& webhook, const ParsedEvent& event, absl::string_view message_id,
                     absl::Time now) {
  Attempt attempt;
  attempt.result.set_webhook(webhook.webhook().name());
  *attempt.result.mutable_start_time() = ToProto(now);
  absl::StatusOr<CompiledWebhook::Rendered> rendered =
      webhook.Render(event.text(), webhook.reads_event() ? event.root() : JsonValue(), message_id, kUserAgent, now);
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

void ContinueTrace(const v1::Event& event, Random& random, Attempt& attempt) {
  if (event.traceparent().empty() || !attempt.request.has_value()) return;
  const auto& own = attempt.result.request().headers();
  if (own.contains("traceparent") || own.contains("tracestate")) return;
  AddHeader("traceparent", ChildTraceparent(event.traceparent(), random.Next()), attempt);
  if (!event.tracestate().empty()) AddHeader("tracestate", event.tracestate(), attempt);
}

void EndAttempt(const CompiledWebhook& webhook, const HttpExchange& exchange, const v1::Limits& limits,
                v1::InvocationResult& result) {
  Judge(webhook, exchange, limits, result);
}

void LogAttempt(const v1::InvocationResult& result, v1::Delivery::State state) {
  auto* const write = state == v1::Delivery::SUCCEEDED ? &log::Debug
                      : state == v1::Delivery::FAILED  ? &log::Warning
                                                       : &log::Info;
  write("attempt", {{"event", result.event()},
                    {"delivery", result.delivery()},
                    {"webhook", result.webhook()},
                    {"attempt", result.attempt()},
                    {"outcome", v1::InvocationResult::Outcome_Name(result.outcome())},
                    {"state", v1::Delivery::State_Name(state)}});
}

}  // namespace herald
