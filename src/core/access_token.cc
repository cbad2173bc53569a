#include "src/core/access_token.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "src/base/ascii.h"
#include "src/base/json.h"
#include "src/base/version.h"
#include "src/core/authentication.h"
#include "src/core/captured_text.h"
#include "src/core/redact.h"
#include "src/core/template/escape.h"

namespace herald {
namespace {

using Client = v1::Authentication::OAuth2ClientCredentials;

// Answers are some hundred bytes, and some thousand when the token is a JWT.
constexpr size_t kAnswerBytesMax = 64 << 10;
constexpr int kOk = 200;

void AppendFormField(absl::string_view name, absl::string_view value, std::string* form) {
  absl::StrAppend(form, form->empty() ? "" : "&", name, "=");
  templates::AppendPercentEncoded(value, form);
}

std::string FormOf(const Client& client) {
  std::string form;
  AppendFormField("grant_type", "client_credentials", &form);
  if (!client.scopes().empty()) AppendFormField("scope", absl::StrJoin(client.scopes(), " "), &form);
  if (client.client_authentication() == Client::REQUEST_BODY) {
    AppendFormField("client_id", client.client_id(), &form);
    AppendFormField("client_secret", client.client_secret(), &form);
  }
  return form;
}

// The text of a member of an object; empty: there is none.
absl::string_view StringMember(const JsonValue& object, absl::string_view name) {
  const JsonValue* const member = object.Find(name);
  return member == nullptr ? absl::string_view() : member->string();
}

// Some endpoints write the number as a string.
std::optional<double> ExpiresIn(const JsonValue& answer) {
  const JsonValue* const member = answer.Find("expires_in");
  if (member == nullptr) return std::nullopt;
  if (member->is_number()) return member->number();
  double seconds = 0;
  if (!absl::SimpleAtod(member->string(), &seconds) || std::isnan(seconds)) return std::nullopt;
  return seconds;
}

absl::Duration LifeOf(const JsonValue& answer) {
  constexpr absl::Duration kMarginMax = absl::Minutes(1);
  constexpr int kShareOfMargin = 5;
  const std::optional<double> seconds = ExpiresIn(answer);
  const absl::Duration life = seconds.has_value()
                                  ? std::clamp(absl::Seconds(*seconds), absl::ZeroDuration(), kAccessTokenLifeMax)
                                  : kAccessTokenLifeDefault;
  return life - std::min(life / kShareOfMargin, kMarginMax);
}

// "invalid_client: the secret has expired" (RFC 6749, 5.2), or how the answer begins.
std::string Complaint(const HttpResponse& response, const std::vector<std::string>& secrets) {
  std::string text = response.body;
  if (const absl::StatusOr<JsonDocument> parsed = JsonDocument::Parse(text); parsed.ok()) {
    const absl::string_view error = StringMember(parsed->root(), "error");
    const absl::string_view description = StringMember(parsed->root(), "error_description");
    if (!error.empty()) text = absl::StrCat(error, description.empty() ? "" : ": ", description);
  }
  return Excerpt(WithoutSecrets(std::move(text), secrets));
}

absl::Status Refused(const AccessTokenClient& client, const HttpResponse& response) {
  const std::string complaint = response.body.size() > kAnswerBytesMax ? "" : Complaint(response, client.secrets);
  return absl::FailedPreconditionError(
      absl::StrCat("answered ", response.status_code, complaint.empty() ? "" : ": ", complaint));
}

absl::Status Unusable(absl::string_view why) {
  return absl::FailedPreconditionError(absl::StrCat("answered 200, but ", why));
}

}  // namespace

absl::Status CheckTokenUrl(absl::string_view url, const UrlPolicy& policy, const v1::Limits& limits) {
  if (url.empty()) {
    return absl::InvalidArgumentError("required: where access tokens are fetched, such as https://…/oauth2/token");
  }
  if (url.size() > static_cast<size_t>(limits.url_bytes_max())) {
    return absl::InvalidArgumentError(
        absl::StrCat("has ", url.size(), " bytes; at most ", limits.url_bytes_max(), " are allowed"));
  }
  if (absl::StrContains(url, "{{")) return absl::InvalidArgumentError("holds a tag; a token_url is fixed text");
  return policy.CheckUrl(url);
}

HttpRequest AccessTokenRequest(const Client& client, absl::Duration timeout) {
  HttpRequest request;
  request.method = "POST";
  request.url = client.token_url();
  request.headers = {{"accept", "application/json"},
                     {"content-type", "application/x-www-form-urlencoded"},
                     {"user-agent", kUserAgent}};
  if (client.client_authentication() != Client::REQUEST_BODY) {
    request.headers.emplace_back("authorization", absl::StrCat("Basic ", BasicCredentials(client)));
  }
  request.body = FormOf(client);
  request.timeout = timeout;
  return request;
}

absl::StatusOr<AccessToken> ParseAccessToken(const AccessTokenClient& client, const HttpResponse& response) {
  if (response.status_code != kOk) return Refused(client, response);
  if (response.body.size() > kAnswerBytesMax || !response.body_complete) {
    return Unusable(absl::StrCat("with more than ", kAnswerBytesMax, " bytes"));
  }
  const absl::StatusOr<JsonDocument> parsed = JsonDocument::Parse(response.body);
  if (!parsed.ok() || !parsed->root().is_object()) return Unusable("not with a JSON object");
  const JsonValue& answer = parsed->root();
  const absl::string_view token = StringMember(answer, "access_token");
  if (token.empty()) return Unusable("without an access_token");
  if (token.size() > kAccessTokenBytesMax || !absl::c_all_of(token, IsPrintable)) {
    return Unusable(absl::StrCat("its access_token is not 1 to ", kAccessTokenBytesMax, " visible ASCII characters"));
  }
  // RFC 6749 requires token_type; who leaves it out means the one that everybody has.
  const absl::string_view type = StringMember(answer, "token_type");
  if (!type.empty() && !absl::EqualsIgnoreCase(type, "bearer")) {
    return Unusable("its token_type is not bearer, which is the only one that Herald sends");
  }
  return AccessToken{std::string(token), LifeOf(answer)};
}

HttpExchange WithoutAccessToken(const AccessTokenClient& client, const HttpExchange& asked, absl::string_view reason) {
  HttpExchange exchange;
  const bool answered = asked.end == HttpExchange::End::kAnswered;
  exchange.end = answered ? HttpExchange::End::kConnectionFailed : asked.end;
  exchange.message = answered ? absl::StrCat("no access token: ", HostOfUrl(client.request.url), " ", reason)
                              : absl::StrCat("no access token: ", asked.message);
  return exchange;
}

}  // namespace herald
