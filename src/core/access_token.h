// OAuth 2.0 client credentials (RFC 6749, 4.4): how an access token is asked for, and what the answer says.
//
// Pure functions.

#ifndef HERALD_CORE_ACCESS_TOKEN_H_
#define HERALD_CORE_ACCESS_TOKEN_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "herald/v1/authentication.pb.h"
#include "herald/v1/limits.pb.h"
#include "src/core/exchange.h"
#include "src/core/url_policy.h"

namespace herald {

// Who asks for access tokens: one for each revision of a webhook, so that nothing of one revision serves another.
struct AccessTokenClient {
  HttpRequest request;               // to the token endpoint
  std::vector<std::string> secrets;  // of the webhook: not to be shown in what the endpoint answers
};

struct AccessToken {
  std::string value;
  absl::Duration life;  // how long it may be used, counted from when it was asked for
};

// Of a token whose answer has no expires_in, and the longest of any.
inline constexpr absl::Duration kAccessTokenLifeDefault = absl::Minutes(5);
inline constexpr absl::Duration kAccessTokenLifeMax = absl::Hours(24);
inline constexpr size_t kAccessTokenBytesMax = 16 << 10;

// INVALID_ARGUMENT: why `url` may be no token endpoint, as a server that has `policy` says it.
absl::Status CheckTokenUrl(absl::string_view url, const UrlPolicy& policy, const v1::Limits& limits);

HttpRequest AccessTokenRequest(const v1::Authentication::OAuth2ClientCredentials& client, absl::Duration timeout);

// The token that the endpoint gave. Its life ends shortly before the token expires: by a fifth of its time, at most a
// minute. FAILED_PRECONDITION: why there is none: "answered 401: invalid_client", free of `client`'s secrets.
absl::StatusOr<AccessToken> ParseAccessToken(const AccessTokenClient& client, const HttpResponse& response);

// The exchange with the receiver that could not be, since asking for an access token ended as `asked`, without one:
// kAnswered, for this `reason`, becomes kConnectionFailed.
HttpExchange WithoutAccessToken(const AccessTokenClient& client, const HttpExchange& asked, absl::string_view reason);

}  // namespace herald

#endif  // HERALD_CORE_ACCESS_TOKEN_H_
