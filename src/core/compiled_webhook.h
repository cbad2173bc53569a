// A webhook ready to match and to render: everything that can be wrong with it was found when it was compiled.
//
// Immutable; thread rule: const calls only.

#ifndef HERALD_CORE_COMPILED_WEBHOOK_H_
#define HERALD_CORE_COMPILED_WEBHOOK_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "herald/v1/delivery.pb.h"
#include "herald/v1/limits.pb.h"
#include "herald/v1/webhook.pb.h"
#include "src/core/condition.h"
#include "src/core/errors.h"
#include "src/core/exchange.h"
#include "src/core/template/template.h"
#include "src/core/url_policy.h"

namespace herald {

class CompiledWebhook {
 public:
  // `webhook` has its defaults and its real secrets. nullptr when something is wrong, and then `violations` has all of
  // it.
  static std::shared_ptr<const CompiledWebhook> Compile(v1::Webhook webhook, const v1::Limits& limits,
                                                        const UrlPolicy& policy, absl::string_view prefix,
                                                        FieldViolations& violations);

  const v1::Webhook& webhook() const { return webhook_; }
  const std::vector<Condition>& filters() const { return filters_; }
  const std::vector<Condition>& validators() const { return validators_; }

  struct Rendered {
    HttpRequest request;                     // with secrets: for the sender alone
    v1::InvocationResult::Request captured;  // from a second rendering with "***": for people
  };
  // The request for an event. `event_json` is its document's text, `event` the same parsed. FAILED_PRECONDITION: cannot
  // be rendered: "body_template: line 3, column 12: …". INVALID_ARGUMENT: the rendered URL is forbidden. `user_agent`
  // and `webhook_id` (empty: a preview) become headers.
  absl::StatusOr<Rendered> Render(absl::string_view event_json, const JsonValue& event, absl::string_view webhook_id,
                                  absl::string_view user_agent) const;

  // The positions of the body template's tags.
  std::vector<Template::Position> body_positions() const;

  // What WithoutSecrets is to look for in an answer.
  const std::vector<std::string>& secrets() const { return secrets_; }

 private:
  CompiledWebhook() = default;

  v1::Webhook webhook_;
  std::vector<Condition> filters_;
  std::vector<Condition> validators_;
  std::optional<Template> url_;  // the path and query
  std::vector<std::pair<std::string, Template>> headers_;
  std::optional<Template> body_;  // none: the event document
  Template::Secrets template_secrets_;
  Template::Secrets masked_secrets_;
  std::vector<std::string> secrets_;
  v1::Limits limits_;
  UrlPolicy policy_{UrlAllowances{}};
};

}  // namespace herald

#endif  // HERALD_CORE_COMPILED_WEBHOOK_H_
