// HTTP/2, with node's server.

#include <gtest/gtest.h>

#include <cstdlib>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/http/exchanges.h"
#include "tests/support/spawned_process.h"

namespace herald {
namespace {

using End = HttpExchange::End;

class CurlSenderHttp2 : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(server_.started() || std::getenv("CI") == nullptr) << "scripts/setup test did not install node";
    if (!server_.started()) GTEST_SKIP() << "node is not installed; HTTP/2 is tested where it is";
    CurlSenderOptions options;
    options.policy = LoopbackPolicy();
    options.ca_file = ca_.ca_file();
    options.connect_to = {absl::StrCat("hook.example:443:127.0.0.1:", server_.first_line())};
    sender_ = StartSender(std::move(options));
  }

  static HttpRequest PostTo(const std::string& path) {
    HttpRequest request = Post();
    request.url = "https://hook.example" + path;
    return request;
  }

  TestCa ca_;
  TestCertificate certificate_ = ca_.Issue({"hook.example"});
  SpawnedProcess server_{{"node", "tests/http/http2_server.js",
                          ca_.WriteFile("certificate.pem", certificate_.certificate),
                          ca_.WriteFile("key.pem", certificate_.private_key)}};
  std::unique_ptr<CurlSender> sender_;
};

std::string SessionOf(const HttpExchange& exchange) {
  for (const auto& [name, value] : exchange.response->headers) {
    if (name == "x-session") return value;
  }
  return "";
}

TEST_F(CurlSenderHttp2, IsSpokenWhereItIsOffered) {
  const HttpExchange exchange = SendAndWait(*sender_, PostTo("/404"));
  ASSERT_EQ(exchange.end, End::kAnswered) << exchange.message;
  EXPECT_EQ(exchange.http_version, "2");
  EXPECT_EQ(exchange.response->status_code, 404);
  EXPECT_EQ(exchange.response->body, "POST {}");
}

TEST_F(CurlSenderHttp2, ManyExchangesShareOneConnection) {
  constexpr size_t kCount = 50;
  Exchanges exchanges;
  for (size_t i = 0; i < kCount; ++i) sender_->Send(PostTo("/"), exchanges.Done());
  std::set<std::string> sessions;
  for (const HttpExchange& exchange : exchanges.WaitFor(kCount)) {
    ASSERT_EQ(exchange.end, End::kAnswered) << exchange.message;
    sessions.insert(SessionOf(exchange));
  }
  EXPECT_EQ(sessions.size(), 1u);
}

TEST_F(CurlSenderHttp2, OneExchangeThatHangsHoldsUpNoOtherOnItsConnection) {
  HttpRequest hanging = PostTo("/hang");
  hanging.timeout = absl::Milliseconds(300);
  Exchanges exchanges;
  sender_->Send(hanging, exchanges.Done());
  EXPECT_EQ(SendAndWait(*sender_, PostTo("/")).end, End::kAnswered);
  EXPECT_EQ(exchanges.WaitFor(1)[0].end, End::kTimedOut);
  EXPECT_EQ(SendAndWait(*sender_, PostTo("/")).end, End::kAnswered);
}

TEST_F(CurlSenderHttp2, CutsOffALargeBodyAndGoesOn) {
  const HttpExchange big = SendAndWait(*sender_, PostTo("/big"));
  ASSERT_EQ(big.end, End::kAnswered) << big.message;
  EXPECT_EQ(big.response->body.size(), size_t{1} << 20);
  EXPECT_FALSE(big.response->body_complete);
  EXPECT_EQ(SendAndWait(*sender_, PostTo("/")).end, End::kAnswered);
}

TEST_F(CurlSenderHttp2, AResetStreamIsNoAnswer) {
  const HttpExchange exchange = SendAndWait(*sender_, PostTo("/reset"));
  EXPECT_EQ(exchange.end, End::kConnectionFailed);
  EXPECT_EQ(exchange.message, "hook.example: the HTTP/2 connection broke off");
}

}  // namespace
}  // namespace herald
