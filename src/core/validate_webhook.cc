#include <map>
#include <optional>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/base/ascii.h"
#include "src/core/authentication.h"
#include "src/core/field_checks.h"
#include "src/core/header_name.h"
#include "src/core/limits.h"
#include "src/core/sorted_entries.h"
#include "src/core/template/template.h"
#include "src/core/trigger.h"
#include "src/core/validate.h"
#include "src/core/validate_retry_policy.h"

namespace herald {
namespace {

bool IsLowerOrDigit(char c) { return IsLower(c) || IsDigit(c); }

void CheckDisplayName(absl::string_view name, absl::string_view field, FieldViolations& violations) {
  constexpr size_t kBytesMax = 63;
  const auto is_other = [](char c) { return IsAlphanumeric(c) || c == ' ' || c == '_' || c == '-'; };
  if (HasForm(name, kBytesMax, IsAlphanumeric, is_other)) return;
  constexpr char kRule[] = "1 to 63 letters, digits, spaces, \"_\" and \"-\", the first a letter or digit";
  violations.Add(field, name.empty() ? absl::StrCat("required: ", kRule)
                                     : absl::StrCat(Quoted(name), " is no display name: ", kRule));
}

void CheckEnums(const v1::Webhook& webhook, absl::string_view prefix, FieldViolations& violations) {
  if (!v1::Webhook::State_IsValid(webhook.state())) {
    violations.Add(absl::StrCat(prefix, ".state"),
                   absl::StrCat(static_cast<int>(webhook.state()), " is no state; use ACTIVE or INACTIVE"));
  }
  if (!v1::Webhook::Method_IsValid(webhook.method())) {
    violations.Add(absl::StrCat(prefix, ".method"), absl::StrCat(static_cast<int>(webhook.method()),
                                                                 " is no method; use POST, PUT, PATCH, GET or DELETE"));
  }
  if (!v1::Signing::Scheme_IsValid(webhook.signing().scheme())) {
    violations.Add(
        absl::StrCat(prefix, ".signing.scheme"),
        absl::StrCat(static_cast<int>(webhook.signing().scheme()), " is no scheme; use HMAC_SHA256, ED25519 or NONE"));
  }
}

void CheckTriggers(const v1::Webhook& webhook, const v1::Limits& limits, absl::string_view field,
                   FieldViolations& violations) {
  if (webhook.triggers().empty()) {
    violations.Add(field, "required: at least one event type such as RequestCreated, prefix such as invoice.*, or *");
  }
  CheckCount(webhook.triggers_size(), limits.triggers_max(), "triggers", field, violations);
  for (int i = 0; i < webhook.triggers_size(); ++i) {
    const absl::Status status = ValidateTrigger(webhook.triggers(i));
    if (!status.ok()) violations.Add(FieldOfIndex(field, i), status.message());
  }
}

void CheckHeaders(const v1::Webhook& webhook, const v1::Limits& limits, absl::string_view field,
                  FieldViolations& violations) {
  CheckCount(static_cast<int>(webhook.headers().size()), limits.headers_max(), "headers", field, violations);
  std::map<std::string, std::string> seen;  // lower case -> as given
  for (const auto* entry : SortedEntries(webhook.headers())) {
    const auto& [name, value] = *entry;
    const std::string entry_field = FieldOfKey(field, name);
    CheckHeaderName(name, entry_field, violations);
    const auto [other, is_new] = seen.emplace(absl::AsciiStrToLower(name), name);
    if (!is_new) violations.Add(entry_field, absl::StrCat("is the same header as ", Quoted(other->second)));
    if (value.find_first_of("\r\n\0", 0, 3) != std::string::npos) {
      violations.Add(entry_field, "a header's value holds no line break and no NUL");
    }
    if (name.size() + value.size() > static_cast<size_t>(limits.header_bytes_max())) {
      violations.Add(entry_field, absl::StrCat("name and value have ", name.size() + value.size(),
                                               " bytes together; at most ", limits.header_bytes_max(), " are allowed"));
    }
  }
}

void CheckSecrets(const v1::Webhook& webhook, const v1::Limits& limits, absl::string_view field,
                  FieldViolations& violations) {
  constexpr size_t kSecretNameBytesMax = 64;
  const auto is_first = [](char c) { return IsAlpha(c) || c == '_'; };
  const auto is_other = [](char c) { return IsAlphanumeric(c) || c == '_'; };
  CheckCount(static_cast<int>(webhook.secrets().size()), limits.secrets_max(), "secrets", field, violations);
  for (const auto* entry : SortedEntries(webhook.secrets())) {
    const std::string entry_field = FieldOfKey(field, entry->first);
    if (!HasForm(entry->first, kSecretNameBytesMax, is_first, is_other)) {
      violations.Add(entry_field, "a secret's name has 1 to 64 letters, digits and \"_\", the first no digit");
    }
    CheckBytes(entry->second, limits.secret_bytes_max(), entry_field, violations);
  }
}

void CheckRateLimit(const v1::RateLimit& limit, absl::string_view field, FieldViolations& violations) {
  const double rate = limit.requests_per_second();
  if (!(rate > 0 && rate <= kRequestsPerSecondMax)) {
    violations.Add(absl::StrCat(field, ".requests_per_second"),
                   absl::StrCat("is ", rate, "; more than 0 and at most ", kRequestsPerSecondMax, " is allowed"));
  }
  if (limit.burst() < 0 || limit.burst() > kRequestsPerSecondMax) {
    violations.Add(absl::StrCat(field, ".burst"),
                   absl::StrCat("is ", limit.burst(), "; 1 to ", kRequestsPerSecondMax,
                                " are allowed, and 0 means requests_per_second rounded up"));
  }
}

bool SendsTheEventItself(const v1::Webhook& webhook) {
  if (!webhook.body_template().empty()) return false;
  return webhook.method() != v1::Webhook::GET && webhook.method() != v1::Webhook::DELETE;
}

void CheckContentType(const v1::Webhook& webhook, absl::string_view field, FieldViolations& violations) {
  if (webhook.content_type().empty()) return;
  const std::optional<TemplateDialect> dialect = DialectOfContentType(webhook.content_type());
  if (!dialect.has_value()) {
    violations.Add(field, absl::StrCat(Quoted(webhook.content_type()),
                                       " is not known; use a JSON, XML or form type, text/html, text/plain or "
                                       "text/markdown, its charset utf-8"));
  } else if (*dialect != TemplateDialect::kJson && SendsTheEventItself(webhook)) {
    violations.Add(field,
                   absl::StrCat(Quoted(webhook.content_type()),
                                " needs a body_template: without one the event is sent as JSON, for JSON content "
                                "types only"));
  }
}

void CheckLabels(const v1::Webhook& webhook, const v1::Limits& limits, absl::string_view field,
                 FieldViolations& violations) {
  constexpr size_t kKeyBytesMax = 63;
  const auto is_other = [](char c) { return IsLowerOrDigit(c) || absl::StrContains("._/-", c); };
  CheckCount(static_cast<int>(webhook.labels().size()), limits.labels_max(), "labels", field, violations);
  for (const auto* entry : SortedEntries(webhook.labels())) {
    const std::string entry_field = FieldOfKey(field, entry->first);
    if (!HasForm(entry->first, kKeyBytesMax, IsLowerOrDigit, is_other)) {
      violations.Add(
          entry_field,
          "a key has 1 to 63 lower-case letters, digits, \".\", \"_\", \"/\" and \"-\", the first a letter or "
          "digit");
    }
    CheckBytes(entry->second, limits.short_text_bytes_max(), entry_field, violations);
  }
}

void CheckNoSuccessIsRetried(const v1::Webhook& webhook, absl::string_view field, FieldViolations& violations) {
  const auto& retryable = webhook.retry_policy().retryable_statuses();
  for (int i = 0; i < retryable.size(); ++i) {
    if (!absl::c_linear_search(webhook.success_statuses(), retryable[i])) continue;
    violations.Add(FieldOfIndex(field, i),
                   absl::StrCat(retryable[i],
                                " is also in success_statuses, and what succeeded is not sent again; keep "
                                "it in one of the two"));
  }
}

}  // namespace

void ValidateWebhook(const v1::Webhook& webhook, const v1::Limits& limits, absl::string_view prefix,
                     FieldViolations& violations) {
  const auto field = [prefix](absl::string_view name) { return absl::StrCat(prefix, ".", name); };
  CheckDisplayName(webhook.display_name(), field("display_name"), violations);
  CheckBytes(webhook.description(), limits.description_bytes_max(), field("description"), violations);
  CheckEnums(webhook, prefix, violations);
  CheckTriggers(webhook, limits, field("triggers"), violations);
  CheckCount(webhook.filters_size(), limits.filters_max(), "filters", field("filters"), violations);
  CheckHeaders(webhook, limits, field("headers"), violations);
  CheckSecrets(webhook, limits, field("secrets"), violations);
  ValidateAuthentication(webhook, limits, prefix, violations);
  CheckContentType(webhook, field("content_type"), violations);
  if (webhook.has_timeout()) {
    CheckDuration(webhook.timeout(), {.min = kTimeoutMin, .max = kTimeoutMax}, field("timeout"), violations);
  }
  if (webhook.max_in_flight() < 0 || webhook.max_in_flight() > kMaxInFlightMax) {
    violations.Add(field("max_in_flight"), absl::StrCat("is ", webhook.max_in_flight(), "; 1 to ", kMaxInFlightMax,
                                                        " are allowed, and 0 means ", kMaxInFlightDefault));
  }
  if (webhook.has_rate_limit()) CheckRateLimit(webhook.rate_limit(), field("rate_limit"), violations);
  CheckCount(webhook.response_validators_size(), limits.validators_max(), "response validators",
             field("response_validators"), violations);
  CheckStatuses(webhook.success_statuses(), field("success_statuses"), violations);
  ValidateRetryPolicy(webhook.retry_policy(), field("retry_policy"), violations);
  CheckNoSuccessIsRetried(webhook, field("retry_policy.retryable_statuses"), violations);
  CheckLabels(webhook, limits, field("labels"), violations);
  if (const size_t bytes = webhook.ByteSizeLong(); bytes > static_cast<size_t>(limits.webhook_bytes_max())) {
    violations.Add(prefix, absl::StrCat("has ", bytes, " bytes in all; at most ", limits.webhook_bytes_max(),
                                        " are allowed: shorten the values of filters and response_validators, or "
                                        "whatever is long"));
  }
}

void ValidateWebhookId(absl::string_view id, absl::string_view field, FieldViolations& violations) {
  constexpr size_t kBytesMax = 63;
  const auto is_other = [](char c) { return IsLowerOrDigit(c) || c == '-'; };
  if (HasForm(id, kBytesMax, IsLower, is_other) && id.back() != '-') return;
  violations.Add(field, absl::StrCat(Quoted(id),
                                     " is no webhook id: 1 to 63 lower-case letters, digits and \"-\", the "
                                     "first a letter and the last no \"-\""));
}

}  // namespace herald
