#include "src/core/compiled_webhook.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "src/base/protobuf_time.h"
#include "src/base/status_macros.h"
#include "src/core/authentication.h"
#include "src/core/captured_text.h"
#include "src/core/limits.h"
#include "src/core/redact.h"
#include "src/core/signing_secrets.h"
#include "src/core/sorted_entries.h"
#include "src/core/warnings.h"

namespace herald {
namespace {

// Where the tag that begins `text` ends.
size_t TagEnd(absl::string_view text) {
  const bool is_comment = text.substr(2, 1) == "!";
  const absl::string_view closing = text.substr(2, 3) == "!--" ? "--}}" : text.substr(2, 1) == "{" ? "}}}" : "}}";
  char quote = '\0';
  for (size_t i = 2; i < text.size(); ++i) {
    if (quote == '\0' && text.substr(i, closing.size()) == closing) return i + closing.size();
    if (is_comment || (text[i] != '"' && text[i] != '\'')) continue;
    if (quote == '\0') {
      quote = text[i];
    } else if (quote == text[i]) {
      quote = '\0';
    }
  }
  return text.size();
}

// `text` with a harmless letter in the place of every tag.
std::string WithoutTags(absl::string_view text) {
  std::string out;
  for (size_t tag = text.find("{{"); tag != absl::string_view::npos; tag = text.find("{{")) {
    absl::StrAppend(&out, text.substr(0, tag), "x");
    text.remove_prefix(tag);
    text.remove_prefix(TagEnd(text));
  }
  absl::StrAppend(&out, text);
  return out;
}

void CheckSecretNames(const Template& compiled, const v1::Webhook& webhook, absl::string_view field,
                      FieldViolations& violations) {
  for (const std::string& name : compiled.secret_names()) {
    if (webhook.secrets().contains(name)) continue;
    violations.Add(field,
                   absl::StrCat("{{@secret.", name, "}} is used and secrets has no \"", name, "\"; add it there"));
  }
}

// Nothing, with a violation, when `text` is no template.
std::optional<Template> CompileTemplate(absl::string_view text, TemplateDialect dialect, const v1::Limits& limits,
                                        const v1::Webhook& webhook, absl::string_view field,
                                        FieldViolations& violations) {
  absl::StatusOr<Template> compiled = Template::Compile(text, dialect, limits);
  if (!compiled.ok()) {
    violations.Add(field, compiled.status().message());
    return std::nullopt;
  }
  CheckSecretNames(*compiled, webhook, field, violations);
  return *std::move(compiled);
}

constexpr absl::string_view kPartPayload = "herald/part";

absl::Status Within(absl::string_view part, const absl::Status& status) {
  absl::Status within(status.code(), absl::StrCat(part, ": ", status.message()));
  within.SetPayload(kPartPayload, absl::Cord(part));
  return within;
}

// What a template makes of an event: for the sender, and for people.
struct Renderings {
  std::string real;
  std::string masked;
};

absl::StatusOr<Renderings> RenderBoth(const Template& compiled, const JsonValue& event,
                                      const Template::Secrets& secrets, const Template::Secrets& masked_secrets) {
  Renderings renderings;
  HERALD_ASSIGN_OR_RETURN(renderings.real, compiled.Render(event, secrets));
  if (compiled.secret_names().empty()) {
    renderings.masked = renderings.real;
    return renderings;
  }
  // A mask can be refused where the secret is not (in raw JSON, say): then people see the mask alone.
  absl::StatusOr<std::string> masked = compiled.Render(event, masked_secrets);
  renderings.masked = masked.ok() ? *std::move(masked) : kMask;
  return renderings;
}

absl::Status CheckRenderedSize(absl::string_view rendered, int bytes_max) {
  if (rendered.size() <= static_cast<size_t>(bytes_max)) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("has ", rendered.size(), " bytes when rendered; at most ", bytes_max, " are allowed"));
}

bool SendsBody(const v1::Webhook& webhook) {
  if (!webhook.body_template().empty()) return true;
  return webhook.method() != v1::Webhook::GET && webhook.method() != v1::Webhook::DELETE;
}

void AddOwnHeader(absl::string_view name, absl::string_view value, CompiledWebhook::Rendered& rendered) {
  if (value.empty()) return;
  rendered.request.headers.emplace_back(name, value);
  (*rendered.captured.mutable_headers())[std::string(name)] = std::string(value);
}

}  // namespace

