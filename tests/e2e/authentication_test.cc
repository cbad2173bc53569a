// The real server shows receivers who is sending, with a receiver that is also the token endpoint and echoes what it
// got; and nothing else ever shows it.

#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/base/mutex.h"
#include "tests/e2e/herald_process.h"
#include "tests/support/temp_dir.h"

namespace herald {
namespace {

using Result = v1::InvocationResult;

constexpr char kHost[] = "api.example.com";
constexpr char kTokenHost[] = "login.example.com";
constexpr char kOAuth2[] = R"({"oauth2": {"token_url": "https://login.example.com/token", "client_id": "herald",
                               "client_secret": "PLANTED-SECRET-CLIENT", "scopes": ["events.write"]}})";

class AuthenticationTest : public testing::Test {
 protected:
  AuthenticationTest() {
    receiver_.Handle([this](const ReceivedRequest& request) {
      return request.Header("host") == kTokenHost ? AnswerOfTokens(request) : AnswerOfReceiver(request);
    });
  }

  // Tokens that last, each another one; anybody else's client is refused.
  ScriptedAnswer AnswerOfTokens(const ReceivedRequest& request) {
    const std::string client = absl::Base64Escape("herald:PLANTED-SECRET-CLIENT");
    if (request.Header("authorization") != absl::StrCat("Basic ", client)) {
      return {.status = 401, .body = absl::StrCat(R"({"error": "invalid_client: )", request.body, "\"}")};
    }
    EXPECT_EQ(request.body, "grant_type=client_credentials&scope=events.write");
    MutexLock lock(mutex_);
    return {.headers = {{"content-type", "application/json"}},
            .body = absl::StrCat(R"({"access_token": "PLANTED-SECRET-TOKEN-)", ++tokens_,
                                 R"(", "token_type": "Bearer", "expires_in": 3600})")};
  }

  ScriptedAnswer AnswerOfReceiver(const ReceivedRequest& request) {
    const std::string authorization(request.Header("authorization"));
    MutexLock lock(mutex_);
    const bool is_refused = !refused_.empty() && absl::EndsWith(authorization, refused_);
    return {.status = is_refused ? 401 : 200,
            .headers = {{"x-echo", authorization}},
            .body = absl::StrCat(authorization, " ", request.Header("x-api-key"))};
  }

  void Refuse(const std::string& token) {
    MutexLock lock(mutex_);
    refused_ = token;
  }
  int tokens() {
    MutexLock lock(mutex_);
    return tokens_;
  }

  template <typename Response, typename Request, typename Stub>
  Response Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*), Stub& stub,
                const Request& request, const std::string& wrong = "") {
    Response response;
    grpc::ClientContext context;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    EXPECT_EQ(status.ok(), wrong.empty()) << status.error_message();
    EXPECT_NE(status.error_details().find(wrong), std::string::npos) << status.error_details();
    absl::StrAppend(&said_, response.DebugString(), status.error_message(), status.error_details());
    return response;
  }

  static v1::Webhook Webhook(const std::string& authentication) {
    return FromJson<v1::Webhook>(absl::StrCat(
        R"({"display_name": "A", "triggers": ["RequestCreated"], "url": "https://api.example.com/in", "authentication": )",
        authentication, "}"));
  }
  void Create(const std::string& authentication) {
    v1::CreateWebhookRequest request;
    request.set_webhook_id("a");
    *request.mutable_webhook() = Webhook(authentication);
    Call(&v1::WebhookService::Stub::CreateWebhook, herald_.webhooks(), request);
  }
  Result TestUnsaved(const std::string& authentication) {
    v1::TestWebhookRequest request;
    *request.mutable_webhook() = Webhook(authentication);
    return Call(&v1::WebhookService::Stub::TestWebhook, herald_.webhooks(), request);
  }
  Result Dispatch() {
    v1::DispatchEventRequest request;
    request.mutable_event()->set_type("RequestCreated");
    request.set_wait(true);
    const auto response = Call(&v1::EventService::Stub::DispatchEvent, herald_.events(), request);
    return response.deliveries_size() == 1 ? response.deliveries(0).last_result() : Result();
  }

  // The latest request to the receiver itself.
  ReceivedRequest Latest() const {
    ReceivedRequest latest;
    for (const ReceivedRequest& request : receiver_.requests()) {
      if (request.Header("host") == kHost) latest = request;
    }
    return latest;
  }

  // Ends the server; nothing that it said or wrote shows what was planted, in no form.
  void ExpectNoSecretWasShown() {
    herald_.Signal(SIGTERM);
    EXPECT_TRUE(herald_.ExitsWith(0));
    const std::string log = ReadFile(herald_.log_file());
    EXPECT_NE(log.find("attempt"), std::string::npos);
    for (const std::string& form : {std::string("PLANTED-SECRET"), absl::Base64Escape("herald:PLANTED-SECRET"),
                                    absl::Base64Escape("PLANTED-SECRET")}) {
      // The last characters of base64 depend on what follows.
      const std::string beginning = form.substr(0, form.size() - 4);
      EXPECT_EQ(said_.find(beginning), std::string::npos) << said_.substr(said_.find(beginning), 200);
      EXPECT_EQ(log.find(beginning), std::string::npos) << log.substr(log.find(beginning), 200);
    }
  }

  TempDir directory_;
  TestCa ca_;
  Mutex mutex_;
  int tokens_ ABSL_GUARDED_BY(mutex_) = 0;
  std::string refused_ ABSL_GUARDED_BY(mutex_);
  std::string said_;
  Receiver receiver_{Receiver::Options{.ca = &ca_, .hosts = {kHost, kTokenHost}}};
  HeraldProcess herald_{HeraldProcess::Options{.store = "sqlite:" + directory_.File("herald.db"),
                                               .ca = &ca_,
                                               .receiver = &receiver_,
                                               .hosts = {kHost, kTokenHost},
                                               .flags = {"--log_level=debug"}}};
};

