// Receivers that misbehave.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <string>

#include "absl/strings/match.h"
#include "tests/http/exchanges.h"

namespace herald {
namespace {

using End = HttpExchange::End;

// What this process has used of the processors.
absl::Duration ProcessorTime() {
  timespec used = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return absl::DurationFromTimespec(used);
}

class CurlSenderFailures : public SenderTest {
 protected:
  // What is said when the receiver's certificate is flawed or for `host`.
  std::string SentenceAboutTls(TestCa::Flaw flaw, const std::string& host = "hook.example") {
    Receiver receiver({.ca = &ca_, .hosts = {host}, .flaw = flaw});
    const auto sender = StartSender(OptionsFor(ca_, receiver));
    const HttpExchange exchange = herald::SendAndWait(*sender, Post());
    EXPECT_EQ(exchange.end, End::kConnectionFailed);
    EXPECT_FALSE(exchange.response.has_value());
    EXPECT_EQ(receiver.request_count(), 0);
    EXPECT_EQ(exchange.remote_address, absl::StrCat("127.0.0.1:", receiver.port()));
    return exchange.message;
  }

  // Sends while the receiver answers so.
  HttpExchange SendFor(ScriptedAnswer answer, absl::Duration timeout = absl::Seconds(20)) {
    Answer(std::move(answer));
    HttpRequest request = Post();
    request.timeout = timeout;
    return SendAndWait(std::move(request));
  }
};

TEST_F(CurlSenderFailures, SaysWhatIsWrongWithACertificate) {
  EXPECT_EQ(SentenceAboutTls(TestCa::Flaw::kExpired), "hook.example: the certificate has expired");
  EXPECT_EQ(SentenceAboutTls(TestCa::Flaw::kNotYetValid), "hook.example: the certificate is not valid yet");
  EXPECT_EQ(SentenceAboutTls(TestCa::Flaw::kSelfSigned),
            "hook.example: the certificate is not trusted (self-signed certificate)");
  EXPECT_EQ(SentenceAboutTls(TestCa::Flaw::kNone, "other.example"),
            "hook.example: the certificate is for another host");
}

TEST_F(CurlSenderFailures, TrustsTheSystemsAuthoritiesWhenToldNothingElse) {
  CurlSenderOptions options = OptionsFor(ca_, receiver_);
  options.ca_file = "";
  const auto sender = StartSender(std::move(options));
  const HttpExchange exchange = herald::SendAndWait(*sender, Post());
  EXPECT_EQ(exchange.end, End::kConnectionFailed);
  EXPECT_THAT(exchange.message, testing::StartsWith("hook.example: the certificate is not trusted ("));
}

TEST_F(CurlSenderFailures, SaysThatAReceiverSpeaksNoTls) {
  Receiver plain;
  const auto sender = StartSender(OptionsFor(ca_, plain));
  const HttpExchange exchange = herald::SendAndWait(*sender, Post());
  EXPECT_EQ(exchange.end, End::kConnectionFailed);
  EXPECT_EQ(exchange.message, "hook.example: the TLS handshake failed");
}

TEST_F(CurlSenderFailures, CutsOffAReceiverThatDrips) {
  const HttpExchange exchange = SendFor(DrippingAnswer(1000, absl::Milliseconds(20)), absl::Seconds(2));
  EXPECT_EQ(exchange.end, End::kTimedOut);
  EXPECT_EQ(exchange.message, "hook.example: no complete answer within 2 s");
  ASSERT_TRUE(exchange.response.has_value());
  EXPECT_EQ(exchange.response->status_code, 200);
  EXPECT_FALSE(exchange.response->body_complete);
  EXPECT_NE(exchange.remote_address, "");
}

TEST_F(CurlSenderFailures, CutsOffAReceiverThatNeverAnswers) {
  const HttpExchange exchange = SendFor(HangingAnswer(), absl::Seconds(2));
  EXPECT_EQ(exchange.end, End::kTimedOut);
  EXPECT_EQ(exchange.message, "hook.example: no complete answer within 2 s");
  EXPECT_FALSE(exchange.response.has_value());
  EXPECT_EQ(exchange.http_version, "");
}

TEST_F(CurlSenderFailures, WaitingForAnAnswerTakesNoProcessor) {
  Receiver plain;
  plain.Handle([](const ReceivedRequest&) { return HangingAnswer(); });
  CurlSenderOptions options = OptionsFor(ca_, receiver_);
  options.connect_to.push_back(absl::StrCat("hook.example:80:127.0.0.1:", plain.port()));
  const auto sender = StartSender(std::move(options));
  Answer(HangingAnswer());
  for (const char* url : {"http://hook.example/", "https://hook.example/"}) {
    HttpRequest request = Post();
    request.url = url;
    request.timeout = absl::Milliseconds(500);
    const absl::Duration before = ProcessorTime();
    EXPECT_EQ(herald::SendAndWait(*sender, request).end, End::kTimedOut);
    EXPECT_LT(ProcessorTime() - before, absl::Milliseconds(250)) << url;
  }
}

TEST_F(CurlSenderFailures, SaysThatTheConnectionWasReset) {
  const HttpExchange exchange = SendFor(ResettingAnswer());
  EXPECT_EQ(exchange.end, End::kConnectionFailed);
  EXPECT_EQ(exchange.message, "hook.example: connection reset by peer");
}

TEST_F(CurlSenderFailures, SaysThatNoAnswerCame) {
  const HttpExchange exchange = SendFor(RawAnswer(""));
  EXPECT_EQ(exchange.end, End::kConnectionFailed);
  EXPECT_EQ(exchange.message, "hook.example: the connection was closed without an answer");
}

TEST_F(CurlSenderFailures, ABodyShorterThanSaidIsNoAnswer) {
  const HttpExchange exchange = SendFor(RawAnswer("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort"));
  EXPECT_EQ(exchange.end, End::kConnectionFailed);
  EXPECT_EQ(exchange.message, "hook.example: the connection was closed before the answer was complete");
  ASSERT_TRUE(exchange.response.has_value());
  EXPECT_EQ(exchange.response->body, "short");
  EXPECT_FALSE(exchange.response->body_complete);
}

TEST_F(CurlSenderFailures, ABodyLongerThanSaidIsReadAsFarAsSaid) {
  const HttpExchange exchange = SendFor(RawAnswer("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok and more"));
  ASSERT_EQ(exchange.end, End::kAnswered) << exchange.message;
  EXPECT_EQ(exchange.response->body, "ok");
  EXPECT_TRUE(exchange.response->body_complete);
}

TEST_F(CurlSenderFailures, WhatIsNotHttpIsNoAnswer) {
  for (const char* bytes : {"SSH-2.0-OpenSSH_9.2\r\n", "<html></html>", "HTTP/9.9 200 OK\r\n\r\n",
                            "HTTP/1.1 20000 OK\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n"}) {
    const HttpExchange exchange = SendFor(RawAnswer(bytes));
    EXPECT_EQ(exchange.end, End::kConnectionFailed) << bytes;
    EXPECT_EQ(exchange.message, "hook.example: the answer is not HTTP") << bytes;
  }
}

TEST_F(CurlSenderFailures, EndlessHeadersAreCutOff) {
  const HttpExchange exchange = SendFor({.script = [](ReceiverConnection& connection) {
    if (!connection.Send("HTTP/1.1 200 OK\r\n")) return;
    while (connection.Send(absl::StrCat("x-filler: ", std::string(1000, 'x'), "\r\n"))) continue;
  }});
  EXPECT_EQ(exchange.end, End::kConnectionFailed);
  EXPECT_EQ(exchange.message, "hook.example: the answer's headers are larger than 64 KiB");
}

TEST_F(CurlSenderFailures, EndlessInterimAnswersAreCutOff) {
  const HttpExchange exchange = SendFor({.script = [](ReceiverConnection& connection) {
    while (connection.Send("HTTP/1.1 103 Early Hints\r\n\r\n")) continue;
  }});
  EXPECT_EQ(exchange.end, End::kConnectionFailed);
  EXPECT_EQ(exchange.message, "hook.example: the answer's headers are larger than 64 KiB");
  EXPECT_FALSE(exchange.response.has_value());
}

TEST_F(CurlSenderFailures, AnEndlessHeaderLineIsCutOff) {
  const HttpExchange exchange = SendFor({.script = [](ReceiverConnection& connection) {
    if (!connection.Send("HTTP/1.1 200 OK\r\nx-filler: ")) return;
    while (connection.Send(std::string(1000, 'x'))) continue;
  }});
  EXPECT_EQ(exchange.end, End::kConnectionFailed);
  EXPECT_EQ(exchange.message, "hook.example: a header of the answer is too long");
}

TEST_F(CurlSenderFailures, AnEndlessBodyIsCutOffAtTheBound) {
  const HttpExchange exchange = SendFor({.script = [](ReceiverConnection& connection) {
    if (!connection.Send("HTTP/1.1 200 OK\r\n\r\n")) return;
    while (connection.Send(std::string(10'000, 'x'))) continue;
  }});
  ASSERT_EQ(exchange.end, End::kAnswered) << exchange.message;
  EXPECT_EQ(exchange.response->body.size(), size_t{1} << 20);
  EXPECT_FALSE(exchange.response->body_complete);
}

TEST_F(CurlSenderFailures, ABodyThatCannotBeDecompressedIsNoAnswer) {
  const HttpExchange exchange = SendFor({.headers = {{"content-encoding", "gzip"}}, .body = "not gzip at all"});
  EXPECT_EQ(exchange.end, End::kConnectionFailed);
  EXPECT_EQ(exchange.message, "hook.example: the answer cannot be decompressed");
}

TEST_F(CurlSenderFailures, NoSentenceHoldsAPathOrAQuery) {
  for (const ScriptedAnswer& answer : {ResettingAnswer(), RawAnswer(""), RawAnswer("nonsense"), HangingAnswer()}) {
    const HttpExchange exchange = SendFor(answer, absl::Milliseconds(200));
    EXPECT_NE(exchange.message, "");
    EXPECT_FALSE(absl::StrContains(exchange.message, "secret")) << exchange.message;
  }
}

TEST_F(CurlSenderFailures, HeadersThatWouldBecomeOthersAreNotSent) {
  for (const auto& [name, value] :
       {std::pair("x-a", "b\r\nx-c: d"), std::pair("x-a\r\nx-c", "d"), std::pair("x-a", "b\n"), std::pair("", "b")}) {
    HttpRequest request = Post();
    request.headers = {{name, value}};
    const HttpExchange exchange = SendAndWait(std::move(request));
    EXPECT_EQ(exchange.end, End::kBlocked);
    EXPECT_EQ(exchange.message, "hook.example: a header holds a line break");
  }
  EXPECT_EQ(receiver_.request_count(), 0);
}

}  // namespace
}  // namespace herald
