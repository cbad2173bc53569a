#include "clients/cli/webhook_edit.h"

#include <utility>

#include "absl/strings/string_view.h"
#include "clients/cli/message_edit.h"
#include "clients/cli/message_flags.h"
#include "clients/cli/values_text.h"
#include "src/base/status_macros.h"

namespace herald::cli {
namespace {

const std::vector<FieldFlag>& WebhookFieldFlags() {
  using Kind = Flag::Kind;
  static const std::vector<FieldFlag>* flags = new std::vector<FieldFlag>{
      {{"display_name", Kind::kText, "TEXT", "unique name for people"}, "display_name"},
      {{"description", Kind::kText, "TEXT", "what it is for"}, "description"},
      {{"state", Kind::kText, "ACTIVE|INACTIVE", "default ACTIVE"}, "state"},
      {{"trigger", Kind::kTexts, "TYPE", "an event type, a prefix (\"invoice.*\"), or \"*\""}, "triggers"},
      {{"filter", Kind::kTexts, "JSON|@FILE", R"('{"path": "$.data.x", "values": ["a"]}'; all must hold)"},
       "filters",
       true},
      {{"method", Kind::kText, EnumNames(*v1::Webhook::Method_descriptor()), "default POST"}, "method"},
      {{"url", Kind::kText, "URL", "where to send to: https, no port but 443"}, "url"},
      {{"header", Kind::kTexts, "NAME=VALUE", "a header of the request"}, "headers"},
      {{"secret", Kind::kTexts, "NAME=VALUE", "for {{@secret.NAME}}; NAME=@FILE keeps it out of the shell's history"},
       "secrets",
       true},
      {{"content_type", Kind::kText, "TYPE", "of the body; default application/json"}, "content_type"},
      {{"body_template", Kind::kText, "TEXT|@FILE", "Handlebars; default: the event document"}, "body_template", true},
      {{"request_timeout", Kind::kDuration, "DURATION", "for the whole exchange, 1s to 60s; default 10s"}, "timeout"},
      {{"response_validator", Kind::kTexts, "JSON|@FILE",
        R"('{"json_path": "$.data.ok", "expected_values": ["true"]}')"},
       "response_validators",
       true},
      {{"success_status", Kind::kTexts, "NUMBER", "counts as success beside 200 to 299"}, "success_statuses"},
      {{"retry_policy", Kind::kText, "JSON|@FILE", R"('{"max_attempts": 5, "schedule": ["10s", "60s"]}')"},
       "retry_policy",
       true},
      {{"rate_limit", Kind::kText, "JSON|@FILE",
        R"('{"requests_per_second": 5}', and "burst" if wanted; default no limit)"},
       "rate_limit",
       true},
      {{"max_in_flight", Kind::kNumber, "NUMBER", "attempts under way at once, 1 to 1024; default 32"},
       "max_in_flight"},
      {{"signing", Kind::kText, "JSON|@FILE", R"('{"scheme": "ED25519"}'; default HMAC_SHA256; NONE: not signed)"},
       "signing",
       true},
      {{"authentication", Kind::kText, "JSON|@FILE",
        R"('{"basic": {"username": "x", "password": "y"}}', bearer, header_key or oauth2; best in a FILE)"},
       "authentication",
       true},
      {{"label", Kind::kTexts, "NAME=VALUE", "for lists"}, "labels"},
  };
  return *flags;
}

}  // namespace

std::vector<Flag> WebhookFlags() { return FlagsOf(WebhookFieldFlags()); }

absl::StatusOr<WebhookEdit> ReadWebhookEdit(v1::Webhook base, absl::string_view file, CommandContext& context) {
  WebhookEdit edit{std::move(base), {}};
  HERALD_ASSIGN_OR_RETURN(edit.fields, EditMessage(WebhookFieldFlags(), file, context, &edit.webhook));
  return edit;
}

}  // namespace herald::cli
