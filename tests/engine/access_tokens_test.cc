// Access tokens as attempts meet them: the whole engine, with a sender that is both the receiver and the token
// endpoint.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/engine/dispatcher_fixture.h"

namespace herald {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kOAuth2[] = R"(, "authentication": {"oauth2": {"token_url": "https://login.example.com/token",
                               "client_id": "herald", "client_secret": "planted-secret"}})";

class AccessTokensTest : public DispatcherTest {
 protected:
  AccessTokensTest() {
    sender_.answer = [this](const HttpRequest& request) {
      return HostOfUrl(request.url) == "login.example.com" ? token_answer(request) : answer(request);
    };
  }

  // The next token, "access-token-1", "access-token-2", …, with a life of an hour.
  HttpExchange NextToken(const std::string& more = R"(, "expires_in": 3600)") {
    HttpExchange exchange = ScriptedSender::Status(200);
    exchange.response->body = absl::StrCat(R"({"access_token": "access-token-)", ++tokens, "\"", more, "}");
    return exchange;
  }
  static HttpExchange Failure(HttpExchange::End end) {
    HttpExchange exchange;
    exchange.end = end;
    exchange.message = "login.example.com: because";
    return exchange;
  }

  // The authorization headers that the receiver of webhook `id` got.
  std::vector<std::string> Authorizations(const std::string& id = "a") const {
    std::vector<std::string> headers;
    for (const HttpRequest& request : sender_.sent) {
      if (HostOfUrl(request.url) == id + ".example.com") headers.push_back(Header(request, "authorization"));
    }
    return headers;
  }
  // The latest attempt of the one delivery: "SUCCEEDED: a.example.com answered 200".
  std::string LastLine() {
    const v1::InvocationResult result = Deliveries().at(0).last_result();
    return absl::StrCat(v1::InvocationResult::Outcome_Name(result.outcome()), ": ", result.message());
  }

  ScriptedSender::Answer token_answer = [this](const HttpRequest&) { return NextToken(); };
  ScriptedSender::Answer answer = [](const HttpRequest&) { return ScriptedSender::Status(200); };
  int tokens = 0;
};

TEST_F(AccessTokensTest, OneServesUntilShortlyBeforeItExpires) {
  ASSERT_TRUE(Create("a", kOAuth2).ok());
  ASSERT_TRUE(Dispatch().ok());
  Advance(absl::Seconds(3539));
  ASSERT_TRUE(Dispatch().ok());
  Advance(absl::Seconds(1));
  ASSERT_TRUE(Dispatch().ok());
  EXPECT_THAT(Authorizations(), ElementsAre("Bearer access-token-1", "Bearer access-token-1", "Bearer access-token-2"));
  EXPECT_EQ(SentTo("login"), 2);
  const HttpRequest& asked = sender_.sent.at(0);
  EXPECT_EQ(asked.body, "grant_type=client_credentials");
  EXPECT_THAT(Header(asked, "authorization"), StartsWith("Basic "));
  EXPECT_EQ(Deliveries(v1::Delivery::SUCCEEDED).size(), 3u);
}

TEST_F(AccessTokensTest, AreAskedForOnceHoweverManyWait) {
  token_answer = [](const HttpRequest&) { return std::nullopt; };
  ASSERT_TRUE(Create("a", kOAuth2).ok());
  ASSERT_TRUE(Create("b", kOAuth2).ok());
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(Dispatch().ok());
  EXPECT_EQ(SentTo("login"), 2) << "one for each webhook";
  EXPECT_EQ(SentTo("a"), 0);
  ASSERT_EQ(sender_.hanging.size(), 2u);
  for (const HttpSender::Done& done : std::exchange(sender_.hanging, {})) done(NextToken());
  Run();
  EXPECT_THAT(Authorizations("a"), ::testing::AllOf(::testing::SizeIs(5), Each("Bearer access-token-1")));
  EXPECT_THAT(Authorizations("b"), ::testing::AllOf(::testing::SizeIs(5), Each("Bearer access-token-2")));
}

TEST_F(AccessTokensTest, ARefusedOneIsReplacedOnceWithinTheAttempt) {
  answer = [](const HttpRequest& request) {
    return ScriptedSender::Status(Header(request, "authorization") == "Bearer access-token-2" ? 200 : 401);
  };
  ASSERT_TRUE(Create("a", kOAuth2).ok());
  ASSERT_TRUE(Dispatch().ok());
  EXPECT_THAT(Authorizations(), ElementsAre("Bearer access-token-1", "Bearer access-token-2"));
  EXPECT_EQ(Deliveries().at(0).attempt_count(), 1);
  EXPECT_EQ(LastLine(),
            "SUCCEEDED: a.example.com answered 200; before that, the receiver refused another access token with 401");
  ASSERT_TRUE(Dispatch().ok());
  EXPECT_THAT(Authorizations().back(), "Bearer access-token-2") << "the fresh one is kept";
  EXPECT_EQ(SentTo("login"), 2);
}

