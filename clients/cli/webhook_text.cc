#include "clients/cli/webhook_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/message_json.h"
#include "clients/cli/values_text.h"

namespace herald::cli {
namespace {

std::string ConditionText(absl::string_view path, v1::Filter::Operator op,
                          const google::protobuf::RepeatedPtrField<std::string>& values) {
  return absl::StrCat(path, " ", v1::Filter::Operator_Name(op), values.empty() ? "" : " ", Joined(values, ", "));
}

std::string FiltersText(const v1::Webhook& webhook) {
  std::vector<std::string> lines;
  for (const v1::Filter& filter : webhook.filters()) {
    lines.push_back(ConditionText(filter.path(), filter.operator_(), filter.values()));
  }
  return absl::StrJoin(lines, "\n");
}

std::string ValidatorsText(const v1::Webhook& webhook) {
  std::vector<std::string> lines;
  for (const v1::ResponseValidator& validator : webhook.response_validators()) {
    lines.push_back(ConditionText(validator.json_path(), validator.operator_(), validator.expected_values()));
  }
  return absl::StrJoin(lines, "\n");
}

std::string DisabledText(const v1::Webhook& webhook) {
  if (webhook.disabled_reason() == v1::Webhook::DISABLED_REASON_UNSPECIFIED) return "";
  return absl::StrCat(v1::Webhook::DisabledReason_Name(webhook.disabled_reason()), " since ",
                      TimeText(webhook.disable_time()));
}

}  // namespace

std::vector<std::string> WebhookHeader() {
  return {"STATE", "NAME", "DISPLAY NAME", "TRIGGERS", "METHOD", "URL", "UPDATED"};
}

std::vector<Cell> WebhookRow(const v1::Webhook& webhook) {
  return {StateCell(webhook.state()),
          webhook.name(),
          webhook.display_name(),
          Joined(webhook.triggers(), ", "),
          v1::Webhook::Method_Name(webhook.method()),
          webhook.url(),
          TimeText(webhook.update_time())};
}

void PrintWebhook(const v1::Webhook& webhook, Output& output) {
  const Cell state = StateCell(webhook.state());
  Details details;
  details.Add("name", webhook.name());
  details.Add("display name", webhook.display_name());
  details.Add("description", webhook.description());
  details.Add("state", state.text, state.style);
  details.Add("disabled", DisabledText(webhook), Style::kYellow);
  details.Add("triggers", Joined(webhook.triggers(), ", "));
  details.Add("filters", FiltersText(webhook));
  details.Add("request", absl::StrCat(v1::Webhook::Method_Name(webhook.method()), " ", webhook.url()));
  details.Add("headers", LinesOf(webhook.headers()));
  details.Add("secrets", LinesOf(webhook.secrets()));
  details.Add("authentication", webhook.has_authentication() ? MessageJson(webhook.authentication()) : "");
  details.Add("content type", webhook.content_type());
  details.Add("body template", webhook.body_template());
  details.Add("timeout", webhook.has_timeout() ? DurationText(webhook.timeout()) : "");
  details.Add("response validators", ValidatorsText(webhook));
  details.Add("success statuses", absl::StrJoin(webhook.success_statuses(), ", "));
  details.Add("retry policy", webhook.has_retry_policy() ? MessageJson(webhook.retry_policy()) : "");
  details.Add("rate limit", webhook.has_rate_limit() ? MessageJson(webhook.rate_limit()) : "");
  details.Add("max in flight", webhook.max_in_flight() == 0 ? "" : absl::StrCat(webhook.max_in_flight()));
  details.Add("signing", webhook.has_signing() ? v1::Signing::Scheme_Name(webhook.signing().scheme()) : "");
  details.Add("labels", LinesOf(webhook.labels()));
  details.Add("health", webhook.has_health() ? MessageJson(webhook.health()) : "");
  details.Add("created", TimeText(webhook.create_time()));
  details.Add("updated", TimeText(webhook.update_time()));
  details.Add("uid", webhook.uid());
  details.Add("etag", webhook.etag());
  details.Add("warnings", Joined(webhook.warnings(), "\n"), Style::kYellow);
  output.Print(details);
}

}  // namespace herald::cli
