// The grpcurl session of README.md, run as it is printed, against the real server; only its address is another.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/e2e/herald_process.h"
#include "tests/support/command_output.h"
#include "tests/support/temp_dir.h"

namespace herald {
namespace {

using ::testing::HasSubstr;

// The shell block of README.md that creates the webhook "readme".
std::string Session() {
  const std::string readme = ReadFile("README.md");
  const size_t marker = readme.find("tests/e2e runs the next block");
  const size_t begin = readme.find("```sh\n", marker);
  const size_t end = readme.find("\n```", begin);
  if (marker == std::string::npos || begin == std::string::npos || end == std::string::npos) return "";
  return readme.substr(begin + 6, end - begin - 6);
}

TEST(Readme, GrpcurlSessionRunsAsItIsPrinted) {
  int status = 0;
  OutputOf("command -v grpcurl", &status);
  if (status != 0) {
    ASSERT_EQ(std::getenv("CI"), nullptr) << ".ci/run did not install grpcurl";
    GTEST_SKIP() << "grpcurl is not installed; .ci/run installs it";
  }
  const std::string session = Session();
  ASSERT_THAT(session, HasSubstr("CreateWebhook"));
  TempDir directory;
  TestCa ca;
  Receiver receiver({.ca = &ca, .hosts = {"hooks.slack.com"}});
  HeraldProcess herald({.ca = &ca, .receiver = &receiver, .hosts = {"hooks.slack.com"}});
  ASSERT_NE(herald.address(), "");
  std::ofstream(directory.File("session.sh"))
      << "set -e\n"
      << absl::StrReplaceAll(session, {{"localhost:50051", herald.address()}}) << "\n";
  const std::string output = OutputOf(absl::StrCat("sh '", directory.File("session.sh"), "' 2>&1"), &status);
  EXPECT_EQ(status, 0) << output;
  EXPECT_THAT(output, HasSubstr("herald.v1.WebhookService"));
  EXPECT_THAT(output, HasSubstr("\"name\": \"webhooks/readme\""));
  EXPECT_THAT(output, HasSubstr("\"outcome\": \"SUCCEEDED\""));
  EXPECT_THAT(output, HasSubstr("\"state\": \"SUCCEEDED\""));
  ASSERT_EQ(receiver.request_count(), 2) << "a test and a delivery";
  EXPECT_THAT(receiver.requests().back().body,
              HasSubstr("Maya Ferreira asks for access: The alert said \\\"disk full\\\""));
}

}  // namespace
}  // namespace herald
