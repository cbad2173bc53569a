#include "src/core/access_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace herald {
namespace {

using ::testing::Contains;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;
using ::testing::StartsWith;
using Client = v1::Authentication::OAuth2ClientCredentials;

Client TestClient() {
  Client client;
  client.set_token_url("https://login.example.com/oauth2/token");
  client.set_client_id("my client");
  client.set_client_secret("s3cr&t:+");
  return client;
}

AccessTokenClient Asking() { return {AccessTokenRequest(TestClient(), absl::Seconds(10)), {"planted-secret"}}; }

absl::StatusOr<AccessToken> Parsed(std::string body, int status = 200) {
  return ParseAccessToken(Asking(), HttpResponse{status, {}, std::move(body), true});
}

TEST(AccessToken, IsAskedForAsRfc6749Says) {
  Client client = TestClient();
  HttpRequest request = AccessTokenRequest(client, absl::Seconds(7));
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://login.example.com/oauth2/token");
  EXPECT_EQ(request.timeout, absl::Seconds(7));
  EXPECT_THAT(request.headers, Contains(Pair("content-type", "application/x-www-form-urlencoded")));
  // "my%20client:s3cr%26t%3A%2B"
  EXPECT_THAT(request.headers, Contains(Pair("authorization", "Basic bXklMjBjbGllbnQ6czNjciUyNnQlM0ElMkI=")));
  EXPECT_EQ(request.body, "grant_type=client_credentials");

  client.add_scopes("read");
  client.add_scopes("https://graph.example.com/.default");
  client.set_client_authentication(Client::REQUEST_BODY);
  request = AccessTokenRequest(client, absl::Seconds(7));
  EXPECT_THAT(request.headers, Not(Contains(Key("authorization"))));
  EXPECT_EQ(request.body,
            "grant_type=client_credentials&scope=read%20https%3A%2F%2Fgraph.example.com%2F.default"
            "&client_id=my%20client&client_secret=s3cr%26t%3A%2B");
}

TEST(AccessToken, LivesUntilShortlyBeforeItExpires) {
  const struct {
    const char* more;
    absl::Duration life;
  } kCases[] = {
      {R"(, "expires_in": 3600)", absl::Seconds(3540)},
      {R"(, "expires_in": "3600")", absl::Seconds(3540)},
      {R"(, "expires_in": 300)", absl::Seconds(240)},
      {R"(, "expires_in": 10)", absl::Seconds(8)},
      {R"(, "expires_in": 0)", absl::ZeroDuration()},
      {R"(, "expires_in": -5)", absl::ZeroDuration()},
      {R"(, "expires_in": 1e300)", absl::Hours(24) - absl::Minutes(1)},
      {"", absl::Minutes(4)},
      {R"(, "expires_in": null)", absl::Minutes(4)},
      {R"(, "expires_in": "soon")", absl::Minutes(4)},
      {R"(, "expires_in": "nan")", absl::Minutes(4)},
      {R"(, "expires_in": "inf")", absl::Hours(24) - absl::Minutes(1)},
  };
  for (const auto& c : kCases) {
    const auto token = Parsed(std::string(R"({"access_token": "abc", "token_type": "Bearer")") + c.more + "}");
    ASSERT_TRUE(token.ok()) << c.more << token.status();
    EXPECT_EQ(token->value, "abc");
    EXPECT_EQ(token->life, c.life) << c.more;
  }
  EXPECT_TRUE(Parsed(R"({"access_token": "abc"})").ok()) << "without a token_type";
}

TEST(AccessToken, SaysWhyThereIsNone) {
  const struct {
    int status;
    std::string body;
    const char* sentence;
  } kCases[] = {
      {400, R"({"error": "invalid_client"})", "answered 400: invalid_client"},
      {401, R"({"error": "invalid_client", "error_description": "secret\nexpired"})",
       "answered 401: invalid_client: secret expired"},
      {503, "<html>down</html>", "answered 503: <html>down</html>"},
      {302, "", "answered 302"},
      {400, "no planted-secret here", "answered 400: no *** here"},
      {400, std::string(100'000, 'x'), "answered 400"},
      {200, "", "answered 200, but not with a JSON object"},
      {200, "[]", "answered 200, but not with a JSON object"},
      {200, "{}", "answered 200, but without an access_token"},
      {200, R"({"access_token": ""})", "answered 200, but without an access_token"},
      {200, R"({"access_token": 5})", "answered 200, but without an access_token"},
      {200, R"({"access_token": "a\r\nx: y"})", "answered 200, but its access_token is not"},
      {200, R"({"access_token": ")" + std::string(16'385, 'x') + R"("})", "answered 200, but its access_token is not"},
      {200, R"({"access_token": "a", "token_type": "mac"})", "answered 200, but its token_type is not bearer"},
      {200, R"({"access_token": ")" + std::string(70'000, 'x') + R"("})", "answered 200, but with more than 65536"},
  };
  for (const auto& c : kCases) {
    const auto token = Parsed(c.body, c.status);
    EXPECT_EQ(token.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(token.status().message()), StartsWith(c.sentence));
    EXPECT_LE(token.status().message().size(), 200u);
  }
}

TEST(AccessToken, WithoutOneTheExchangeFailsAsTheAskingDid) {
  HttpExchange asked;
  asked.end = HttpExchange::End::kAnswered;
  asked.response = HttpResponse{400, {}, "no", true};
  HttpExchange without = WithoutAccessToken(Asking(), asked, "answered 400: no");
  EXPECT_EQ(without.end, HttpExchange::End::kConnectionFailed);
  EXPECT_EQ(without.message, "no access token: login.example.com answered 400: no");
  EXPECT_FALSE(without.response.has_value());
  for (const HttpExchange::End end : {HttpExchange::End::kTimedOut, HttpExchange::End::kConnectionFailed,
                                      HttpExchange::End::kBlocked, HttpExchange::End::kCancelled}) {
    asked.end = end;
    asked.message = "login.example.com: because";
    without = WithoutAccessToken(Asking(), asked, "");
    EXPECT_EQ(without.end, end);
    EXPECT_EQ(without.message, "no access token: login.example.com: because");
  }
}

}  // namespace
}  // namespace herald