absl::StatusOr<Template> CompileWebhookUrl(absl::string_view url, const UrlPolicy& policy, const v1::Limits& limits) {
  if (url.empty()) {
    return absl::InvalidArgumentError("required: where to send, such as https://hooks.slack.com/services/…");
  }
  if (url.size() > static_cast<size_t>(limits.url_bytes_max())) {
    return absl::InvalidArgumentError(
        absl::StrCat("has ", url.size(), " bytes; at most ", limits.url_bytes_max(), " are allowed"));
  }
  const UrlParts parts = SplitUrl(url);
  HERALD_RETURN_IF_ERROR(policy.CheckUrl(absl::StrCat(parts.origin, WithoutTags(parts.rest))));
  return Template::Compile(url, TemplateDialect::kUrl, limits);
}

std::string FailedPart(const absl::Status& status) {
  return std::string(status.GetPayload(kPartPayload).value_or(absl::Cord()));
}

std::shared_ptr<const CompiledWebhook> CompiledWebhook::Compile(v1::Webhook webhook, const v1::Limits& limits,
                                                                const UrlPolicy& policy, absl::string_view prefix,
                                                                FieldViolations& violations) {
  const size_t before = violations.size();
  const std::shared_ptr<CompiledWebhook> compiled(new CompiledWebhook);
  compiled->webhook_ = std::move(webhook);
  compiled->policy_ = policy;
  compiled->rendered_body_bytes_max_ = limits.rendered_body_bytes_max();
  compiled->captured_body_bytes_max_ = limits.captured_body_bytes_max();
  for (const auto& [name, value] : compiled->webhook_.secrets()) {
    compiled->template_secrets_.emplace(name, value);
    compiled->masked_secrets_.emplace(name, kMask);
  }
  compiled->secrets_ = SecretsOf(compiled->webhook_);
  compiled->CompileUrl(limits, prefix, violations);
  compiled->CompileHeaders(limits, prefix, violations);
  compiled->CompileBody(limits, prefix, violations);
  compiled->CompileConditions(limits, prefix, violations);
  compiled->CompileSigning(prefix, violations);
  compiled->CompileAuthentication(limits, prefix, violations);
  compiled->Warn();
  return violations.size() == before ? compiled : nullptr;
}

void CompiledWebhook::Warn() {
  SetWarnings(webhook_, filters_);
  if (url_.has_value()) AddTemplateWarnings(*url_, "url", webhook_);
  for (const HeaderTemplate& header : headers_) {
    AddTemplateWarnings(header.value, FieldOfKey("headers", header.name), webhook_);
  }
  if (body_.has_value()) AddTemplateWarnings(*body_, "body_template", webhook_);
}

std::shared_ptr<const CompiledWebhook> CompiledWebhook::Inert(v1::Webhook webhook, absl::string_view why) {
  const std::shared_ptr<CompiledWebhook> inert(new CompiledWebhook);
  inert->webhook_ = std::move(webhook);
  inert->webhook_.set_state(v1::Webhook::INACTIVE);
  inert->webhook_.clear_warnings();
  inert->webhook_.add_warnings(std::string(why));
  inert->secrets_ = SecretsOf(inert->webhook_);
  inert->why_inert_ = std::string(why);
  return inert;
}

void CompiledWebhook::CompileUrl(const v1::Limits& limits, absl::string_view prefix, FieldViolations& violations) {
  const std::string field = absl::StrCat(prefix, ".url");
  absl::StatusOr<Template> url = CompileWebhookUrl(webhook_.url(), policy_, limits);
  if (!url.ok()) return violations.Add(field, url.status().message());
  CheckSecretNames(*url, webhook_, field, violations);
  url_ = *std::move(url);
}

