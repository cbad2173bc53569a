#include "src/core/redact.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "src/base/json.h"
#include "src/core/authentication.h"
#include "src/core/sorted_entries.h"
#include "src/core/template/escape.h"
#include "src/core/url_policy.h"

namespace herald {
namespace {

constexpr size_t kSecretBytesMin = 8;
// Shorter segments of a path are words ("services") more often than secrets.
constexpr size_t kSegmentBytesMin = 16;

constexpr char kMaskedRest[] = "/***";

constexpr char kWriteInFull[] = "\"***\" stands for the whole of a stored value; write this one in full";
constexpr char kNothingStored[] = "\"***\" stands for a stored value and none is stored here; write the value in full";
constexpr char kOriginChanged[] =
    "the url's scheme, host or port changed, so give this again, in full: a stored secret is not sent to a new host";
constexpr char kTokenOriginChanged[] =
    "token_url's scheme, host or port changed, so give this again, in full: a stored secret is not sent to a new host";

// Equal for equal scheme, host and port.
std::string NormalOrigin(absl::string_view url) {
  const std::string lower = absl::AsciiStrToLower(SplitUrl(url).origin);
  absl::string_view origin = lower;
  if (absl::StartsWith(origin, "https://")) absl::ConsumeSuffix(&origin, ":443");
  if (absl::StartsWith(origin, "http://")) absl::ConsumeSuffix(&origin, ":80");
  return std::string(origin);
}

bool UsesSecret(absl::string_view text) {
  for (size_t tag = text.find("{{"); tag != absl::string_view::npos; tag = text.find("{{", tag + 2)) {
    if (absl::StrContains(text.substr(tag, text.find("}}", tag) - tag), "@secret.")) return true;
  }
  return false;
}

// The path and query of `url` when they are secret, else empty.
absl::string_view SecretRest(absl::string_view url) {
  const absl::string_view rest = SplitUrl(url).rest;
  return rest == "/" || UsesSecret(rest) ? absl::string_view() : rest;
}

const std::string* FindHeader(const v1::Webhook& webhook, absl::string_view name) {
  for (const auto& [other, value] : webhook.headers()) {
    if (absl::EqualsIgnoreCase(other, name)) return &value;
  }
  return nullptr;
}

const std::string* FindSecret(const v1::Webhook& webhook, const std::string& name) {
  const auto found = webhook.secrets().find(name);
  return found == webhook.secrets().end() ? nullptr : &found->second;
}

void SetSigningSecrets(const v1::Signing& from, v1::Webhook& to) {
  if (!from.secrets().empty() || to.has_signing()) *to.mutable_signing()->mutable_secrets() = from.secrets();
}

void Mask(v1::Authentication& authentication) {
  const AuthenticationSecret secret = SecretOf(authentication);
  if (secret.value != nullptr) *secret.value = kMask;
}

// Replaces the masks of one edited webhook.
class Unmasker {
 public:
  Unmasker(const v1::Webhook& edited, const v1::Webhook* stored, FieldViolations& violations)
      : stored_(stored),
        same_origin_(stored != nullptr && NormalOrigin(edited.url()) == NormalOrigin(stored->url())),
        violations_(violations) {}

  void Url(const std::string& field, std::string* url) {
    const std::string origin(SplitUrl(*url).origin);
    std::string rest(SplitUrl(*url).rest);
    if (!absl::StrContains(*url, kMask)) return;
    if (rest != kMaskedRest) return violations_.Add(field, kWriteInFull);
    const std::string stored_rest(stored_ == nullptr ? "" : SplitUrl(stored_->url()).rest);
    Replace(stored_rest.empty() ? nullptr : &stored_rest, field, &rest);
    *url = origin + rest;
  }

  void Header(const std::string& name, const std::string& field, std::string* value) {
    if (!absl::StrContains(*value, kMask)) return;
    if (*value != kMask) return violations_.Add(field, kWriteInFull);
    Replace(stored_ == nullptr ? nullptr : FindHeader(*stored_, name), field, value);
  }

  void Secret(const std::string& name, const std::string& field, std::string* value) {
    if (*value != kMask) return;
    Replace(stored_ == nullptr ? nullptr : FindSecret(*stored_, name), field, value);
  }

