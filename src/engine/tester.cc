#include "src/engine/tester.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/id.h"
#include "src/base/protobuf_time.h"
#include "src/base/status_macros.h"
#include "src/core/event_document.h"
#include "src/core/event_types.h"
#include "src/core/names.h"
#include "src/core/validate.h"
#include "src/engine/attempt.h"
#include "src/engine/parsed_event.h"

namespace herald {
namespace {

// What is left of a caller's deadline for the answer's own way.
constexpr absl::Duration kAnswerMargin = absl::Milliseconds(250);
constexpr absl::Duration kExchangeMin = absl::Milliseconds(50);

template <typename Request>
absl::StatusOr<WebhookPtr> TargetOf(const WebhookRegistry& registry, const std::string& tenant,
                                    const Request& request) {
  switch (request.target_case()) {
    case Request::kName:
      return registry.Find(tenant, request.name(), "name");
    case Request::kWebhook:
      return registry.CompileEdited(tenant, request.webhook());
    default: {
      FieldViolations violations;
      violations.Add("target", "name or webhook is required");
      return violations.ToStatus();
    }
  }
}

}  // namespace

absl::StatusOr<v1::Event> Tester::EventFor(const CompiledWebhook& webhook, bool given, const v1::Event& event) const {
  v1::Event chosen = given ? event : SampleEventFor(webhook.webhook());
  FieldViolations violations;
  if (given) ValidateEvent(event, limits_, "event", violations);
  if (!violations.empty()) return violations.ToStatus();
  HERALD_ASSIGN_OR_RETURN(const std::string payload, PayloadText(chosen, limits_));
  chosen.set_data_json(payload);
  if (chosen.id().empty()) chosen.set_id(absl::StrCat("evt_", EncodeId(random_.Next())));
  chosen.set_name(EventName(chosen.id()));
  if (!chosen.has_time()) *chosen.mutable_time() = ToProto(clock_.Now());
  return chosen;
}

void Tester::Test(const std::string& tenant, const v1::TestWebhookRequest& request, absl::Duration time_left,
                  std::function<void(absl::StatusOr<v1::InvocationResult>)> done, const TraceContext& trace) {
  absl::StatusOr<WebhookPtr> webhook = TargetOf(registry_, tenant, request);
  if (!webhook.ok()) return done(webhook.status());
  absl::StatusOr<v1::Event> event = EventFor(**webhook, request.has_event(), request.event());
  if (!event.ok()) return done(event.status());
  event->set_traceparent(trace.parent);
  event->set_tracestate(trace.state);

  const std::string message_id = absl::StrCat("test_", EncodeId(random_.Next()));
  Attempt attempt = BeginAttempt(**webhook, *event, message_id, clock_.Now());
  ContinueTrace(*event, random_, attempt);
  const auto result = std::make_shared<v1::InvocationResult>(std::move(attempt.result));
  result->set_test(true);
  result->set_attempt(1);
  if (!attempt.request.has_value()) return done(std::move(*result));
  attempt.request->timeout = std::min(attempt.request->timeout, std::max(time_left - kAnswerMargin, kExchangeMin));
  sender_.Send(*std::move(attempt.request), [this, webhook = *webhook, result, done](const HttpExchange& exchange) {
    EndAttempt(*webhook, exchange, limits_, *result);
    done(std::move(*result));
  });
}

absl::StatusOr<v1::PreviewWebhookResponse> Tester::Preview(const std::string& tenant,
                                                           const v1::PreviewWebhookRequest& request) const {
  HERALD_ASSIGN_OR_RETURN(const WebhookPtr webhook, TargetOf(registry_, tenant, request));
  HERALD_ASSIGN_OR_RETURN(const v1::Event event, EventFor(*webhook, request.has_event(), request.event()));
  Attempt attempt = BeginAttempt(*webhook, event, "", clock_.Now());
  if (!attempt.request.has_value()) {
    FieldViolations violations;
    violations.Add("webhook", attempt.result.message());
    return violations.ToStatus();
  }
  v1::PreviewWebhookResponse response;
  *response.mutable_request() = std::move(*attempt.result.mutable_request());
  const ParsedEvent parsed = ParseEvent(event);
  for (v1::Verdict& verdict : Explain(*webhook, event.type(), parsed.json.root()).verdicts) {
    *response.add_verdicts() = std::move(verdict);
  }
  for (const Template::Position& position : webhook->body_positions()) {
    v1::PreviewWebhookResponse::Position& shown = *response.add_positions();
    shown.set_line(position.line);
    shown.set_column(position.column);
    shown.set_tag(position.tag);
    shown.set_position(position.position);
  }
  return response;
}

}  // namespace herald
