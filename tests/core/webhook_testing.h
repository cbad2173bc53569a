// Webhooks for tests, as they are stored: complete, with defaults and secrets.

#ifndef HERALD_TESTS_CORE_WEBHOOK_TESTING_H_
#define HERALD_TESTS_CORE_WEBHOOK_TESTING_H_

#include <memory>
#include <string>
#include <utility>

#include "herald/v1/webhook.pb.h"
#include "src/core/compiled_webhook.h"
#include "src/core/limits.h"
#include "src/core/validate.h"

namespace herald {

inline v1::Webhook SlackWebhook() {
  v1::Webhook webhook;
  webhook.set_name("webhooks/slack");
  webhook.set_display_name("Slack");
  webhook.set_url("https://hooks.slack.com/services/T0/B0/XXXXXXXXXXXXXXXXXXXXXXXX");
  webhook.add_triggers("RequestCreated");
  return webhook;
}

inline google::protobuf::Duration Seconds(int64_t seconds) {
  google::protobuf::Duration duration;
  duration.set_seconds(seconds);
  return duration;
}

inline v1::RetryPolicy::Backoff& BackoffOf(v1::Webhook& webhook) {
  v1::RetryPolicy::Backoff& backoff = *webhook.mutable_retry_policy()->mutable_backoff();
  *backoff.mutable_initial() = Seconds(1);
  return backoff;
}

inline v1::Filter MakeFilter(absl::string_view path, absl::string_view value) {
  v1::Filter filter;
  filter.set_path(std::string(path));
  filter.add_values(std::string(value));
  return filter;
}

inline v1::ResponseValidator MakeValidator(absl::string_view path, absl::string_view value) {
  v1::ResponseValidator validator;
  validator.set_json_path(std::string(path));
  validator.add_expected_values(std::string(value));
  return validator;
}

// nullptr, with `violations`, when something is wrong.
inline std::shared_ptr<const CompiledWebhook> TryCompile(v1::Webhook webhook, FieldViolations& violations,
                                                         const v1::Limits& limits = DefaultLimits()) {
  return CompiledWebhook::Compile(WithDefaults(std::move(webhook)), limits, UrlPolicy(UrlAllowances{}), "webhook",
                                  violations);
}

inline std::shared_ptr<const CompiledWebhook> Compiled(v1::Webhook webhook,
                                                       const v1::Limits& limits = DefaultLimits()) {
  FieldViolations violations;
  return TryCompile(std::move(webhook), violations, limits);
}

}  // namespace herald

#endif  // HERALD_TESTS_CORE_WEBHOOK_TESTING_H_
