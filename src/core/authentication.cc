#include "src/core/authentication.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "src/core/template/escape.h"

namespace herald {

std::string AuthenticationHeaderName(const v1::Authentication& authentication) {
  switch (authentication.method_case()) {
    case v1::Authentication::kBasic:
    case v1::Authentication::kBearer:
    case v1::Authentication::kOauth2:
      return "authorization";
    case v1::Authentication::kHeaderKey:
      return absl::AsciiStrToLower(authentication.header_key().name());
    case v1::Authentication::METHOD_NOT_SET:
      break;
  }
  return "";
}

std::optional<std::string> AuthenticationHeaderValue(const v1::Authentication& authentication) {
  switch (authentication.method_case()) {
    case v1::Authentication::kBasic:
      return absl::StrCat("Basic ", BasicCredentials(authentication.basic()));
    case v1::Authentication::kBearer:
      return BearerHeaderValue(authentication.bearer().token());
    case v1::Authentication::kHeaderKey:
      return authentication.header_key().value();
    case v1::Authentication::kOauth2:
    case v1::Authentication::METHOD_NOT_SET:
      break;
  }
  return std::nullopt;
}

std::string BearerHeaderValue(absl::string_view token) { return absl::StrCat("Bearer ", token); }

std::string BasicCredentials(const v1::Authentication::Basic& basic) {
  return absl::Base64Escape(absl::StrCat(basic.username(), ":", basic.password()));
}

std::string BasicCredentials(const v1::Authentication::OAuth2ClientCredentials& client) {
  std::string both;
  templates::AppendPercentEncoded(client.client_id(), &both);
  both.push_back(':');
  templates::AppendPercentEncoded(client.client_secret(), &both);
  return absl::Base64Escape(both);
}

AuthenticationSecret SecretOf(v1::Authentication& authentication) {
  switch (authentication.method_case()) {
    case v1::Authentication::kBasic:
      return {"basic.password", authentication.mutable_basic()->mutable_password()};
    case v1::Authentication::kBearer:
      return {"bearer.token", authentication.mutable_bearer()->mutable_token()};
    case v1::Authentication::kHeaderKey:
      return {"header_key.value", authentication.mutable_header_key()->mutable_value()};
    case v1::Authentication::kOauth2:
      return {"oauth2.client_secret", authentication.mutable_oauth2()->mutable_client_secret()};
    case v1::Authentication::METHOD_NOT_SET:
      break;
  }
  return {};
}

}  // namespace herald
