#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/base/ascii.h"
#include "src/core/authentication.h"
#include "src/core/field_checks.h"
#include "src/core/header_name.h"
#include "src/core/sorted_entries.h"

namespace herald {
namespace {

using Authentication = v1::Authentication;

constexpr int kNameBytesMax = 1024;
constexpr int kScopesMax = 32;

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }
bool IsScopeCharacter(char c) { return IsPrintable(c) && c != '"' && c != '\\'; }

// What is sent as it is written.
void CheckText(absl::string_view value, int bytes_max, absl::string_view field, FieldViolations& violations) {
  CheckBytes(value, bytes_max, field, violations);
  if (absl::c_any_of(value, IsControl)) violations.Add(field, "holds a control character, such as a line break");
  if (absl::StrContains(value, "{{@secret.")) {
    violations.Add(field, "is sent as it is written, so {{@secret.…}} does not work here; give the secret itself");
  }
}

void CheckRequired(absl::string_view value, absl::string_view what, int bytes_max, absl::string_view field,
                   FieldViolations& violations) {
  if (value.empty()) return violations.Add(field, absl::StrCat("required: ", what));
  CheckText(value, bytes_max, field, violations);
}

// The checks of one authentication, whose fields' paths begin with `field`.
class Checker {
 public:
  Checker(const v1::Limits& limits, absl::string_view field, FieldViolations& violations)
      : limits_(limits), field_(field), violations_(violations) {}

  void Check(const Authentication& authentication) {
    switch (authentication.method_case()) {
      case Authentication::kBasic:
        return CheckBasic(authentication.basic());
      case Authentication::kBearer:
        return CheckBearer(authentication.bearer());
      case Authentication::kHeaderKey:
        return CheckHeaderKey(authentication.header_key());
      case Authentication::kOauth2:
        return CheckOAuth2(authentication.oauth2());
      case Authentication::METHOD_NOT_SET:
        return violations_.Add(field_, "required: one of basic, bearer, header_key and oauth2; or leave it out");
    }
  }

 private:
  std::string Field(absl::string_view path) const { return absl::StrCat(field_, ".", path); }

  void CheckBasic(const Authentication::Basic& basic) {
    const std::string username = Field("basic.username");
    CheckRequired(basic.username(), "the user name", kNameBytesMax, username, violations_);
    if (absl::StrContains(basic.username(), ':')) {
      violations_.Add(username, "holds a \":\", which ends a user name in Basic authentication (RFC 7617)");
    }
    CheckText(basic.password(), limits_.secret_bytes_max(), Field("basic.password"), violations_);
  }

  void CheckBearer(const Authentication::Bearer& bearer) {
    const std::string token = Field("bearer.token");
    CheckRequired(bearer.token(), "the token, without \"Bearer \"", limits_.secret_bytes_max(), token, violations_);
    if (!absl::c_all_of(bearer.token(), IsPrintable)) {
      violations_.Add(token, "a token has visible ASCII characters only, no space; leave out \"Bearer \"");
    }
  }

  void CheckHeaderKey(const Authentication::HeaderKey& key) {
    if (key.name().empty()) {
      violations_.Add(Field("header_key.name"), "required: the header's name, such as x-api-key");
    } else {
      CheckHeaderName(key.name(), Field("header_key.name"), violations_);
      CheckBytes(key.name(), limits_.short_text_bytes_max(), Field("header_key.name"), violations_);
    }
    CheckRequired(key.value(), "the key", limits_.secret_bytes_max(), Field("header_key.value"), violations_);
  }

  void CheckOAuth2(const Authentication::OAuth2ClientCredentials& client) {
    CheckRequired(client.client_id(), "the client's id", kNameBytesMax, Field("oauth2.client_id"), violations_);
    CheckRequired(client.client_secret(), "the client's secret", limits_.secret_bytes_max(),
                  Field("oauth2.client_secret"), violations_);
    const std::string scopes = Field("oauth2.scopes");
    CheckCount(client.scopes_size(), kScopesMax, "scopes", scopes, violations_);
    for (int i = 0; i < client.scopes_size(); ++i) {
      const std::string& scope = client.scopes(i);
      CheckBytes(scope, limits_.short_text_bytes_max(), FieldOfIndex(scopes, i), violations_);
      if (!scope.empty() && absl::c_all_of(scope, IsScopeCharacter)) continue;
      violations_.Add(FieldOfIndex(scopes, i),
                      "a scope has visible ASCII characters but \" and \\, at least one; give each its own element");
    }
    if (!Authentication::OAuth2ClientCredentials::ClientAuthentication_IsValid(client.client_authentication())) {
      violations_.Add(Field("oauth2.client_authentication"),
                      absl::StrCat(static_cast<int>(client.client_authentication()),
                                   " is no way to authenticate; use BASIC_HEADER or REQUEST_BODY"));
    }
  }

  const v1::Limits& limits_;
  const absl::string_view field_;
  FieldViolations& violations_;
};

}  // namespace

void ValidateAuthentication(const v1::Webhook& webhook, const v1::Limits& limits, absl::string_view prefix,
                            FieldViolations& violations) {
  if (!webhook.has_authentication()) return;
  const std::string field = absl::StrCat(prefix, ".authentication");
  Checker(limits, field, violations).Check(webhook.authentication());
  const std::string sent = AuthenticationHeaderName(webhook.authentication());
  for (const auto* entry : SortedEntries(webhook.headers())) {
    if (!absl::EqualsIgnoreCase(entry->first, sent)) continue;
    violations.Add(FieldOfKey(absl::StrCat(prefix, ".headers"), entry->first),
                   "authentication sends this header; leave it out here, or unset authentication");
  }
}

}  // namespace herald