TEST_F(AccessTokensTest, NoReceiverIsAskedAThirdTime) {
  answer = [](const HttpRequest&) { return ScriptedSender::Status(401); };
  ASSERT_TRUE(Create("a", kOAuth2).ok());
  ASSERT_TRUE(Dispatch().ok());
  Advance(absl::Hours(1));
  EXPECT_EQ(SentTo("a"), 2);
  EXPECT_EQ(SentTo("login"), 2);
  EXPECT_THAT(LastLine(), StartsWith("HTTP_FAILED: a.example.com answered 401: ok; before that, "));
  EXPECT_EQ(Deliveries().at(0).state(), v1::Delivery::FAILED);
}

TEST_F(AccessTokensTest, ManyRefusalsOfOneTokenFetchOne) {
  answer = [](const HttpRequest& request) -> std::optional<HttpExchange> {
    if (Header(request, "authorization") == "Bearer access-token-1") return std::nullopt;
    return ScriptedSender::Status(200);
  };
  ASSERT_TRUE(Create("a", kOAuth2).ok());
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(Dispatch().ok());
  ASSERT_EQ(sender_.hanging.size(), 4u);
  for (const HttpSender::Done& done : std::exchange(sender_.hanging, {})) done(ScriptedSender::Status(401));
  Run();
  EXPECT_EQ(SentTo("login"), 2);
  EXPECT_EQ(Deliveries(v1::Delivery::SUCCEEDED).size(), 4u);
}

TEST_F(AccessTokensTest, WithoutOneTheAttemptFailsAndIsRetried) {
  const struct {
    HttpExchange asked;
    const char* line = nullptr;
  } kCases[] = {
      {ScriptedSender::Status(400), "CONNECTION_FAILED: no access token: login.example.com answered 400: ok"},
      {ScriptedSender::Status(200),
       "CONNECTION_FAILED: no access token: login.example.com answered 200, but not with a JSON object"},
      {Failure(HttpExchange::End::kConnectionFailed), "CONNECTION_FAILED: no access token: login.example.com: because"},
      {Failure(HttpExchange::End::kTimedOut), "TIMED_OUT: no access token: login.example.com: because"},
      {Failure(HttpExchange::End::kBlocked), "BLOCKED: no access token: login.example.com: because"},
  };
  ASSERT_TRUE(Create("a", kOAuth2).ok());
  for (const auto& c : kCases) {
    token_answer = [&c](const HttpRequest&) { return c.asked; };
    ASSERT_TRUE(Dispatch().ok());
    EXPECT_EQ(LastLine(), c.line);
    EXPECT_EQ(Deliveries().at(0).state(), v1::Delivery::RETRYING);
    EXPECT_EQ(SentTo("a"), 0);
  }
  token_answer = [this](const HttpRequest&) { return NextToken(); };
  Advance(absl::Minutes(2));
  EXPECT_EQ(Deliveries(v1::Delivery::SUCCEEDED).size(), std::size(kCases));
}

TEST_F(AccessTokensTest, ARefusalOfTheClientCountsForTheBreaker) {
  token_answer = [](const HttpRequest&) { return ScriptedSender::Status(400); };
  ASSERT_TRUE(Create("a", kOAuth2).ok());
  for (int i = 0; i < 12; ++i) ASSERT_TRUE(Dispatch().ok());
  EXPECT_EQ(SentTo("login"), 10);
}

TEST_F(AccessTokensTest, AFailureAfterARefusalSaysBoth) {
  answer = [](const HttpRequest&) { return ScriptedSender::Status(401); };
  token_answer = [this](const HttpRequest&) { return tokens == 0 ? NextToken() : ScriptedSender::Status(503); };
  ASSERT_TRUE(Create("a", kOAuth2).ok());
  ASSERT_TRUE(Dispatch().ok());
  EXPECT_EQ(LastLine(),
            "CONNECTION_FAILED: no access token: login.example.com answered 503: ok; before that, the receiver refused "
            "another access token with 401");
}