  void Authentication(const std::string& field, v1::Authentication* edited) {
    const AuthenticationSecret secret = SecretOf(*edited);
    if (secret.value == nullptr || *secret.value != kMask) return;
    const std::string secret_field = absl::StrCat(field, ".", secret.path);
    v1::Authentication stored = stored_ == nullptr ? v1::Authentication() : stored_->authentication();
    const bool same_method = stored.method_case() == edited->method_case();
    if (same_method && NormalOrigin(edited->oauth2().token_url()) != NormalOrigin(stored.oauth2().token_url())) {
      return violations_.Add(secret_field, kTokenOriginChanged);
    }
    Replace(same_method ? SecretOf(stored).value : nullptr, secret_field, secret.value);
  }

 private:
  void Replace(const std::string* stored_value, const std::string& field, std::string* value) {
    if (stored_value == nullptr) return violations_.Add(field, kNothingStored);
    if (!same_origin_) return violations_.Add(field, kOriginChanged);
    *value = *stored_value;
  }

  const v1::Webhook* const stored_;
  const bool same_origin_;
  FieldViolations& violations_;
};

// Gathers the forms in which secrets may come back.
class SecretForms {
 public:
  // A value of `secrets`: {{base64 @secret.login}} is how Basic credentials are made, and base64 hides nothing.
  void AddValue(absl::string_view secret) {
    Add(secret);
    if (secret.size() >= kSecretBytesMin) AddBase64(absl::Base64Escape(secret));
  }

  void AddBase64(absl::string_view padded) {
    Add(padded);
    Add(padded.substr(0, padded.find('=')));
  }

  void Add(absl::string_view secret, size_t bytes_min = kSecretBytesMin) {
    if (secret.size() < bytes_min) return;
    forms_.emplace_back(secret);
    std::string in_json;
    AppendJsonEscaped(secret, &in_json);
    forms_.push_back(absl::StrReplaceAll(in_json, {{"/", "\\/"}}));
    forms_.push_back(std::move(in_json));
    templates::AppendPercentEncoded(secret, &forms_.emplace_back());
  }

  // "Bearer abc": a receiver may send back the credentials alone.
  void AddHeader(absl::string_view value) {
    Add(value);
    const std::pair<absl::string_view, absl::string_view> scheme = absl::StrSplit(value, absl::MaxSplits(' ', 1));
    Add(scheme.second);
  }

  // "whsec_abc": a receiver may send back the key alone.
  void AddSigningSecret(absl::string_view value) {
    Add(value);
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(value, absl::MaxSplits('_', 1));
    Add(parts.second);
  }

  void AddAuthentication(v1::Authentication authentication) {
    const std::string* const secret = SecretOf(authentication).value;
    if (secret != nullptr) AddValue(*secret);
    if (authentication.has_header_key()) AddHeader(authentication.header_key().value());
    if (authentication.has_basic()) AddBase64(BasicCredentials(authentication.basic()));
    if (authentication.has_oauth2()) AddBase64(BasicCredentials(authentication.oauth2()));
  }

  void AddPathAndQuery(absl::string_view rest) {
    Add(rest);
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(rest, absl::MaxSplits('?', 1));
    Add(parts.first);
    for (const absl::string_view segment : absl::StrSplit(parts.first, '/')) Add(segment, kSegmentBytesMin);
    Add(parts.second);
    for (const absl::string_view pair : absl::StrSplit(parts.second, '&')) {
      const std::pair<absl::string_view, absl::string_view> argument = absl::StrSplit(pair, absl::MaxSplits('=', 1));
      Add(argument.second);
    }
  }

  std::vector<std::string> Take() {
    std::sort(forms_.begin(), forms_.end());
    forms_.erase(std::unique(forms_.begin(), forms_.end()), forms_.end());
    return std::move(forms_);
  }