TEST_F(AuthenticationTest, SendsTheHeaderOfEachMethod) {
  const struct {
    const char* authentication;
    const char* header;
    std::string value;
  } kCases[] = {
      {R"({"basic": {"username": "herald", "password": "PLANTED-SECRET-PASSWORD"}})", "authorization",
       "Basic " + absl::Base64Escape("herald:PLANTED-SECRET-PASSWORD")},
      {R"({"bearer": {"token": "PLANTED-SECRET-BEARER"}})", "authorization", "Bearer PLANTED-SECRET-BEARER"},
      {R"({"header_key": {"name": "X-Api-Key", "value": "PLANTED-SECRET-KEY"}})", "x-api-key", "PLANTED-SECRET-KEY"},
      {kOAuth2, "authorization", "Bearer PLANTED-SECRET-TOKEN-1"},
  };
  for (const auto& c : kCases) {
    const Result result = TestUnsaved(c.authentication);
    EXPECT_EQ(result.outcome(), Result::SUCCEEDED) << result.message();
    EXPECT_EQ(Latest().Header(c.header), c.value);
    EXPECT_EQ(result.request().headers().at(c.header), "***");
    EXPECT_TRUE(absl::StrContains(result.response().body(), "***")) << result.response().body();
  }
  Create(kCases[0].authentication);
  EXPECT_EQ(Dispatch().outcome(), Result::SUCCEEDED);
  EXPECT_EQ(Latest().Header("authorization"), kCases[0].value);
  ExpectNoSecretWasShown();
}

TEST_F(AuthenticationTest, FetchesAnAccessTokenAndReplacesARefusedOne) {
  Create(kOAuth2);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Dispatch().outcome(), Result::SUCCEEDED);
  EXPECT_EQ(tokens(), 1);
  Refuse("TOKEN-1");
  const Result result = Dispatch();
  EXPECT_EQ(result.outcome(), Result::SUCCEEDED);
  EXPECT_EQ(result.attempt(), 1);
  EXPECT_TRUE(absl::StrContains(result.message(), "refused another access token with 401")) << result.message();
  EXPECT_EQ(Latest().Header("authorization"), "Bearer PLANTED-SECRET-TOKEN-2");
  EXPECT_EQ(tokens(), 2);

  // A wrong secret: the attempt says so, and the receiver sees nothing of it.
  const int before = receiver_.request_count();
  v1::UpdateWebhookRequest update;
  update.mutable_webhook()->set_name("webhooks/a");
  update.mutable_webhook()->mutable_authentication()->mutable_oauth2()->set_client_secret("PLANTED-SECRET-WRONG");
  update.mutable_update_mask()->add_paths("authentication.oauth2.client_secret");
  const auto updated = Call(&v1::WebhookService::Stub::UpdateWebhook, herald_.webhooks(), update);
  EXPECT_EQ(updated.authentication().oauth2().client_secret(), "***");
  EXPECT_EQ(updated.authentication().oauth2().token_url(), "https://login.example.com/token");
  const Result failed = Dispatch();
  EXPECT_EQ(failed.outcome(), Result::CONNECTION_FAILED);
  EXPECT_TRUE(absl::StartsWith(failed.message(), "no access token: login.example.com answered 401: invalid_client"))
      << failed.message();
  EXPECT_TRUE(failed.has_next_attempt_time());
  EXPECT_EQ(receiver_.request_count(), before + 1);
  ExpectNoSecretWasShown();
}

TEST_F(AuthenticationTest, IsKeptFromWhoMayEditAWebhook) {
  Create(kOAuth2);
  v1::UpdateWebhookRequest update;
  update.mutable_webhook()->set_name("webhooks/a");
  update.mutable_webhook()->set_url("https://evil.example.com/in");
  Call(&v1::WebhookService::Stub::UpdateWebhook, herald_.webhooks(), update,
       "webhook.authentication.oauth2.client_secret");
  update.mutable_webhook()->clear_url();
  auto& client = *update.mutable_webhook()->mutable_authentication()->mutable_oauth2();
  client.set_token_url("https://evil.example.com/token");
  update.mutable_update_mask()->add_paths("authentication.oauth2.token_url");
  Call(&v1::WebhookService::Stub::UpdateWebhook, herald_.webhooks(), update,
       "webhook.authentication.oauth2.client_secret");
  client.set_token_url("https://127.0.0.1/token");
  Call(&v1::WebhookService::Stub::UpdateWebhook, herald_.webhooks(), update,
       "webhook.authentication.oauth2.client_secret");
  (*update.mutable_webhook()->mutable_headers())["Authorization"] = "Bearer PLANTED-SECRET-OTHER";
  *update.mutable_webhook()->mutable_authentication() = Webhook(kOAuth2).authentication();
  update.clear_update_mask();
  Call(&v1::WebhookService::Stub::UpdateWebhook, herald_.webhooks(), update, "authentication sends this header");
  EXPECT_EQ(Dispatch().outcome(), Result::SUCCEEDED);
  ExpectNoSecretWasShown();
}

}  // namespace
}  // namespace herald