TEST_F(AccessTokensTest, AChangedWebhookBeginsAnew) {
  ASSERT_TRUE(Create("a", kOAuth2).ok());
  ASSERT_TRUE(Dispatch().ok());
  v1::Webhook edit;
  edit.set_name("webhooks/a");
  edit.mutable_authentication()->mutable_oauth2()->set_client_secret("another-secret");
  ASSERT_TRUE(Update(edit, {"authentication.oauth2.client_secret"}).ok());
  ASSERT_TRUE(Dispatch().ok());
  EXPECT_THAT(Authorizations(), ElementsAre("Bearer access-token-1", "Bearer access-token-2"));
  EXPECT_NE(Header(sender_.sent.at(0), "authorization"), Header(sender_.sent.at(2), "authorization"));
}

TEST_F(AccessTokensTest, AnAnswerThatComesAfterAChangeServesNobodyElse) {
  token_answer = [](const HttpRequest&) { return std::nullopt; };
  ASSERT_TRUE(Create("a", kOAuth2).ok());
  ASSERT_TRUE(Dispatch().ok());
  v1::Webhook edit;
  edit.set_name("webhooks/a");
  edit.mutable_authentication()->mutable_oauth2()->add_scopes("more");
  ASSERT_TRUE(Update(edit, {"authentication.oauth2.scopes"}).ok());
  std::exchange(sender_.hanging, {}).at(0)(NextToken());
  token_answer = [this](const HttpRequest&) { return NextToken(); };
  Run();
  ASSERT_TRUE(Dispatch().ok());
  EXPECT_THAT(Authorizations(), ElementsAre("Bearer access-token-1", "Bearer access-token-2"));
}

TEST_F(AccessTokensTest, TheTimeOutCoversAllOfIt) {
  token_answer = [](const HttpRequest&) { return std::nullopt; };
  ASSERT_TRUE(Create("a", kOAuth2).ok());
  ASSERT_TRUE(Dispatch().ok());
  Advance(absl::Seconds(4));
  token_answer = [this](const HttpRequest&) { return NextToken(); };
  std::exchange(sender_.hanging, {}).at(0)(NextToken());
  Run();
  EXPECT_EQ(sender_.sent.at(0).timeout, absl::Seconds(10));
  EXPECT_EQ(sender_.sent.at(1).timeout, absl::Seconds(6));
}

TEST_F(AccessTokensTest, WhoWaitsLongerThanItsTimeOutHasTimedOut) {
  answer = [](const HttpRequest&) { return ScriptedSender::Status(401); };
  token_answer = [this](const HttpRequest&) -> std::optional<HttpExchange> {
    if (tokens > 0) return std::nullopt;
    clock_.Advance(absl::Seconds(7));
    return NextToken();
  };
  ASSERT_TRUE(Create("a", kOAuth2).ok());
  ASSERT_TRUE(Dispatch().ok());
  Advance(absl::Milliseconds(2999));
  EXPECT_EQ(Deliveries().at(0).attempt_count(), 0);
  Advance(absl::Milliseconds(1));
  EXPECT_EQ(LastLine(),
            "TIMED_OUT: no access token: login.example.com: no answer within the time-out; before that, the receiver "
            "refused another access token with 401");
  EXPECT_EQ(Deliveries().at(0).last_result().timing().total().seconds(), 10);
  // The token comes all the same, and is there for the next attempt.
  std::exchange(sender_.hanging, {}).at(0)(NextToken());
  answer = [](const HttpRequest&) { return ScriptedSender::Status(200); };
  Advance(absl::Seconds(6));
  EXPECT_EQ(Authorizations().back(), "Bearer access-token-2");
  EXPECT_EQ(Deliveries(v1::Delivery::SUCCEEDED).size(), 1u);
}

TEST_F(AccessTokensTest, AShutdownWhileOneIsFetchedCountsAsNoAttempt) {
  token_answer = [](const HttpRequest&) { return Failure(HttpExchange::End::kCancelled); };
  ASSERT_TRUE(Create("a", kOAuth2).ok());
  ASSERT_TRUE(Dispatch().ok());
  EXPECT_EQ(Deliveries().at(0).attempt_count(), 0);
  token_answer = [this](const HttpRequest&) { return NextToken(); };
  Restart();
  EXPECT_EQ(Deliveries(v1::Delivery::SUCCEEDED).size(), 1u);
}

