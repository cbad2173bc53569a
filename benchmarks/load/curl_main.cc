// bench_curl: posts one request over and over and prints the rate as one JSON object (see BareCurl).

#include <fstream>
#include <iostream>
#include <iterator>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "benchmarks/load/bare_curl.h"

ABSL_FLAG(std::string, url, "", "Where to post.");
ABSL_FLAG(std::string, request, "", "File with the HTTP request whose headers and body are posted.");
ABSL_FLAG(int, in_flight, 64, "Exchanges kept in flight.");
ABSL_FLAG(double, seconds, 10, "How long.");

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("Posts a request with a bare libcurl loop. scripts/bench runs it.");
  absl::ParseCommandLine(argc, argv);
  std::ifstream file(absl::GetFlag(FLAGS_request), std::ios::binary);
  const std::string request((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  herald::BareCurl curl(absl::GetFlag(FLAGS_url), request);
  const absl::Status status = curl.Run(absl::GetFlag(FLAGS_in_flight), absl::GetFlag(FLAGS_seconds));
  if (!status.ok()) {
    std::cerr << "bench_curl: " << status.message() << "\n";
    return 1;
  }
  std::cout << curl.ToJson() << "\n";
  return 0;
}