void CompiledWebhook::CompileHeaders(const v1::Limits& limits, absl::string_view prefix, FieldViolations& violations) {
  for (const auto* entry : SortedEntries(webhook_.headers())) {
    std::optional<Template> value =
        CompileTemplate(entry->second, TemplateDialect::kHeader, limits, webhook_,
                        FieldOfKey(absl::StrCat(prefix, ".headers"), entry->first), violations);
    if (value.has_value()) headers_.push_back({absl::AsciiStrToLower(entry->first), *std::move(value)});
  }
  std::sort(headers_.begin(), headers_.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
}

void CompiledWebhook::CompileBody(const v1::Limits& limits, absl::string_view prefix, FieldViolations& violations) {
  if (webhook_.body_template().empty()) return;
  const std::optional<TemplateDialect> dialect = DialectOfContentType(webhook_.content_type());
  if (!dialect.has_value()) return;  // ValidateWebhook says so
  body_ = CompileTemplate(webhook_.body_template(), *dialect, limits, webhook_, absl::StrCat(prefix, ".body_template"),
                          violations);
}

void CompiledWebhook::CompileConditions(const v1::Limits& limits, absl::string_view prefix,
                                        FieldViolations& violations) {
  // ValidateWebhook refuses more; it is not worth compiling them.
  const int filters = std::min(webhook_.filters_size(), limits.filters_max());
  for (int i = 0; i < filters; ++i) {
    std::optional<Condition> filter = Condition::CompileFilter(
        webhook_.filters(i), limits, FieldOfIndex(absl::StrCat(prefix, ".filters"), i), violations);
    if (filter.has_value()) filters_.push_back(*std::move(filter));
  }
  const int validators = std::min(webhook_.response_validators_size(), limits.validators_max());
  for (int i = 0; i < validators; ++i) {
    std::optional<Condition> validator =
        Condition::CompileValidator(webhook_.response_validators(i), limits,
                                    FieldOfIndex(absl::StrCat(prefix, ".response_validators"), i), violations);
    if (validator.has_value()) validators_.push_back(*std::move(validator));
  }
}

void CompiledWebhook::CompileSigning(absl::string_view prefix, FieldViolations& violations) {
  if (webhook_.signing().scheme() == v1::Signing::NONE) return;
  for (int i = 0; i < webhook_.signing().secrets_size(); ++i) {
    const v1::Signing::Secret& secret = webhook_.signing().secrets(i);
    absl::StatusOr<SigningKey> key = SigningKey::Parse(secret.value());
    if (key.ok()) {
      signing_keys_.push_back({*std::move(key), ExpiryOf(secret)});
    } else {
      violations.Add(FieldOfIndex(absl::StrCat(prefix, ".signing.secrets"), i), key.status().message());
    }
  }
}

void CompiledWebhook::CompileAuthentication(const v1::Limits& limits, absl::string_view prefix,
                                            FieldViolations& violations) {
  if (!webhook_.authentication().has_oauth2()) return;
  const v1::Authentication::OAuth2ClientCredentials& client = webhook_.authentication().oauth2();
  const absl::Status allowed = CheckTokenUrl(client.token_url(), policy_, limits);
  if (!allowed.ok()) {
    return violations.Add(absl::StrCat(prefix, ".authentication.oauth2.token_url"), allowed.message());
  }
  token_client_ = std::make_shared<const AccessTokenClient>(
      AccessTokenClient{AccessTokenRequest(client, FromProto(webhook_.timeout())), secrets_});
}

bool CompiledWebhook::reads_event() const {
  const auto has_tags = [](const HeaderTemplate& header) { return !header.value.is_fixed_text(); };
  return (url_.has_value() && !url_->is_fixed_text()) || (body_.has_value() && !body_->is_fixed_text()) ||
         std::any_of(headers_.begin(), headers_.end(), has_tags);
}

absl::StatusOr<CompiledWebhook::Rendered> CompiledWebhook::Render(absl::string_view event_json, const JsonValue& event,
                                                                  absl::string_view webhook_id,
                                                                  absl::string_view user_agent, absl::Time now) const {
  if (why_inert_.has_value()) return absl::FailedPreconditionError(*why_inert_);
  Rendered rendered;
  rendered.request.method = v1::Webhook::Method_Name(webhook_.method());
  rendered.request.timeout = FromProto(webhook_.timeout());
  rendered.captured.set_method(rendered.request.method);
  HERALD_RETURN_IF_ERROR(RenderUrl(event, rendered));
  if (SendsBody(webhook_)) AddOwnHeader("content-type", webhook_.content_type(), rendered);
  AddOwnHeader("user-agent", user_agent, rendered);
  AddOwnHeader("webhook-id", webhook_id, rendered);
  if (!webhook_id.empty()) AddOwnHeader("webhook-timestamp", absl::StrCat(absl::ToUnixSeconds(now)), rendered);
  HERALD_RETURN_IF_ERROR(RenderHeaders(event, rendered));
  Authenticate(rendered);
  if (SendsBody(webhook_)) HERALD_RETURN_IF_ERROR(RenderBody(event_json, event, rendered));
  if (!webhook_id.empty()) Sign(webhook_id, now, rendered);
  return rendered;
}

void CompiledWebhook::Authenticate(Rendered& rendered) const {
  const std::string name = AuthenticationHeaderName(webhook_.authentication());
  if (name.empty()) return;
  (*rendered.captured.mutable_headers())[name] = kMask;
  rendered.request.token_client = token_client_;
  std::optional<std::string> value = AuthenticationHeaderValue(webhook_.authentication());
  if (value.has_value()) rendered.request.headers.emplace_back(name, *std::move(value));
}

void CompiledWebhook::Sign(absl::string_view webhook_id, absl::Time now, Rendered& rendered) const {
  if (signing_keys_.empty()) return;
  const std::optional<std::string>& body = rendered.request.body;
  const std::string content = SignedContent(webhook_id, now, body.has_value() ? *body : "");
  std::string signatures;
  for (const ExpiringKey& one : signing_keys_) {
    if (one.expire_time <= now) continue;
    absl::StrAppend(&signatures, signatures.empty() ? "" : " ", one.key.Sign(content));
  }
  AddOwnHeader("webhook-signature", signatures, rendered);
}

absl::Status CompiledWebhook::RenderUrl(const JsonValue& event, Rendered& rendered) const {
  absl::StatusOr<Renderings> url = RenderBoth(*url_, event, template_secrets_, masked_secrets_);
  if (!url.ok()) return Within("url", url.status());
  rendered.request.url = std::move(url->real);
  const absl::Status size = CheckRenderedSize(rendered.request.url, kRenderedUrlBytesMax);
  if (!size.ok()) return Within("url", size);
  if (rendered.request.url != webhook_.url()) {  // without tags it was checked when it was compiled
    const absl::Status allowed = policy_.CheckUrl(rendered.request.url);
    if (!allowed.ok()) return Within("url", allowed);
  }
  if (url_->secret_names().empty()) {
    rendered.captured.set_url(MaskedUrl(rendered.request.url));
  } else {
    if (url->masked == kMask) url->masked = absl::StrCat(SplitUrl(webhook_.url()).origin, "/", kMask);
    rendered.captured.set_url(absl::StrReplaceAll(url->masked, {{"%2A%2A%2A", kMask}}));
  }
  return absl::OkStatus();
}

absl::Status CompiledWebhook::RenderHeaders(const JsonValue& event, Rendered& rendered) const {
  for (const HeaderTemplate& header : headers_) {
    absl::StatusOr<Renderings> value = RenderBoth(header.value, event, template_secrets_, masked_secrets_);
    const absl::Status status = value.ok() ? CheckRenderedSize(value->real, kRenderedHeaderBytesMax) : value.status();
    if (!status.ok()) return Within(FieldOfKey("headers", header.name), status);
    (*rendered.captured.mutable_headers())[header.name] =
        IsSecretHeader(header.name) ? kMask : std::move(value->masked);
    rendered.request.headers.emplace_back(header.name, std::move(value->real));
  }
  return absl::OkStatus();
}

absl::Status CompiledWebhook::RenderBody(absl::string_view event_json, const JsonValue& event,
                                         Rendered& rendered) const {
  Renderings body;
  if (body_.has_value()) {
    absl::StatusOr<Renderings> both = RenderBoth(*body_, event, template_secrets_, masked_secrets_);
    if (!both.ok()) return Within("body_template", both.status());
    body = *std::move(both);
  } else {
    body = {.real = std::string(event_json), .masked = std::string(event_json)};
  }
  const absl::Status size = CheckRenderedSize(body.real, rendered_body_bytes_max_);
  if (!size.ok()) return Within(body_.has_value() ? "body_template" : "event", size);
  CapturedText captured = Capture(body.masked, captured_body_bytes_max_);
  rendered.captured.set_body(std::move(captured.text));
  rendered.captured.set_body_truncated(captured.truncated);
  rendered.request.body = std::move(body.real);
  return absl::OkStatus();
}

std::vector<Template::Position> CompiledWebhook::body_positions() const {
  return body_.has_value() ? body_->positions() : std::vector<Template::Position>();
}

}  // namespace herald
