#include "src/http/curl_sender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

#include "absl/synchronization/notification.h"
#include "tests/http/exchanges.h"

namespace herald {
namespace {

using End = HttpExchange::End;
using testing::ElementsAre;
using testing::Pair;
using testing::UnorderedElementsAre;

using CurlSenderTest = SenderTest;

std::string Gzip(const std::string& text) {
  z_stream stream = {};
  EXPECT_EQ(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

TEST_F(CurlSenderTest, SendsTheRequestAsItIsAndNothingElse) {
  HttpRequest request = Post();
  request.url = "https://hook.example/a/../b//c?d=e%20f&g='{}'";
  request.headers = {{"content-type", "application/json"}, {"x-empty", ""}, {"user-agent", "Herald/1"}};
  request.body = std::string("{\"a\":\0}", 7);
  const HttpExchange exchange = SendAndWait(std::move(request));
  ASSERT_EQ(exchange.end, End::kAnswered) << exchange.message;
  EXPECT_EQ(exchange.message, "");
  const ReceivedRequest received = receiver_.requests().at(0);
  EXPECT_EQ(received.method, "POST");
  EXPECT_EQ(received.target, "/a/../b//c?d=e%20f&g='{}'");
  EXPECT_EQ(received.body, std::string("{\"a\":\0}", 7));
  EXPECT_THAT(received.headers,
              UnorderedElementsAre(Pair("host", "hook.example"), Pair("content-type", "application/json"),
                                   Pair("x-empty", ""), Pair("user-agent", "Herald/1"), Pair("content-length", "7"),
                                   Pair("accept-encoding", "gzip, deflate")));
}

TEST_F(CurlSenderTest, SendsEveryMethodWithAndWithoutBody) {
  for (const std::string method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
    HttpRequest request = Post();
    request.method = method;
    ASSERT_EQ(SendAndWait(request).end, End::kAnswered);
    EXPECT_EQ(receiver_.requests().back().method, method);
    EXPECT_EQ(receiver_.requests().back().body, "{}");
    request.body = "";
    ASSERT_EQ(SendAndWait(request).end, End::kAnswered);
    EXPECT_EQ(receiver_.requests().back().method, method);
    EXPECT_EQ(receiver_.requests().back().Header("content-length"), "0");
    request.body.reset();
    ASSERT_EQ(SendAndWait(request).end, End::kAnswered);
    EXPECT_EQ(receiver_.requests().back().method, method);
    EXPECT_FALSE(receiver_.requests().back().HasHeader("content-length"));
  }
}

TEST_F(CurlSenderTest, SendsALargeBodyWithoutAskingFirst) {
  HttpRequest request = Post();
  request.body = std::string(4 << 20, 'x');
  ASSERT_EQ(SendAndWait(request).end, End::kAnswered);
  EXPECT_EQ(receiver_.requests().at(0).body, request.body);
  EXPECT_FALSE(receiver_.requests().at(0).HasHeader("expect"));
}

TEST_F(CurlSenderTest, TellsTheAnswerAsItCame) {
  Answer({.status = 404, .headers = {{"X-One", " a "}, {"x-one", "b"}, {"X-Two", ""}}, .body = "no_service"});
  const HttpExchange exchange = SendAndWait(Post());
  ASSERT_EQ(exchange.end, End::kAnswered) << exchange.message;
  EXPECT_EQ(exchange.response->status_code, 404);
  EXPECT_THAT(exchange.response->headers,
              ElementsAre(Pair("x-one", "a"), Pair("x-one", "b"), Pair("x-two", ""), Pair("content-length", "10")));
  EXPECT_EQ(exchange.response->body, "no_service");
  EXPECT_TRUE(exchange.response->body_complete);
  EXPECT_EQ(exchange.http_version, "1.1");
  EXPECT_EQ(exchange.remote_address, absl::StrCat("127.0.0.1:", receiver_.port()));
}

TEST_F(CurlSenderTest, EveryFinalStatusIsAnAnswer) {
  for (const int status : {200, 204, 299, 301, 302, 304, 307, 400, 401, 407, 410, 417, 429, 500, 503, 599}) {
    Answer({.status = status, .headers = {{"location", "https://127.0.0.1/"}, {"retry-after", "1"}}});
    const HttpExchange exchange = SendAndWait(Post());
    EXPECT_EQ(exchange.end, End::kAnswered) << status << exchange.message;
    EXPECT_EQ(exchange.response->status_code, status);
    EXPECT_EQ(exchange.response->body, "");
    EXPECT_TRUE(exchange.response->body_complete);
  }
  EXPECT_EQ(receiver_.request_count(), 16) << "a redirect was followed or a request repeated";
}

TEST_F(CurlSenderTest, PassesOverInterimAnswersAndTrailers) {
  Answer(
      RawAnswer("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n"
                "folded: a\r\n b\r\n\r\n2\r\nok\r\n0\r\ntrailer: t\r\n\r\n"));
  const HttpExchange exchange = SendAndWait(Post());
  ASSERT_EQ(exchange.end, End::kAnswered) << exchange.message;
  EXPECT_EQ(exchange.response->status_code, 200);
  EXPECT_THAT(exchange.response->headers, ElementsAre(Pair("transfer-encoding", "chunked"), Pair("folded", "a b")));
  EXPECT_EQ(exchange.response->body, "ok");
}

TEST_F(CurlSenderTest, DecompressesTheAnswer) {
  const std::string text(100'000, 'a');
  Answer({.headers = {{"content-encoding", "gzip"}}, .body = Gzip(text)});
  const HttpExchange exchange = SendAndWait(Post());
  ASSERT_EQ(exchange.end, End::kAnswered) << exchange.message;
  EXPECT_EQ(exchange.response->body, text);
}

TEST_F(CurlSenderTest, ReadsABodyOfTheMostBytesWhole) {
  Answer({.body = std::string(1 << 20, 'x')});
  const HttpExchange exchange = SendAndWait(Post());
  ASSERT_EQ(exchange.end, End::kAnswered);
  EXPECT_EQ(exchange.response->body.size(), size_t{1} << 20);
  EXPECT_TRUE(exchange.response->body_complete);
}

TEST_F(CurlSenderTest, CutsOffALargerBodyAndClosesItsConnection) {
  Answer({.body = std::string((1 << 20) + 1, 'x')});
  for (int i = 1; i <= 2; ++i) {
    const HttpExchange exchange = SendAndWait(Post());
    ASSERT_EQ(exchange.end, End::kAnswered);
    EXPECT_EQ(exchange.response->status_code, 200);
    EXPECT_EQ(exchange.response->body.size(), size_t{1} << 20);
    EXPECT_FALSE(exchange.response->body_complete);
    EXPECT_EQ(receiver_.connection_count(), i);
  }
}

TEST_F(CurlSenderTest, BoundsWhatComesOutOfACompressedBody) {
  Answer({.headers = {{"content-encoding", "gzip"}}, .body = Gzip(std::string(64 << 20, '\0'))});
  const HttpExchange exchange = SendAndWait(Post());
  ASSERT_EQ(exchange.end, End::kAnswered) << exchange.message;
  EXPECT_EQ(exchange.response->body.size(), size_t{1} << 20);
  EXPECT_FALSE(exchange.response->body_complete);
}

TEST_F(CurlSenderTest, KeepsConnectionsWarm) {
  const HttpExchange first = SendAndWait(Post());
  EXPECT_TRUE(first.timing.name_lookup.has_value());
  EXPECT_TRUE(first.timing.connect.has_value());
  EXPECT_TRUE(first.timing.tls.has_value());
  EXPECT_TRUE(first.timing.first_byte.has_value());
  EXPECT_GT(first.timing.total, absl::ZeroDuration());

  const HttpExchange second = SendAndWait(Post());
  ASSERT_EQ(second.end, End::kAnswered);
  EXPECT_FALSE(second.timing.name_lookup.has_value());
  EXPECT_FALSE(second.timing.connect.has_value());
  EXPECT_FALSE(second.timing.tls.has_value());
  EXPECT_TRUE(second.timing.first_byte.has_value());
  EXPECT_EQ(second.remote_address, first.remote_address);
  EXPECT_EQ(receiver_.connection_count(), 1);
}

TEST_F(CurlSenderTest, CountsToTheFirstByteOfTheAnswerHoweverLongTheRequestIs) {
  const absl::Duration pause = absl::Milliseconds(20);
  receiver_.Handle([pause](const ReceivedRequest&) {
    absl::Notification never;
    never.WaitForNotificationWithTimeout(pause);
    return ScriptedAnswer{.status = 200};
  });
  for (const size_t bytes : {size_t{1}, size_t{1} << 20}) {
    HttpRequest request = Post();
    request.body = std::string(bytes, 'x');
    const HttpExchange exchange = SendAndWait(request);
    ASSERT_EQ(exchange.end, End::kAnswered) << exchange.message;
    EXPECT_GE(exchange.timing.first_byte, pause) << bytes;
    EXPECT_LE(exchange.timing.first_byte, exchange.timing.total) << bytes;
  }
}

TEST_F(CurlSenderTest, TellsNothingOfAnEarlierExchange) {
  Answer({.status = 500, .headers = {{"x-old", "1"}}, .body = "old"});
  ASSERT_EQ(SendAndWait(Post()).end, End::kAnswered);
  HttpRequest request = Post();
  request.method = "GET";
  request.body.reset();
  request.url = "https://127.7.7.7/";  // nobody listens there
  const HttpExchange failed = SendAndWait(request);
  EXPECT_EQ(failed.end, End::kConnectionFailed);
  EXPECT_EQ(failed.message, "127.7.7.7: connection refused");
  EXPECT_EQ(failed.remote_address, "");
  EXPECT_FALSE(failed.response.has_value());
  EXPECT_FALSE(failed.timing.first_byte.has_value());
}

TEST_F(CurlSenderTest, SendsAgainWhenAWarmConnectionTurnsOutDead) {
  ASSERT_EQ(SendAndWait(Post()).end, End::kAnswered);
  receiver_.Handle([](const ReceivedRequest& request) {
    return request.connection == 1 ? ResettingAnswer() : ScriptedAnswer{.body = "again"};
  });
  const HttpExchange exchange = SendAndWait(Post());
  ASSERT_EQ(exchange.end, End::kAnswered) << exchange.message;
  EXPECT_EQ(exchange.response->body, "again");
  EXPECT_EQ(receiver_.requests().back().body, "{}");
}

TEST_F(CurlSenderTest, SpeaksPlainHttpWhereItIsAllowed) {
  Receiver plain;
  CurlSenderOptions options;
  options.policy = LoopbackPolicy();
  options.connect_to = {absl::StrCat("plain.example:80:127.0.0.1:", plain.port())};
  const auto sender = StartSender(std::move(options));
  HttpRequest request = Post();
  request.url = "http://plain.example/x";
  const HttpExchange exchange = herald::SendAndWait(*sender, request);
  ASSERT_EQ(exchange.end, End::kAnswered) << exchange.message;
  EXPECT_FALSE(exchange.timing.tls.has_value());
  EXPECT_EQ(plain.requests().at(0).Header("host"), "plain.example");
}

TEST_F(CurlSenderTest, APlainHttpExchangeThatHangsHoldsUpNoOtherToItsHost) {
  Receiver plain;
  plain.Handle(
      [](const ReceivedRequest& request) { return request.target == "/hang" ? HangingAnswer() : ScriptedAnswer(); });
  CurlSenderOptions options;
  options.policy = LoopbackPolicy();
  options.connect_to = {absl::StrCat("plain.example:80:127.0.0.1:", plain.port())};
  const auto sender = StartSender(std::move(options));
  HttpRequest request = Post();
  request.timeout = absl::Seconds(30);
  request.url = "http://plain.example/hang";
  Exchanges hanging;
  sender->Send(request, hanging.Done());
  ASSERT_TRUE(plain.WaitForRequests(1));
  request.url = "http://plain.example/";
  EXPECT_EQ(herald::SendAndWait(*sender, request).end, End::kAnswered);
  EXPECT_EQ(hanging.count(), 0u);
  sender->Stop();
}

TEST_F(CurlSenderTest, ReachesIpv6Receivers) {
  Receiver six({.ca = &ca_, .hosts = {"six.example"}, .ipv6 = true});
  CurlSenderOptions options = OptionsFor(ca_, receiver_);
  options.connect_to = {absl::StrCat("six.example:443:[::1]:", six.port())};
  const auto sender = StartSender(std::move(options));
  HttpRequest request = Post();
  request.url = "https://six.example/";
  const HttpExchange exchange = herald::SendAndWait(*sender, request);
  ASSERT_EQ(exchange.end, End::kAnswered) << exchange.message;
  EXPECT_EQ(exchange.remote_address, absl::StrCat("[::1]:", six.port()));
}

TEST_F(CurlSenderTest, SpreadsHostsOverThreads) {
  Receiver receiver({.ca = &ca_, .hosts = {"a.example", "b.example", "c.example", "d.example"}});
  CurlSenderOptions options = OptionsFor(ca_, receiver_);
  options.threads = 3;
  options.connect_to.clear();
  for (const char* host : {"a.example", "b.example", "c.example", "d.example"}) {
    options.connect_to.push_back(ConnectTo(host, receiver));
  }
  const auto sender = StartSender(std::move(options));
  for (const char* host : {"a.example", "b.example", "c.example", "d.example", "a.example"}) {
    HttpRequest request = Post();
    request.url = absl::StrCat("https://", host, "/");
    EXPECT_EQ(herald::SendAndWait(*sender, request).end, End::kAnswered);
  }
  EXPECT_EQ(receiver.connection_count(), 4);
}

TEST(CurlSenderOptions, AreCheckedAtTheStart) {
  CurlSenderOptions options;
  options.ca_file = "there/is/no/such/file";
  EXPECT_EQ(CurlSender::Create(options).status().message(),
            "ca_file \"there/is/no/such/file\" is not a readable PEM file of certificates");
  options.ca_file = "";
  options.threads = 0;
  EXPECT_EQ(CurlSender::Create(options).status().message(), "threads is 0; it may be 1 to 64");
  options.threads = 1;
  for (const char* entry : {"", "a", "a:443", "a:443:b", "a:443:b:", ":443:b:1", "a::b:1", "a:443::1", "a:0:b:1",
                            "a:443:b:65536", "a:443:[::1:1", "a:443:b:1:2", "a:443:b:x"}) {
    options.connect_to = {entry};
    EXPECT_EQ(CurlSender::Create(options).status().message(),
              absl::StrCat("connect_to \"", entry,
                           "\" is not HOST:PORT:ADDR:PORT, as in hooks.slack.com:443:127.0.0.1:8443"));
  }
  options.connect_to = {"a:443:127.0.0.1:8443", "[::1]:443:[::1]:8443"};
  EXPECT_TRUE(CurlSender::Create(options).ok());
}

}  // namespace
}  // namespace herald
