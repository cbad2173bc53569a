// What a receiver gets from the real server is genuine by the standardwebhooks package from npm, before, during and
// after a rotation.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/json.h"
#include "tests/e2e/herald_process.h"
#include "tests/support/command_output.h"
#include "tests/support/temp_dir.h"

namespace herald {
namespace {

constexpr char kFolder[] = "tests/e2e/standardwebhooks";
constexpr char kName[] = "webhooks/signed";

std::string JsonString(absl::string_view text) {
  std::string json;
  AppendJsonString(text, &json);
  return json;
}

std::string AsJson(const ReceivedRequest& request) {
  std::string headers;
  for (const auto& [name, value] : request.headers) {
    absl::StrAppend(&headers, headers.empty() ? "" : ",", JsonString(name), ":", JsonString(value));
  }
  return absl::StrCat("{\"headers\":{", headers, "},\"body\":", JsonString(request.body), "}");
}

// For each request, as JSON, by which of the secrets it is genuine.
std::string Verdicts(const std::vector<std::string>& secrets, const std::vector<ReceivedRequest>& requests) {
  std::string input = "{\"secrets\":[";
  for (const std::string& secret : secrets) {
    absl::StrAppend(&input, input.back() == '[' ? "" : ",", JsonString(secret));
  }
  absl::StrAppend(&input, "],\"requests\":[");
  for (const ReceivedRequest& request : requests) {
    absl::StrAppend(&input, input.back() == '[' ? "" : ",", AsJson(request));
  }
  TempDir directory;
  std::ofstream(directory.File("input.json")) << input << "]}";
  int status = 0;
  const std::string command = absl::StrCat("node ", kFolder, "/verify.js < '", directory.File("input.json"), "'");
  std::string output = OutputOf(command, &status);
  EXPECT_EQ(status, 0);
  return output;
}

class Signatures : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(absl::StrCat(kFolder, "/node_modules/standardwebhooks"))) {
      ASSERT_EQ(std::getenv("CI"), nullptr) << "scripts/setup test did not install standardwebhooks";
      GTEST_SKIP() << "standardwebhooks is not installed: run scripts/setup test";
    }
    Start();
    v1::CreateWebhookRequest create;
    create.set_webhook_id("signed");
    *create.mutable_webhook() = FromJson<v1::Webhook>(R"({
      "display_name": "Signed", "triggers": ["*"], "url": "https://hooks.slack.com/in",
      "body_template": "{\"text\": \"Zoë – 日本語 😀 {{event_id}}\\n\"}"})");
    Call<v1::Webhook>(&Stub::CreateWebhook, create);
  }

  using Stub = v1::WebhookService::Stub;

  void Start() {
    herald_ = nullptr;
    herald_ = std::make_unique<HeraldProcess>(HeraldProcess::Options{.store = "sqlite:" + directory_.File("herald.db"),
                                                                     .ca = &ca_,
                                                                     .receiver = &receiver_,
                                                                     .hosts = {"hooks.slack.com"}});
    ASSERT_NE(herald_->address(), "");
  }

  template <typename Response, typename Request>
  Response Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*), const Request& request) {
    Response response;
    grpc::ClientContext context;
    const grpc::Status status = (herald_->webhooks().*method)(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  v1::Signing::Secret Current() {
    v1::GetSigningSecretRequest request;
    request.set_name(kName);
    return Call<v1::SigningSecret>(&Stub::GetSigningSecret, request).secrets(0);
  }
  std::string Rotate(int64_t overlap_seconds) {
    v1::RotateSigningSecretRequest request;
    request.set_name(kName);
    request.mutable_overlap()->set_seconds(overlap_seconds);
    return Call<v1::SigningSecret>(&Stub::RotateSigningSecret, request).secrets(0).value();
  }
  void SetScheme(v1::Signing::Scheme scheme) {
    v1::UpdateWebhookRequest request;
    request.mutable_webhook()->set_name(kName);
    request.mutable_webhook()->mutable_signing()->set_scheme(scheme);
    Call<v1::Webhook>(&Stub::UpdateWebhook, request);
  }
  void Deliver() {
    v1::DispatchEventRequest request;
    request.mutable_event()->set_type("RequestCreated");
    request.set_wait(true);
    v1::DispatchEventResponse response;
    grpc::ClientContext context;
    EXPECT_TRUE(herald_->events().DispatchEvent(&context, request, &response).ok());
  }
  void Test() {
    v1::TestWebhookRequest request;
    request.set_name(kName);
    Call<v1::InvocationResult>(&Stub::TestWebhook, request);
  }

  TempDir directory_;
  TestCa ca_;
  Receiver receiver_{{.ca = &ca_, .hosts = {"hooks.slack.com"}}};
  std::unique_ptr<HeraldProcess> herald_;
};

TEST_F(Signatures, AreGenuineBeforeDuringAndAfterARotation) {
  std::vector<std::string> secrets = {Current().value()};
  Deliver();
  secrets.push_back(Rotate(3600));
  Deliver();
  secrets.push_back(Rotate(0));
  Deliver();
  SetScheme(v1::Signing::ED25519);
  secrets.push_back(Current().public_key());
  Deliver();
  Test();
  Start();
  Deliver();
  std::vector<ReceivedRequest> requests = receiver_.requests();
  ASSERT_EQ(requests.size(), 6U);
  requests.push_back(requests[5]);
  requests.back().body += " ";
  EXPECT_EQ(Verdicts(secrets, requests),
            "[[true,false,false,false],"   // before
            "[true,true,false,false],"     // during the overlap
            "[false,false,true,false],"    // without one
            "[false,false,true,true],"     // another scheme beside
            "[false,false,true,true],"     // a test
            "[false,false,true,true],"     // after a restart
            "[false,false,false,false]]")  // not what was sent
      << "rows are requests, columns secrets";
}

}  // namespace
}  // namespace herald
