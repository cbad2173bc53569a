#include "src/engine/explainer.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/protobuf_time.h"
#include "src/base/status_macros.h"
#include "src/core/event_document.h"
#include "src/core/limits.h"
#include "src/core/names.h"
#include "src/core/plan.h"
#include "src/core/validate.h"
#include "src/engine/attempt.h"
#include "src/engine/page_token.h"

namespace herald {
namespace {

using Explained = v1::ExplainEventResponse::Explanation;

Explained ExplainOne(const CompiledWebhook& webhook, const v1::Event& event, const ParsedEvent& parsed) {
  Explanation explanation = herald::Explain(webhook, event.type(), parsed.root());
  Explained out;
  out.set_webhook(webhook.webhook().name());
  out.set_display_name(webhook.webhook().display_name());
  out.set_would_fire(explanation.would_fire);
  for (v1::Verdict& verdict : explanation.verdicts) *out.add_verdicts() = std::move(verdict);
  return out;
}

// All webhooks, those that would fire first, each part by id. The key of each sorts in that order and is its page
// cursor.
std::vector<std::pair<std::string, const CompiledWebhook*>> InOrder(const WebhookIndex& index, const v1::Event& event,
                                                                    const ParsedEvent& parsed) {
  std::vector<const CompiledWebhook*> firing = index.Plan(event.type(), parsed.root());
  std::sort(firing.begin(), firing.end());
  std::vector<std::pair<std::string, const CompiledWebhook*>> keyed;
  for (const WebhookPtr& webhook : index.webhooks()) {
    const bool fires = std::binary_search(firing.begin(), firing.end(), webhook.get());
    keyed.emplace_back(absl::StrCat(fires ? "0" : "1", webhook->webhook().name()), webhook.get());
  }
  std::sort(keyed.begin(), keyed.end());
  return keyed;
}

}  // namespace

absl::StatusOr<v1::Event> Explainer::SubjectOf(const std::string& tenant, const v1::ExplainEventRequest& request,
                                               FieldViolations& violations) const {
  if (request.subject_case() == v1::ExplainEventRequest::kEvent) {
    v1::Event event = request.event();
    event.set_data_json(ValidateEvent(event, limits_, "event", violations).text);
    if (!event.has_time()) *event.mutable_time() = ToProto(clock_.Now());
    return event;
  }
  const auto id = IdInName(tenant, "events", request.event_name());
  if (!id.has_value()) {
    violations.Add("event_name", "event or event_name is required, event_name as \"events/{id}\"");
    return v1::Event();
  }
  HERALD_ASSIGN_OR_RETURN(StoredEvent stored, store_.FindEvent(tenant, std::string(*id)));
  return std::move(stored.event);
}

v1::ExplainEventResponse Explainer::ExplainFor(const CompiledWebhook& webhook, const v1::Event& event,
                                               const ParsedEvent& parsed) const {
  v1::ExplainEventResponse response;
  Explained& explained = *response.add_explanations();
  explained = ExplainOne(webhook, event, parsed);
  Attempt attempt = BeginAttempt(webhook, parsed, "", clock_.Now());
  if (attempt.request.has_value()) {
    *explained.mutable_request() = std::move(*attempt.result.mutable_request());
  } else {
    explained.set_request_error(attempt.result.message());
  }
  return response;
}

absl::StatusOr<v1::ExplainEventResponse> Explainer::Explain(const std::string& tenant,
                                                            const v1::ExplainEventRequest& request) const {
  FieldViolations violations;
  const absl::StatusOr<v1::Event> event = SubjectOf(tenant, request, violations);
  absl::StatusOr<WebhookPtr> webhook = nullptr;
  if (!request.webhook().empty()) webhook = registry_.Find(tenant, request.webhook(), "webhook");
  violations.AddAll(webhook.status());
  const int page_size = PageSize(request.page_size(), limits_.page_size_max(), violations);
  const std::optional<std::string> after = ParsePageToken(request, violations);
  if (!violations.empty()) return violations.ToStatus();
  HERALD_RETURN_IF_ERROR(event.status());
  HERALD_RETURN_IF_ERROR(webhook.status());
  const ParsedEvent parsed(*event);
  if (*webhook != nullptr) return ExplainFor(**webhook, *event, parsed);
  v1::ExplainEventResponse response;
  const std::shared_ptr<const WebhookIndex> index = registry_.Index(tenant);
  size_t bytes = 0;
  std::string last;
  for (const auto& [key, fitting] : InOrder(*index, *event, parsed)) {
    if (key <= *after) continue;
    if (response.explanations_size() == page_size || bytes > kPageBytesMax) {
      response.set_next_page_token(MakePageToken(request, last));
      break;
    }
    *response.add_explanations() = ExplainOne(*fitting, *event, parsed);
    bytes += response.explanations().rbegin()->ByteSizeLong();
    last = key;
  }
  return response;
}

}  // namespace herald
