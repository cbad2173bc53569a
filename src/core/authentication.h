// What shows a receiver who is sending: the header that a webhook's authentication makes. Its values are secrets.
//
// Pure functions.

#ifndef HERALD_CORE_AUTHENTICATION_H_
#define HERALD_CORE_AUTHENTICATION_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "herald/v1/limits.pb.h"
#include "herald/v1/webhook.pb.h"
#include "src/core/errors.h"

namespace herald {

// The header, its name in lower case, that `authentication` sends; empty: none.
std::string AuthenticationHeaderName(const v1::Authentication& authentication);

// Its value; nothing when there is none or it takes an access token to make it.
std::optional<std::string> AuthenticationHeaderValue(const v1::Authentication& authentication);

std::string BearerHeaderValue(absl::string_view token);

// What follows "Basic ": of RFC 7617, and of a client at its token endpoint (RFC 6749, 2.3.1: both parts form-encoded).
std::string BasicCredentials(const v1::Authentication::Basic& basic);
std::string BasicCredentials(const v1::Authentication::OAuth2ClientCredentials& client);

// The part of an authentication that is write-only.
struct AuthenticationSecret {
  absl::string_view path;        // "basic.password"; empty: no method is set
  std::string* value = nullptr;  // then none
};
AuthenticationSecret SecretOf(v1::Authentication& authentication);

// Adds to `violations` all that is wrong with `webhook.authentication` and with headers that it would send twice; but
// for token_url, which is checked when the webhook is compiled.
void ValidateAuthentication(const v1::Webhook& webhook, const v1::Limits& limits, absl::string_view prefix,
                            FieldViolations& violations);

}  // namespace herald

#endif  // HERALD_CORE_AUTHENTICATION_H_
