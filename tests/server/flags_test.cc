// What heraldd says to its flags: one clear sentence, and no start.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/temp_dir.h"

namespace herald {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Outcome {
  std::string output;  // both streams
  int exit_status = -1;
};

// `setting` stands before the command: environment variables.
Outcome RunHeraldd(const std::string& flags, const std::string& setting = "") {
  Outcome run;
  FILE* const pipe = popen(absl::StrCat(setting, " '", HERALDD, "' ", flags, " 2>&1").c_str(), "r");
  if (pipe == nullptr) return run;
  char buffer[4096];
  for (size_t n = 0; (n = fread(buffer, 1, sizeof(buffer), pipe)) > 0;) run.output.append(buffer, n);
  const int status = pclose(pipe);
  run.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return run;
}

TEST(Flags, RefuseWhatTheyDoNotMeanWithOneSentence) {
  const struct {
    const char* flags;
    const char* sentence;
  } kCases[] = {
      {"--nonsense", "Unknown command line flag 'nonsense'"},
      {"serve", "\"serve\" is no flag"},
      {"--listen=127.0.0.1", "--listen is \"127.0.0.1\"; want HOST:PORT"},
      {"--listen=127.0.0.1:70000", "want HOST:PORT"},
      {"--listen=0.0.0.0:0", "add --insecure_listen"},
      {"--http_listen=8080", "--http_listen is \"8080\"; want HOST:PORT"},
      {"--http_listen=[::]:0", "--http_listen [::]:0 is not a loopback address"},
      {"--store=postgres:x", "--store is neither \"memory\" nor \"sqlite:PATH\""},
      {"--store=sqlite:", "--store is neither"},
      {"--allow_cidrs=127.0.0.1", "--allow_cidrs: \"127.0.0.1\" is not a network"},
      {"--allow_ports=0", "--allow_ports holds \"0\"; want ports from 1 to 65535"},
      {"--connect_to=hooks.slack.com:443", "--connect_to holds \"hooks.slack.com:443\"; want HOST:PORT:ADDR:PORT"},
      {"--ca_file=/nowhere/ca.pem --store=memory --listen=127.0.0.1:0", "/nowhere/ca.pem"},
      {"--drain_timeout=11m", "--drain_timeout is 11m; want 0 to 10m"},
      {"--retention=59m", "--retention is 59m; want 0 (for ever), or 1h to 87600h (ten years)"},
      {"--retention=-1h", "--retention is -1h; want 0"},
      {"--retention=87601h", "--retention is 87601h; want 0"},
      {"--log_level=loud", "--log_level is \"loud\"; want debug, info, warning or error"},
      {"--page_size_max=0", "--page_size_max is 0; want 1 to"},
      {"--page_size_max=many", "page_size_max"},
      {"--request_bytes_max=1000000", "--event_data_bytes_max is 1048576; want at most --request_bytes_max, which is"},
      {"--template_bytes_max=17000000", "--template_bytes_max is 17000000; want at most --request_bytes_max"},
      {"--url_bytes_max=9000", "--url_bytes_max is 9000; want at most 8192"},
      {"--header_bytes_max=9000", "--header_bytes_max is 9000; want at most 8192"},
      {"--response_bytes_max=1000", "--captured_body_bytes_max is 65536; want at most --response_bytes_max, which is"},
      {"--captured_body_bytes_max=2000000 --response_bytes_max=2000000",
       "--captured_body_bytes_max is 2000000; want at most 1400832 with --headers_max 64"},
      {"--headers_max=1000", "--headers_max is 1000; want at most 405"},
      {"--webhook_bytes_max=2097152", "--webhook_bytes_max is 2097152; want less than 2097152"},
  };
  for (const auto& one : kCases) {
    const Outcome run = RunHeraldd(one.flags);
    EXPECT_EQ(run.exit_status, 1) << one.flags << ": " << run.output;
    EXPECT_THAT(run.output, HasSubstr(one.sentence)) << one.flags;
    EXPECT_LE(std::count(run.output.begin(), run.output.end(), '\n'), 2) << one.flags << ": " << run.output;
  }
}

TEST(Flags, ComeFromTheEnvironmentToo) {
  EXPECT_THAT(RunHeraldd("", "HERALD_STORE=nonsense").output, HasSubstr("--store is neither"));
  EXPECT_THAT(RunHeraldd("", "HERALD_PAGE_SIZE_MAX=many").output,
              HasSubstr("HERALD_PAGE_SIZE_MAX is no value for --page_size_max"));
  EXPECT_THAT(RunHeraldd("--store=sqlite:", "HERALD_STORE=memory").output, HasSubstr("--store is neither"))
      << "the command line wins";
}

TEST(Flags, RefuseMistypedNamesInTheEnvironment) {
  const Outcome mistyped = RunHeraldd("", "HERALD_STOER=memory");
  EXPECT_EQ(mistyped.exit_status, 1);
  EXPECT_EQ(mistyped.output, "heraldd: HERALD_STOER names no flag; did you mean HERALD_STORE?\n");
  EXPECT_THAT(RunHeraldd("", "HERALD_FLAGFILE=x").output, HasSubstr("give --flagfile=FILE on the command line"));
}

TEST(Flags, LeaveAloneWhatOthersSetInTheEnvironment) {
  for (const char* setting :
       {"HERALD_SERVER=localhost:50051", "HERALD_SERVICE_HOST=10.0.0.1", "HERALD_SERVICE_PORT_GRPC=50051",
        "HERALD_PORT=tcp://10.0.0.1:50051", "HERALD_PORT_50051_TCP_ADDR=10.0.0.1", "HERALD_API_SERVICE_PORT=1"}) {
    EXPECT_THAT(RunHeraldd("--store=nonsense", setting).output, HasSubstr("--store is neither")) << setting;
  }
}

TEST(Flags, ComeFromAFileToo) {
  TempDir directory;
  std::ofstream(directory.File("flags")) << "--store=nonsense\n--log_level=info\n";
  EXPECT_THAT(RunHeraldd(absl::StrCat("--flagfile='", directory.File("flags"), "'")).output,
              HasSubstr("--store is neither"));
}

TEST(Flags, AreDescribed) {
  const Outcome help = RunHeraldd("--help");
  EXPECT_EQ(help.exit_status, 0);
  for (const char* flag :
       {"--listen", "--store", "--allow_cidrs", "--connect_to", "--webhooks_max", "--drain_timeout", "--retention"}) {
    EXPECT_THAT(help.output, HasSubstr(flag));
  }
  EXPECT_THAT(RunHeraldd("--version").output, StartsWith("heraldd "));
}

}  // namespace
}  // namespace herald
