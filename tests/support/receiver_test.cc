#include "tests/support/receiver.h"

#include <curl/curl.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace herald {
namespace {

size_t Append(char* data, size_t, size_t size, void* out) {
  static_cast<std::string*>(out)->append(data, size);
  return size;
}

class Client {
 public:
  explicit Client(const TestCa& ca) : curl_(curl_easy_init(), &curl_easy_cleanup) {
    curl_easy_setopt(curl_.get(), CURLOPT_CAINFO, ca.ca_file().c_str());
    curl_easy_setopt(curl_.get(), CURLOPT_PROXY, "");
    curl_easy_setopt(curl_.get(), CURLOPT_WRITEFUNCTION, &Append);
    curl_easy_setopt(curl_.get(), CURLOPT_WRITEDATA, &answer_);
  }

  CURLcode Post(const Receiver& receiver, const std::string& body) {
    answer_.clear();
    curl_easy_setopt(curl_.get(), CURLOPT_URL, absl::StrCat("https://127.0.0.1:", receiver.port(), "/x?y").c_str());
    curl_easy_setopt(curl_.get(), CURLOPT_COPYPOSTFIELDS, body.c_str());
    return curl_easy_perform(curl_.get());
  }

  const std::string& answer() const { return answer_; }

 private:
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl_;
  std::string answer_;
};

class ReceiverTest : public testing::Test {
 protected:
  TestCa ca_;
  Client client_{ca_};
};

TEST_F(ReceiverTest, RecordsRequestsAndKeepsTheConnection) {
  Receiver receiver({.ca = &ca_, .hosts = {"127.0.0.1"}});
  ASSERT_EQ(client_.Post(receiver, "one"), CURLE_OK);
  ASSERT_EQ(client_.Post(receiver, "two"), CURLE_OK);
  EXPECT_EQ(client_.answer(), "ok");
  ASSERT_TRUE(receiver.WaitForRequests(2));
  const std::vector<ReceivedRequest> requests = receiver.requests();
  EXPECT_EQ(requests[0].method, "POST");
  EXPECT_EQ(requests[0].target, "/x?y");
  EXPECT_EQ(requests[0].Header("content-length"), "3");
  EXPECT_FALSE(requests[0].HasHeader("cookie"));
  EXPECT_EQ(requests[0].body, "one");
  EXPECT_EQ(requests[1].body, "two");
  EXPECT_EQ(requests[1].connection, 1);
  EXPECT_EQ(receiver.connection_count(), 1);
}

TEST_F(ReceiverTest, AnswersWhatTheHandlerSays) {
  Receiver receiver({.ca = &ca_, .hosts = {"127.0.0.1"}});
  receiver.Handle([](const ReceivedRequest& request) { return ScriptedAnswer{.status = 404, .body = request.body}; });
  ASSERT_EQ(client_.Post(receiver, "no_service"), CURLE_OK);
  EXPECT_EQ(client_.answer(), "no_service");
}

TEST_F(ReceiverTest, ClosesAfterAnAnswerWhenToldTo) {
  Receiver receiver({.ca = &ca_, .hosts = {"127.0.0.1"}});
  receiver.Handle([](const ReceivedRequest&) { return ScriptedAnswer{.close = true}; });
  ASSERT_EQ(client_.Post(receiver, ""), CURLE_OK);
  ASSERT_EQ(client_.Post(receiver, ""), CURLE_OK);
  EXPECT_EQ(receiver.connection_count(), 2);
}

TEST_F(ReceiverTest, MisbehavesAsTold) {
  Receiver receiver({.ca = &ca_, .hosts = {"127.0.0.1"}});
  receiver.Handle([](const ReceivedRequest&) { return ResettingAnswer(); });
  EXPECT_NE(client_.Post(receiver, ""), CURLE_OK);
  receiver.Handle(
      [](const ReceivedRequest&) { return RawAnswer("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort"); });
  EXPECT_EQ(client_.Post(receiver, ""), CURLE_PARTIAL_FILE);
  receiver.Handle([](const ReceivedRequest&) { return DrippingAnswer(3, absl::ZeroDuration()); });
  EXPECT_EQ(client_.Post(receiver, ""), CURLE_OK);
  EXPECT_EQ(client_.answer(), "...");
}

TEST_F(ReceiverTest, EndsWhileAConnectionHangs) {
  auto receiver = std::make_unique<Receiver>(Receiver::Options{.ca = &ca_, .hosts = {"127.0.0.1"}});
  receiver->Handle([](const ReceivedRequest&) { return HangingAnswer(); });
  const Receiver& asked = *receiver;
  std::thread poster([&] { EXPECT_NE(client_.Post(asked, ""), CURLE_OK); });
  EXPECT_TRUE(receiver->WaitForRequests(1));
  receiver.reset();
  poster.join();
}

TEST_F(ReceiverTest, ShowsFlawedCertificates) {
  for (const TestCa::Flaw flaw : {TestCa::Flaw::kExpired, TestCa::Flaw::kNotYetValid, TestCa::Flaw::kSelfSigned}) {
    Receiver receiver({.ca = &ca_, .hosts = {"127.0.0.1"}, .flaw = flaw});
    EXPECT_EQ(client_.Post(receiver, ""), CURLE_PEER_FAILED_VERIFICATION);
    EXPECT_EQ(receiver.request_count(), 0);
  }
  Receiver elsewhere({.ca = &ca_, .hosts = {"another.example"}});
  EXPECT_EQ(client_.Post(elsewhere, ""), CURLE_PEER_FAILED_VERIFICATION);
}

}  // namespace
}  // namespace herald
