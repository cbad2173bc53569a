// What the real server serves over HTTP: metrics with known values after a known run, and whether it lives and is
// ready.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <chrono>
#include <csignal>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "tests/e2e/ledger_webhook.h"
#include "tests/support/metrics_text.h"
#include "tests/support/temp_dir.h"

namespace herald {
namespace {

using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr char kEventService[] = "herald.v1.EventService/";

class MetricsEndToEnd : public ::testing::Test {
 protected:
  std::string Get(const std::string& path) {
    const httplib::Result got = httplib::Client("http://" + herald_.http_address()).Get(path);
    return got ? got->body : "";
  }
  MetricsText Scrape() { return ParseMetrics(Get("/metrics")); }

  void CreateWebhook() { CreateLedgerWebhook(herald_, R"("retry_policy": {"max_attempts": 1})"); }
  grpc::StatusCode Dispatch(const std::string& event) {
    v1::DispatchEventRequest request;
    *request.mutable_event() = FromJson<v1::Event>(event);
    request.set_wait(true);
    v1::DispatchEventResponse response;
    grpc::ClientContext context;
    return herald_.events().DispatchEvent(&context, request, &response).error_code();
  }
  void DispatchToOneThatHangs() {
    CreateWebhook();
    receiver_.Handle([](const ReceivedRequest&) { return HangingAnswer(); });
    v1::DispatchEventRequest request;
    request.mutable_event()->set_type("A");
    v1::DispatchEventResponse response;
    grpc::ClientContext context;
    ASSERT_TRUE(herald_.events().DispatchEvent(&context, request, &response).ok());
    ASSERT_TRUE(receiver_.WaitForRequests(1));
  }

  TempDir directory_;
  TestCa ca_;
  Receiver receiver_{LedgerReceiver(ca_)};
  HeraldProcess herald_{LedgerOptions(ca_, receiver_, &directory_)};
};

TEST_F(MetricsEndToEnd, SayWhatHappened) {
  ASSERT_NE(herald_.http_address(), "");
  CreateWebhook();
  ASSERT_EQ(Dispatch(R"({"id": "one", "type": "A"})"), grpc::StatusCode::OK);
  ASSERT_EQ(Dispatch(R"({"id": "one", "type": "A"})"), grpc::StatusCode::OK) << "the same again";
  ASSERT_EQ(Dispatch(R"({"id": "one", "type": "B"})"), grpc::StatusCode::ALREADY_EXISTS);
  receiver_.Handle([](const ReceivedRequest&) { return ScriptedAnswer{.status = 404}; });
  ASSERT_EQ(Dispatch(R"({"id": "two", "type": "A"})"), grpc::StatusCode::OK);

  const MetricsText metrics = Scrape();
  EXPECT_THAT(metrics.faults, IsEmpty());
  EXPECT_THAT(LintMetrics(metrics), IsEmpty());
  EXPECT_EQ(metrics.Value("herald_events_accepted_total"), 2);
  EXPECT_EQ(metrics.Value("herald_deliveries_matched_total"), 2);
  EXPECT_EQ(metrics.Value("herald_attempts_total", {{"outcome", "SUCCEEDED"}}), 1);
  EXPECT_EQ(metrics.Value("herald_attempts_total", {{"outcome", "HTTP_FAILED"}}), 1);
  EXPECT_EQ(metrics.Value("herald_attempts_total", {{"outcome", "TIMED_OUT"}}), 0);
  EXPECT_EQ(metrics.Value("herald_exchange_duration_seconds_count"), 2);
  EXPECT_EQ(metrics.Value("herald_in_flight_attempts"), 0);
  EXPECT_EQ(metrics.Value("herald_queue_deliveries"), 0) << "both are closed";
  EXPECT_EQ(metrics.Value("herald_queue_oldest_seconds"), 0);
  EXPECT_GT(metrics.Value("herald_sql_statements_total"), 10);
  EXPECT_GE(metrics.Value("herald_commit_duration_seconds_count"), 5);
  const std::string dispatch = std::string(kEventService) + "DispatchEvent";
  EXPECT_EQ(metrics.Value("herald_rpcs_total", {{"method", dispatch}, {"code", "OK"}}), 3);
  EXPECT_EQ(metrics.Value("herald_rpcs_total", {{"method", dispatch}, {"code", "ALREADY_EXISTS"}}), 1);
  EXPECT_EQ(metrics.Value("herald_rpc_duration_seconds_count", {{"method", dispatch}}), 4);
}

TEST_F(MetricsEndToEnd, SeeWhatWaits) {
  ASSERT_NO_FATAL_FAILURE(DispatchToOneThatHangs());
  const MetricsText metrics = Scrape();
  EXPECT_EQ(metrics.Value("herald_queue_deliveries"), 1);
  EXPECT_GT(metrics.Value("herald_queue_oldest_seconds"), 0);
  EXPECT_EQ(metrics.Value("herald_in_flight_attempts"), 1);
}

// docs/operations.md has a table row "| `herald_…` | type | …" for each.
std::set<std::string> Documented() {
  std::set<std::string> names;
  for (const absl::string_view line : absl::StrSplit(ReadFile("docs/operations.md"), '\n')) {
    if (!absl::StartsWith(line, "| `herald_")) continue;
    const std::vector<std::string> cells = absl::StrSplit(line, absl::ByAnyChar("`{"));
    names.insert(cells[1]);
  }
  return names;
}

TEST_F(MetricsEndToEnd, AreThoseOfTheDocumentation) {
  std::set<std::string> served;
  for (const auto& [name, family] : Scrape().families) served.insert(name);
  EXPECT_EQ(served, Documented());
}

TEST_F(MetricsEndToEnd, StandBesideHealthAndReadiness) {
  EXPECT_EQ(Get("/healthz"), "ok\n");
  EXPECT_EQ(Get("/readyz"), "ready\n");
  const httplib::Result got = httplib::Client("http://" + herald_.http_address()).Get("/metrics");
  ASSERT_TRUE(got);
  EXPECT_THAT(got->get_header_value("content-type"), StartsWith("text/plain; version=0.0.4"));
}

TEST_F(MetricsEndToEnd, SayNotReadyWhileTheServerDrains) {
  ASSERT_NO_FATAL_FAILURE(DispatchToOneThatHangs());
  herald_.Signal(SIGTERM);
  std::string ready;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while ((ready = Get("/readyz")) == "ready\n" && std::chrono::steady_clock::now() < deadline) {
  }
  EXPECT_EQ(ready, "not ready\n");
  EXPECT_EQ(Get("/healthz"), "ok\n");
}

TEST(HttpListen, MayBeSwitchedOff) {
  HeraldProcess herald({.flags = {"--http_listen="}, .serves_http = false});
  EXPECT_NE(herald.address(), "");
  EXPECT_EQ(herald.http_address(), "");
  herald.Signal(SIGTERM);
  EXPECT_TRUE(herald.ExitsWith(0));
}

}  // namespace
}  // namespace herald
