// What a name resolves to is judged at the socket.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/http/exchanges.h"
#include "tests/http/names.h"

namespace herald {
namespace {

using End = HttpExchange::End;

class CurlSenderAddresses : public testing::Test {
 protected:
  // Allows the receiver's port, since a name of our own resolves to an address alone.
  CurlSenderOptions Options(const std::vector<const char*>& cidrs) {
    UrlAllowances allowances;
    allowances.ports = {receiver_.port()};
    for (const char* cidr : cidrs) allowances.cidrs.push_back(*Cidr::Parse(cidr));
    CurlSenderOptions options;
    options.policy = UrlPolicy(std::move(allowances));
    options.ca_file = ca_.ca_file();
    return options;
  }

  HttpExchange SendTo(const std::string& host, const std::vector<const char*>& cidrs) {
    HttpRequest request = Post();
    request.url = absl::StrCat("https://", host, ":", receiver_.port(), "/secret");
    return SendAndWait(*StartSender(Options(cidrs)), std::move(request));
  }

  TestCa ca_;
  Receiver receiver_{Receiver::Options{.ca = &ca_, .hosts = {"rebound.example", "127.0.0.1", "localhost"}}};
};

TEST_F(CurlSenderAddresses, ANameWithForbiddenAddressesOnlyIsBlockedAndNeverDialled) {
  SetAddressesOf("rebound.example", {"127.0.0.1", "10.0.0.1", "::1"});
  const HttpExchange exchange = SendTo("rebound.example", {});
  EXPECT_EQ(exchange.end, End::kBlocked);
  EXPECT_EQ(exchange.message, "rebound.example: 127.0.0.1 is in 127.0.0.0/8 (loopback)");
  EXPECT_FALSE(exchange.response.has_value());
  EXPECT_EQ(exchange.remote_address, "");
  EXPECT_FALSE(exchange.timing.connect.has_value());
  EXPECT_EQ(receiver_.connection_count(), 0);
}

TEST_F(CurlSenderAddresses, ForbiddenAddressesAreSkippedForAllowedOnes) {
  SetAddressesOf("rebound.example", {"10.0.0.1", "169.254.169.254", "127.0.0.1"});
  const HttpExchange exchange = SendTo("rebound.example", {"127.0.0.0/8"});
  EXPECT_EQ(exchange.end, End::kAnswered) << exchange.message;
  EXPECT_EQ(exchange.remote_address, absl::StrCat("127.0.0.1:", receiver_.port()));
}

TEST_F(CurlSenderAddresses, AnAddressThatRefusesIsSkippedForOneThatAnswers) {
  SetAddressesOf("rebound.example", {"127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.1"});  // the last one listens
  const HttpExchange exchange = SendTo("rebound.example", {"127.0.0.0/8"});
  EXPECT_EQ(exchange.end, End::kAnswered) << exchange.message;
  EXPECT_LT(exchange.timing.total, absl::Seconds(9)) << "a timer of half the time-out went on, not the refusal";
}

TEST_F(CurlSenderAddresses, AnAllowedAddressThatRefusesIsNoBlock) {
  SetAddressesOf("rebound.example", {"10.0.0.1", "127.0.0.2"});  // nobody listens on the second
  const HttpExchange exchange = SendTo("rebound.example", {"127.0.0.0/8"});
  EXPECT_EQ(exchange.end, End::kConnectionFailed);
  EXPECT_EQ(exchange.message, "rebound.example: connection refused");
  EXPECT_EQ(exchange.remote_address, "");
}

TEST_F(CurlSenderAddresses, ANameMayChangeItsMindBetweenExchanges) {
  const CurlSenderOptions options = Options({"127.0.0.1/32"});
  SetAddressesOf("rebound.example", {"127.0.0.1"});
  HttpRequest request = Post();
  request.url = absl::StrCat("https://rebound.example:", receiver_.port(), "/");
  EXPECT_EQ(SendAndWait(*StartSender(options), request).end, End::kAnswered);
  SetAddressesOf("rebound.example", {"127.0.0.3"});
  EXPECT_EQ(SendAndWait(*StartSender(options), request).end, End::kBlocked);
}

TEST_F(CurlSenderAddresses, ConnectToIsJudgedToo) {
  CurlSenderOptions options;
  options.ca_file = ca_.ca_file();
  options.connect_to = {ConnectTo("hook.example", receiver_)};
  const HttpExchange exchange = SendAndWait(*StartSender(options), Post());
  EXPECT_EQ(exchange.end, End::kBlocked);
  EXPECT_EQ(exchange.message, "hook.example: 127.0.0.1 is in 127.0.0.0/8 (loopback)");
  EXPECT_EQ(receiver_.connection_count(), 0);
}

TEST_F(CurlSenderAddresses, AForbiddenUrlIsNotDialled) {
  const auto sender = StartSender(Options({}));
  for (const auto& [url, message] : {
           std::pair("https://127.0.0.1/secret",
                     "127.0.0.1: 127.0.0.1 is in 127.0.0.0/8 (loopback); write a public host"),
           std::pair("https://localhost/secret", "localhost: localhost is not allowed; write a public host"),
           std::pair("https://user:secret@hook.example/",
                     "hook.example: no user name or password before the host; use authentication"),
           std::pair("secret", "begin with https://, as in https://example.com/hook"),
       }) {
    HttpRequest request = Post();
    request.url = url;
    const HttpExchange exchange = SendAndWait(*sender, request);
    EXPECT_EQ(exchange.end, End::kBlocked) << url;
    EXPECT_EQ(exchange.message, message);
  }
}

TEST_F(CurlSenderAddresses, LocalhostIsReachedWhereLoopbackIsAllowed) {
  EXPECT_EQ(SendTo("localhost", {"127.0.0.0/8"}).end, End::kAnswered);
  EXPECT_EQ(SendTo("127.0.0.1", {"127.0.0.0/8"}).end, End::kAnswered);
}

TEST_F(CurlSenderAddresses, ANameThatDoesNotExistFailsToConnect) {
  SetAddressesOf("nowhere.example", {});
  const HttpExchange exchange = SendTo("nowhere.example", {});
  EXPECT_EQ(exchange.end, End::kConnectionFailed);
  EXPECT_EQ(exchange.message, "nowhere.example: name not found");
}

TEST_F(CurlSenderAddresses, ALookUpThatHangsHoldsUpNobodyElse) {
  SetAddressesOf("rebound.example", {"127.0.0.1"});
  HoldName("slow.example");
  const auto sender = StartSender(Options({"127.0.0.0/8"}));
  HttpRequest slow = Post();
  slow.url = absl::StrCat("https://slow.example:", receiver_.port(), "/");
  slow.timeout = absl::Milliseconds(1);
  const HttpExchange exchange = SendAndWait(*sender, slow);
  EXPECT_EQ(exchange.end, End::kTimedOut);
  EXPECT_EQ(exchange.message, "slow.example: no connection within 0.001 s");
  HttpRequest request = Post();
  request.url = absl::StrCat("https://rebound.example:", receiver_.port(), "/");
  EXPECT_EQ(SendAndWait(*sender, request).end, End::kAnswered);
  sender->Stop();
  ReleaseName("slow.example");
}

}  // namespace
}  // namespace herald