TEST_F(AccessTokensTest, AShortLivedOneServesOnlyThoseWhoWaitForIt) {
  token_answer = [this](const HttpRequest&) { return NextToken(R"(, "expires_in": 0)"); };
  ASSERT_TRUE(Create("a", kOAuth2).ok());
  ASSERT_TRUE(Dispatch().ok());
  ASSERT_TRUE(Dispatch().ok());
  EXPECT_THAT(Authorizations(), ElementsAre("Bearer access-token-1", "Bearer access-token-2"));
}

TEST_F(AccessTokensTest, NothingThatIsKeptShowsOne) {
  answer = [](const HttpRequest& request) {
    HttpExchange exchange = ScriptedSender::Status(400, {{"x-echo", Header(request, "authorization")}});
    exchange.response->body = Header(request, "authorization");
    return exchange;
  };
  token_answer = [this](const HttpRequest&) -> HttpExchange {
    if (tokens > 0) {
      HttpExchange exchange = ScriptedSender::Status(400);
      exchange.response->body = R"({"error": "wrong secret planted-secret"})";
      return exchange;
    }
    return NextToken(R"(, "expires_in": 0)");
  };
  ASSERT_TRUE(Create("a", kOAuth2).ok());
  ASSERT_TRUE(Dispatch().ok());
  ASSERT_TRUE(Dispatch().ok());
  v1::ListDeliveriesRequest request;
  request.set_view(v1::View::FULL);
  const auto listed = engine_->history.ListDeliveries(kTenant, request);
  ASSERT_TRUE(listed.ok());
  EXPECT_THAT(listed->DebugString(), Not(HasSubstr("access-token-1")));
  EXPECT_THAT(listed->DebugString(), Not(HasSubstr("planted-secret")));
  EXPECT_THAT(LastLine(), HasSubstr("wrong secret ***"));
  EXPECT_EQ(listed->deliveries(1).last_result().response().body(), "Bearer ***");
  EXPECT_EQ(listed->deliveries(1).last_result().request().headers().at("authorization"), "***");
}

TEST_F(AccessTokensTest, TestsOfWebhooksUseThem) {
  ASSERT_TRUE(Create("a", kOAuth2).ok());
  ASSERT_TRUE(Dispatch().ok());
  v1::TestWebhookRequest request;
  request.set_name("webhooks/a");
  const auto test = [&](absl::Duration time_left) {
    v1::InvocationResult result;
    engine_->tester.Test(kTenant, request, time_left,
                         [&](const absl::StatusOr<v1::InvocationResult>& given) { result = *given; });
    Advance(absl::Seconds(3));
    return result;
  };
  EXPECT_EQ(test(absl::InfiniteDuration()).outcome(), v1::InvocationResult::SUCCEEDED);
  EXPECT_THAT(Authorizations(), ElementsAre("Bearer access-token-1", "Bearer access-token-1"))
      << "the saved one has a token";
  *request.mutable_webhook() =
      FromJson<v1::Webhook>(absl::StrCat(R"({"url": "https://a.example.com/in")", kOAuth2, "}"));
  EXPECT_EQ(test(absl::InfiniteDuration()).outcome(), v1::InvocationResult::SUCCEEDED);
  EXPECT_EQ(Authorizations().back(), "Bearer access-token-2") << "what was not saved, has none";
  token_answer = [](const HttpRequest&) { return std::nullopt; };
  EXPECT_EQ(test(absl::Seconds(2)).outcome(), v1::InvocationResult::TIMED_OUT);
}

TEST_F(AccessTokensTest, AreNotFetchedForAPreview) {
  ASSERT_TRUE(Create("a", kOAuth2).ok());
  v1::PreviewWebhookRequest request;
  request.set_name("webhooks/a");
  const auto preview = engine_->tester.Preview(kTenant, request);
  ASSERT_TRUE(preview.ok());
  EXPECT_EQ(preview->request().headers().at("authorization"), "***");
  EXPECT_TRUE(sender_.sent.empty());
}

TEST_F(AccessTokensTest, ThoseOfManyWebhooksGoWhenTheirWebhooksAreGone) {
  v1::TestWebhookRequest request;
  *request.mutable_webhook() =
      FromJson<v1::Webhook>(absl::StrCat(R"({"url": "https://a.example.com/in")", kOAuth2, "}"));
  for (int i = 0; i < 200; ++i) {
    engine_->tester.Test(kTenant, request, absl::InfiniteDuration(),
                         [](const absl::StatusOr<v1::InvocationResult>&) {});
  }
  EXPECT_EQ(tokens, 200);
  EXPECT_EQ(Authorizations().back(), "Bearer access-token-200")
      << "no token serves another webhook at the same address";
}

}  // namespace
}  // namespace herald
