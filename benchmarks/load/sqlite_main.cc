// bench_sqlite: prints how many events a second SQLite alone stores, for some numbers of events a transaction, as one
// JSON object (see BareSqlite).

#include <iostream>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "benchmarks/load/bare_sqlite.h"

ABSL_FLAG(std::string, database, "", "The file to make; it must not be there.");
ABSL_FLAG(int, payload_bytes, 1200, "Bytes of an event's payload, and of what is kept of its attempt.");
ABSL_FLAG(double, seconds, 2, "How long, for each number of events a transaction.");

namespace {

absl::StatusOr<std::string> Measure() {
  auto sqlite = herald::BareSqlite::Create(absl::GetFlag(FLAGS_database), absl::GetFlag(FLAGS_payload_bytes));
  if (!sqlite.ok()) return sqlite.status();
  std::string json = absl::StrCat("{\"version\":\"", sqlite3_libversion(), "\",\"events_per_second\":{");
  const char* separator = "";
  for (const int events : {1, 16, 64, 256}) {
    const auto rate = (*sqlite)->EventsPerSecond(events, absl::GetFlag(FLAGS_seconds));
    if (!rate.ok()) return rate.status();
    absl::StrAppendFormat(&json, "%s\"%d\":%.1f", separator, events, *rate);
    separator = ",";
  }
  return json + "}}";
}

}  // namespace

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("Measures SQLite alone. scripts/bench runs it.");
  absl::ParseCommandLine(argc, argv);
  const absl::StatusOr<std::string> json = Measure();
  if (!json.ok()) {
    std::cerr << "bench_sqlite: " << json.status().message() << "\n";
    return 1;
  }
  std::cout << *json << "\n";
  return 0;
}
