#include "tests/e2e/herald_process.h"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace herald {
namespace {

constexpr size_t kLinesShown = 200;

std::string LastLines(const std::string& text) {
  const std::vector<std::string> lines = absl::StrSplit(text, '\n');
  const size_t count = std::min(lines.size(), kLinesShown);
  return absl::StrJoin(lines.end() - static_cast<std::ptrdiff_t>(count), lines.end(), "\n");
}

}  // namespace

HeraldProcess::HeraldProcess(const Options& options) {
  // The shell only redirects standard error, then becomes the server.
  std::string command = absl::StrCat("exec ", options.launcher, " '", HERALDD,
                                     "' --listen=127.0.0.1:0 --http_listen=127.0.0.1:0 --store='", options.store, "'");
  if (options.ca != nullptr) absl::StrAppend(&command, " --ca_file='", options.ca->ca_file(), "'");
  if (options.receiver != nullptr) {
    absl::StrAppend(&command, " --allow_cidrs=127.0.0.0/8 --connect_to=");
    const char* separator = "";
    for (const std::string& host : options.hosts) {
      absl::StrAppend(&command, separator, host, ":443:127.0.0.1:", options.receiver->port());
      separator = ",";
    }
  }
  for (const std::string& flag : options.flags) absl::StrAppend(&command, " ", flag);
  absl::StrAppend(&command, " 2>'", log_file_, "'");
  process_ = std::make_unique<SpawnedProcess>(std::vector<std::string>{"sh", "-c", command});
  absl::string_view line = process_->first_line();
  if (absl::ConsumePrefix(&line, "listening grpc ")) address_ = std::string(line);
  const std::string second = options.serves_http ? process_->ReadLine() : "";
  line = second;
  if (absl::ConsumePrefix(&line, "listening http ")) http_address_ = std::string(line);
  const auto channel = grpc::CreateChannel(address_, grpc::InsecureChannelCredentials());
  webhooks_ = v1::WebhookService::NewStub(channel);
  events_ = v1::EventService::NewStub(channel);
  deliveries_ = v1::DeliveryService::NewStub(channel);
  server_ = v1::ServerService::NewStub(channel);
}

HeraldProcess::~HeraldProcess() {
  if (ended_) return;
  Signal(SIGKILL);
  EXPECT_TRUE(ExitsWith(-SIGKILL));
}

::testing::AssertionResult HeraldProcess::ExitsWith(int wanted) {
  const int status = process_->Wait();
  ended_ = true;
  if (status == wanted) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "heraldd ended with " << status << ", not with " << wanted
                                       << "; its standard error ends so:\n"
                                       << LastLines(ReadFile(log_file_));
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  return std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

}  // namespace herald
