// herald listen: the real binary, and libcurl as the one who sends.

#include <curl/curl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "tests/cli/run_herald.h"
#include "tests/support/test_ca.h"

namespace herald::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Answer {
  long status = 0;
  std::string headers;
  std::string body;
};

size_t Append(char* data, size_t size, size_t count, void* text) {
  static_cast<std::string*>(text)->append(data, size * count);
  return size * count;
}

Answer Send(const std::string& method, const std::string& url, const std::string& body,
            const std::string& ca_file = "") {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(), &curl_easy_cleanup);
  Answer answer;
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, 30L);
  curl_easy_setopt(curl.get(), CURLOPT_HTTP_CONTENT_DECODING, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(curl.get(), CURLOPT_CUSTOMREQUEST, method.c_str());
  if (!body.empty()) curl_easy_setopt(curl.get(), CURLOPT_COPYPOSTFIELDS, body.c_str());
  if (!ca_file.empty()) curl_easy_setopt(curl.get(), CURLOPT_CAINFO, ca_file.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &Append);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(curl.get(), CURLOPT_HEADERFUNCTION, &Append);
  curl_easy_setopt(curl.get(), CURLOPT_HEADERDATA, &answer.headers);
  const CURLcode code = curl_easy_perform(curl.get());
  EXPECT_EQ(code, CURLE_OK) << curl_easy_strerror(code);
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

TEST(Listen, PrintsRequestsAndGivesTheAnswer) {
  RunningHerald listener({"listen", "--count", "2", "--status", "429", "--body", "slow down", "--header",
                          "retry-after=5", "--header", "content-type=text/html"});
  const std::string first = listener.ReadLine();
  ASSERT_THAT(first, StartsWith("listening http 127.0.0.1:"));
  const std::string url = "http://" + first.substr(15);
  const Answer answer = Send("POST", url + "/services/x?a=b", R"({"text": "hi\u001b"})");
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.body, "slow down");
  EXPECT_THAT(answer.headers, HasSubstr("retry-after: 5\r\n"));
  EXPECT_THAT(answer.headers, HasSubstr("text/html"));
  EXPECT_EQ(Send("DELETE", url + "/y", "").status, 429);
  const RunResult result = listener.Wait();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, StartsWith("\nPOST /services/x?a=b\n"));
  EXPECT_THAT(result.out, HasSubstr("\n\n{\n  \"text\": \"hi\\u001b\"\n}\n\nDELETE /y\n"));
  EXPECT_THAT(result.out, ::testing::Not(HasSubstr("REMOTE_ADDR")));
}

TEST(Listen, SpeaksTlsAndJson) {
  const TestCa ca;
  const TestCertificate certificate = ca.Issue({"127.0.0.1"});
  RunningHerald listener({"listen", "--output", "json", "--count", "1", "--cert",
                          ca.WriteFile("cert.pem", certificate.certificate), "--key",
                          ca.WriteFile("key.pem", certificate.private_key)});
  const std::string first = listener.ReadLine();
  ASSERT_THAT(first, StartsWith("listening https 127.0.0.1:"));
  const Answer answer = Send("PUT", "https://" + first.substr(16) + "/z", "\xff{", ca.ca_file());
  EXPECT_EQ(answer.status, 200);
  const RunResult result = listener.Wait();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, StartsWith(R"({"method":"PUT","target":"/z","headers":{)"));
  EXPECT_THAT(result.out, ::testing::EndsWith("\"body\":\"\uFFFD{\"}\n"));
}

TEST(Listen, SaysWhatItCannotUse) {
  RunningHerald listener({"listen", "--count", "1"});
  const std::string address = listener.ReadLine().substr(15);
  const RunResult taken = RunHerald({"listen", "--port", address.substr(address.find(':') + 1)});
  EXPECT_EQ(taken.exit_code, 2);
  EXPECT_THAT(taken.err, HasSubstr("cannot listen on 127.0.0.1:"));
  Send("GET", "http://" + address + "/", "");
  EXPECT_EQ(listener.Wait().exit_code, 0);
  EXPECT_THAT(RunHerald({"listen", "--cert", "x.pem"}).err, HasSubstr("--cert and --key go together"));
  const RunResult missing = RunHerald({"listen", "--cert", "nowhere.pem", "--key", "nowhere.pem"});
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_THAT(missing.err, HasSubstr("cannot use the certificate nowhere.pem"));
  EXPECT_EQ(RunHerald({"listen", "--status", "99"}).exit_code, 2);
  EXPECT_EQ(RunHerald({"listen", "--port", "70000"}).exit_code, 2);
}

}  // namespace
}  // namespace herald::cli
