// A webhook ready to match and to render: everything that can be wrong with it was found when it was compiled.
//
// Immutable; thread rule: const calls only.

#ifndef HERALD_CORE_COMPILED_WEBHOOK_H_
#define HERALD_CORE_COMPILED_WEBHOOK_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "herald/v1/delivery.pb.h"
#include "herald/v1/limits.pb.h"
#include "herald/v1/webhook.pb.h"
#include "src/core/access_token.h"
#include "src/core/condition.h"
#include "src/core/errors.h"
#include "src/core/exchange.h"
#include "src/core/signature.h"
#include "src/core/template/template.h"
#include "src/core/url_policy.h"

namespace herald {

// A webhook's `url`, of which path and query may be templated. INVALID_ARGUMENT: why the url is not allowed, as a
// server that has `policy` says it.
absl::StatusOr<Template> CompileWebhookUrl(absl::string_view url, const UrlPolicy& policy, const v1::Limits& limits);

// The part with which the sentence of a failed CompiledWebhook::Render begins: url, headers["x-a"], body_template, or
// event when it is the default body; empty when no part is to blame.
std::string FailedPart(const absl::Status& status);

class CompiledWebhook {
 public:
  // `webhook` has its defaults and its real secrets. nullptr when something is wrong, and then `violations` has all of
  // it. Sets the webhook's warnings.
  static std::shared_ptr<const CompiledWebhook> Compile(v1::Webhook webhook, const v1::Limits& limits,
                                                        const UrlPolicy& policy, absl::string_view prefix,
                                                        FieldViolations& violations);

  // A stored webhook that does not compile any more: shown, INACTIVE, with `why` in its warnings; Render fails.
  static std::shared_ptr<const CompiledWebhook> Inert(v1::Webhook webhook, absl::string_view why);

  const v1::Webhook& webhook() const { return webhook_; }
  const std::vector<Condition>& filters() const { return filters_; }
  const std::vector<Condition>& validators() const { return validators_; }

  struct Rendered {
    HttpRequest request;                     // with secrets: for the sender alone
    v1::InvocationResult::Request captured;  // from a second rendering with "***": for people
  };
  // Whether there is any tag that an event could fill; else Render does not look at `event`.
  bool reads_event() const;
  // The request for an event. `event_json` is its document's text, `event` the same parsed. FAILED_PRECONDITION: cannot
  // be rendered: "body_template: line 3, column 12: …". INVALID_ARGUMENT: the rendered URL is forbidden. `user_agent`,
  // `webhook_id` and `now` become headers, and with the body they are signed. An empty `webhook_id` is a preview: no
  // webhook-* headers, so that nobody gets a signature of what is not sent.
  absl::StatusOr<Rendered> Render(absl::string_view event_json, const JsonValue& event, absl::string_view webhook_id,
                                  absl::string_view user_agent, absl::Time now) const;

  // The positions of the body template's tags.
  std::vector<Template::Position> body_positions() const;

  // What WithoutSecrets is to look for in an answer.
  const std::vector<std::string>& secrets() const { return secrets_; }

 private:
  struct HeaderTemplate {
    std::string name;  // in lower case
    Template value;
  };

  struct ExpiringKey {
    SigningKey key;
    absl::Time expire_time;
  };

  CompiledWebhook() = default;

  void CompileUrl(const v1::Limits& limits, absl::string_view prefix, FieldViolations& violations);
  void CompileHeaders(const v1::Limits& limits, absl::string_view prefix, FieldViolations& violations);
  void CompileBody(const v1::Limits& limits, absl::string_view prefix, FieldViolations& violations);
  void CompileConditions(const v1::Limits& limits, absl::string_view prefix, FieldViolations& violations);
  // Puts into the webhook what is allowed in it but probably not meant.
  void Warn();
  void CompileSigning(absl::string_view prefix, FieldViolations& violations);
  void CompileAuthentication(const v1::Limits& limits, absl::string_view prefix, FieldViolations& violations);

  // Each writes its part of `rendered.request` and of `rendered.captured`.
  absl::Status RenderUrl(const JsonValue& event, Rendered& rendered) const;
  absl::Status RenderHeaders(const JsonValue& event, Rendered& rendered) const;
  absl::Status RenderBody(absl::string_view event_json, const JsonValue& event, Rendered& rendered) const;

  void Authenticate(Rendered& rendered) const;
  void Sign(absl::string_view webhook_id, absl::Time now, Rendered& rendered) const;

  v1::Webhook webhook_;
  std::vector<Condition> filters_;
  std::vector<Condition> validators_;
  std::optional<Template> url_;
  std::vector<HeaderTemplate> headers_;  // by name
  std::optional<Template> body_;         // none: the event document, or no body
  std::vector<ExpiringKey> signing_keys_;
  std::shared_ptr<const AccessTokenClient> token_client_;  // null: it authenticates in another way, or not at all
  Template::Secrets template_secrets_;
  Template::Secrets masked_secrets_;
  std::vector<std::string> secrets_;
  int rendered_body_bytes_max_ = 0;
  int captured_body_bytes_max_ = 0;
  UrlPolicy policy_{UrlAllowances{}};
  std::optional<std::string> why_inert_;
};

}  // namespace herald

#endif  // HERALD_CORE_COMPILED_WEBHOOK_H_