 private:
  std::vector<std::string> forms_;
};

using Range = std::pair<size_t, size_t>;  // first byte, end

// Where a secret stands in `text`, in order; ranges may overlap.
std::vector<Range> FindSecrets(absl::string_view text, const std::vector<std::string>& secrets) {
  std::vector<Range> ranges;
  for (const std::string& secret : secrets) {
    if (secret.size() < kSecretBytesMin) continue;
    for (size_t at = text.find(secret); at != absl::string_view::npos; at = text.find(secret, at + 1)) {
      ranges.emplace_back(at, at + secret.size());
    }
  }
  std::sort(ranges.begin(), ranges.end());
  return ranges;
}

}  // namespace

bool IsSecretHeader(absl::string_view lower_case_name) {
  return lower_case_name != "accept" && !absl::StartsWith(lower_case_name, "accept-") &&
         lower_case_name != "content-language" && lower_case_name != "cache-control";
}

std::string MaskedUrl(absl::string_view url) {
  if (SecretRest(url).empty()) return std::string(url);
  return absl::StrCat(SplitUrl(url).origin, kMaskedRest);
}

v1::Webhook Masked(v1::Webhook webhook) {
  webhook.set_url(MaskedUrl(webhook.url()));
  for (auto& [name, value] : *webhook.mutable_headers()) {
    if (IsSecretHeader(absl::AsciiStrToLower(name))) value = kMask;
  }
  for (auto& [name, value] : *webhook.mutable_secrets()) value = kMask;
  if (webhook.has_authentication()) Mask(*webhook.mutable_authentication());
  if (!webhook.has_signing()) return webhook;
  for (v1::Signing::Secret& secret : *webhook.mutable_signing()->mutable_secrets()) secret.set_value(kMask);
  return webhook;
}

v1::Webhook Unmasked(v1::Webhook edited, const v1::Webhook* stored, absl::string_view prefix,
                     FieldViolations& violations) {
  Unmasker unmasker(edited, stored, violations);
  unmasker.Url(absl::StrCat(prefix, ".url"), edited.mutable_url());
  for (auto* entry : SortedEntries(*edited.mutable_headers())) {
    unmasker.Header(entry->first, FieldOfKey(absl::StrCat(prefix, ".headers"), entry->first), &entry->second);
  }
  for (auto* entry : SortedEntries(*edited.mutable_secrets())) {
    unmasker.Secret(entry->first, FieldOfKey(absl::StrCat(prefix, ".secrets"), entry->first), &entry->second);
  }
  if (edited.has_authentication()) {
    unmasker.Authentication(absl::StrCat(prefix, ".authentication"), edited.mutable_authentication());
  }
  SetSigningSecrets(stored == nullptr ? v1::Signing() : stored->signing(), edited);
  return edited;
}

SplitWebhook Split(const v1::Webhook& webhook) {
  SplitWebhook parts;
  parts.open = Masked(webhook);
  parts.sealed.set_url(webhook.url());
  *parts.sealed.mutable_headers() = webhook.headers();
  *parts.sealed.mutable_secrets() = webhook.secrets();
  SetSigningSecrets(webhook.signing(), parts.sealed);
  if (webhook.has_authentication()) *parts.sealed.mutable_authentication() = webhook.authentication();
  return parts;
}

v1::Webhook Join(v1::Webhook open, const v1::Webhook& sealed) {
  open.set_url(sealed.url());
  *open.mutable_headers() = sealed.headers();
  *open.mutable_secrets() = sealed.secrets();
  SetSigningSecrets(sealed.signing(), open);
  if (sealed.has_authentication()) *open.mutable_authentication() = sealed.authentication();
  return open;
}

std::string WithoutSecrets(std::string text, const std::vector<std::string>& secrets) {
  const std::vector<Range> ranges = FindSecrets(text, secrets);
  if (ranges.empty()) return text;
  std::string out;
  size_t done = 0;
  for (const auto& [begin, end] : ranges) {
    if (begin >= done) absl::StrAppend(&out, absl::string_view(text).substr(done, begin - done), kMask);
    done = std::max(done, end);
  }
  out.append(text, done);
  return out;
}

std::vector<std::string> SecretsOf(const v1::Webhook& webhook) {
  SecretForms forms;
  for (const auto& [name, value] : webhook.secrets()) forms.AddValue(value);
  for (const v1::Signing::Secret& secret : webhook.signing().secrets()) forms.AddSigningSecret(secret.value());
  for (const auto& [name, value] : webhook.headers()) {
    if (IsSecretHeader(absl::AsciiStrToLower(name))) forms.AddHeader(value);
  }
  forms.AddAuthentication(webhook.authentication());
  forms.AddPathAndQuery(SecretRest(webhook.url()));
  return forms.Take();
}

std::vector<std::string> FormsOfSecret(absl::string_view secret) {
  SecretForms forms;
  forms.AddValue(secret);
  return forms.Take();
}

}  // namespace herald
