#include "src/gateway/http_gateway.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <string>

namespace herald {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::unique_ptr<HttpGateway> Start() {
  HttpGateway::Pages pages;
  pages["/page"] = [] { return HttpAnswer{203, "text/plain; version=1", "what it says\n"}; };
  absl::StatusOr<std::unique_ptr<HttpGateway>> gateway = HttpGateway::Start("127.0.0.1:0", std::move(pages));
  EXPECT_TRUE(gateway.ok()) << gateway.status();
  return *std::move(gateway);
}

TEST(HttpGateway, AnswersPages) {
  const auto gateway = Start();
  ASSERT_THAT(gateway->address(), StartsWith("127.0.0.1:"));
  httplib::Client client("http://" + gateway->address());
  const httplib::Result got = client.Get("/page");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 203);
  EXPECT_EQ(got->body, "what it says\n");
  EXPECT_EQ(got->get_header_value("content-type"), "text/plain; version=1");
  EXPECT_EQ(got->get_header_value("x-content-type-options"), "nosniff");
  const httplib::Result head = client.Head("/page");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 203);
  EXPECT_EQ(head->body, "");
}

TEST(HttpGateway, KnowsNothingElse) {
  const auto gateway = Start();
  httplib::Client client("http://" + gateway->address());
  for (const char* path : {"/", "/pages", "/page/", "/other"}) {
    const httplib::Result got = client.Get(path);
    ASSERT_TRUE(got) << path;
    EXPECT_EQ(got->status, 404) << path;
  }
  const httplib::Result post = client.Post("/page", "x", "text/plain");
  ASSERT_TRUE(post);
  EXPECT_EQ(post->status, 404);
}

TEST(HttpGateway, RefusesRequestsThatAreTooLarge) {
  const auto gateway = Start();
  httplib::Client client("http://" + gateway->address());
  const httplib::Result body = client.Post("/page", std::string(1 << 20, 'x'), "text/plain");
  EXPECT_TRUE(!body || body->status == 413) << "or it closed the connection";
  const httplib::Result path = client.Get("/" + std::string(10'000, 'x'));
  ASSERT_TRUE(path);
  EXPECT_EQ(path->status, 414);
  const httplib::Result header = client.Get("/page", {{"x-large", std::string(20'000, 'x')}});
  EXPECT_TRUE(!header || header->status == 400);
  EXPECT_TRUE(httplib::Client("http://" + gateway->address()).Get("/page")) << "it goes on serving";
}

TEST(HttpGateway, SaysWhatItCannotListenOn) {
  const auto gateway = Start();
  for (const std::string& listen : {gateway->address(), std::string("no.such.host.invalid:80"), std::string("x")}) {
    const auto second = HttpGateway::Start(listen, {});
    ASSERT_FALSE(second.ok()) << listen;
    EXPECT_THAT(second.status().message(), HasSubstr("--http_listen " + listen));
    EXPECT_LE(second.status().message().size(), 200u);
  }
}

TEST(HttpGateway, StopsOnceAndForAll) {
  const auto gateway = Start();
  const std::string address = gateway->address();
  gateway->Stop();
  gateway->Stop();
  EXPECT_FALSE(httplib::Client("http://" + address).Get("/page"));
}

}  // namespace
}  // namespace herald
