#include "src/engine/tester.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "src/base/id.h"
#include "src/base/protobuf_time.h"
#include "src/base/status_macros.h"
#include "src/core/event_document.h"
#include "src/core/names.h"
#include "src/core/validate.h"
#include "src/engine/attempt.h"
#include "src/engine/parsed_event.h"

namespace herald {
namespace {

// What is left of a caller's deadline for the answer's own way.
constexpr absl::Duration kAnswerMargin = absl::Milliseconds(250);
constexpr absl::Duration kExchangeMin = absl::Milliseconds(50);

// nullptr: what is wrong was added to `violations`.
template <typename Request>
absl::StatusOr<WebhookPtr> TargetOf(const WebhookRegistry& registry, const std::string& tenant, const Request& request,
                                    FieldViolations& violations) {
  switch (request.target_case()) {
    case Request::kName: {
      absl::StatusOr<WebhookPtr> webhook = registry.Find(tenant, request.name(), "name");
      violations.AddAll(webhook.status());
      return webhook;
    }
    case Request::kWebhook:
      return registry.CompileEdited(tenant, request.webhook(), violations);
    default:
      violations.Add("target", "name or webhook is required");
      return nullptr;
  }
}

// Why `attempt` has no request, at the field that is to be mended.
absl::Status CannotRender(const Attempt& attempt) {
  absl::string_view sentence = attempt.result.message();
  absl::ConsumePrefix(&sentence, absl::StrCat(attempt.failed_part, ": "));
  std::string field = attempt.failed_part;
  if (field != "event") field = field.empty() ? "webhook" : absl::StrCat("webhook.", field);
  FieldViolations violations;
  violations.Add(field, sentence);
  return violations.ToStatus();
}

}  // namespace

template <typename Request>
absl::StatusOr<Tester::Trial> Tester::TrialOf(const std::string& tenant, const Request& request) const {
  FieldViolations violations;
  absl::StatusOr<WebhookPtr> webhook = TargetOf(registry_, tenant, request, violations);
  Trial trial;
  trial.event = request.event();
  Payload payload;
  if (request.has_event()) payload = ValidateEvent(trial.event, limits_, "event", violations);
  if (!violations.empty()) return violations.ToStatus();
  HERALD_ASSIGN_OR_RETURN(trial.webhook, std::move(webhook));
  if (!request.has_event()) {
    trial.event = event_types_.Known(tenant)->SampleFor(trial.webhook->webhook(), limits_);
    HERALD_ASSIGN_OR_RETURN(payload, ParsePayload(trial.event, limits_));
  }
  trial.event.set_data_json(std::move(payload.text));
  if (trial.event.id().empty()) trial.event.set_id(absl::StrCat("evt_", EncodeId(random_.Next())));
  trial.event.set_name(EventName(trial.event.id()));
  if (!trial.event.has_time()) *trial.event.mutable_time() = ToProto(clock_.Now());
  return trial;
}

void Tester::Test(const std::string& tenant, const v1::TestWebhookRequest& request, absl::Duration time_left,
                  std::function<void(absl::StatusOr<v1::InvocationResult>)> done, const TraceContext& trace) {
  absl::StatusOr<Trial> trial = TrialOf(tenant, request);
  if (!trial.ok()) return done(trial.status());
  trial->event.set_traceparent(trace.parent);
  trial->event.set_tracestate(trace.state);

  const std::string message_id = absl::StrCat("test_", EncodeId(random_.Next()));
  Attempt attempt = BeginAttempt(*trial->webhook, ParsedEvent(trial->event), message_id, clock_.Now());
  ContinueTrace(trial->event, random_, attempt);
  const auto result = std::make_shared<v1::InvocationResult>(std::move(attempt.result));
  result->set_test(true);
  result->set_attempt(1);
  if (!attempt.request.has_value()) return done(std::move(*result));
  attempt.request->timeout = std::min(attempt.request->timeout, std::max(time_left - kAnswerMargin, kExchangeMin));
  sender_.Send(*std::move(attempt.request),
               [this, webhook = trial->webhook, result, done](const HttpExchange& exchange) {
                 EndAttempt(*webhook, exchange, limits_, *result);
                 done(std::move(*result));
               });
}

absl::StatusOr<v1::PreviewWebhookResponse> Tester::Preview(const std::string& tenant,
                                                           const v1::PreviewWebhookRequest& request) const {
  HERALD_ASSIGN_OR_RETURN(const Trial trial, TrialOf(tenant, request));
  const CompiledWebhook& webhook = *trial.webhook;
  const ParsedEvent parsed(trial.event);
  Attempt attempt = BeginAttempt(webhook, parsed, "", clock_.Now());
  if (!attempt.request.has_value()) return CannotRender(attempt);
  v1::PreviewWebhookResponse response;
  *response.mutable_request() = std::move(*attempt.result.mutable_request());
  for (v1::Verdict& verdict : Explain(webhook, trial.event.type(), parsed.root()).verdicts) {
    *response.add_verdicts() = std::move(verdict);
  }
  for (const Template::Position& position : webhook.body_positions()) {
    v1::PreviewWebhookResponse::Position& shown = *response.add_positions();
    shown.set_line(position.line);
    shown.set_column(position.column);
    shown.set_tag(position.tag);
    shown.set_position(position.position);
  }
  return response;
}

}  // namespace herald
