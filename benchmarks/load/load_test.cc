// The parts of the load benchmark that its figures rest on. scripts/bench --quick tries the whole.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "benchmarks/load/durations.h"
#include "benchmarks/load/event_source.h"
#include "benchmarks/load/http_request.h"
#include "benchmarks/load/ledger.h"
#include "src/core/event_document.h"

namespace herald {
namespace {

using ::testing::HasSubstr;

constexpr absl::string_view kRequest =
    "POST /load0 HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nwebhook-id:  dlv_1 \r\n\r\nbody";

TEST(HttpRequestTest, IsWholeOnlyWithItsLastByte) {
  ParsedHttpRequest request;
  for (size_t size = 0; size < kRequest.size(); ++size) {
    EXPECT_EQ(ParseHttpRequest(kRequest.substr(0, size), &request), HttpParse::kMore) << size;
  }
  EXPECT_EQ(ParseHttpRequest(kRequest, &request), HttpParse::kWhole);
}

TEST(HttpRequestTest, EndsWhereTheNextBegins) {
  const std::string two = absl::StrCat(kRequest, "GET / HTTP/1.1\r\n\r\n");
  ParsedHttpRequest request;
  ASSERT_EQ(ParseHttpRequest(two, &request), HttpParse::kWhole);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/load0");
  EXPECT_EQ(request.Header("Webhook-Id"), "dlv_1");
  EXPECT_EQ(request.body, "body");
  EXPECT_EQ(request.size, kRequest.size());
}

TEST(HttpRequestTest, RefusesWhatIsNoRequest) {
  ParsedHttpRequest request;
  EXPECT_EQ(ParseHttpRequest("nonsense\r\n\r\n", &request), HttpParse::kBad);
  EXPECT_EQ(ParseHttpRequest("GET / HTTP/1.1\r\nno colon\r\n\r\n", &request), HttpParse::kBad);
  EXPECT_EQ(ParseHttpRequest("GET / HTTP/1.1\r\ncontent-length: x\r\n\r\n", &request), HttpParse::kBad);
}

TEST(DurationsTest, NamesTheSmallestThatSoManyAreNotAbove) {
  Durations durations;
  for (int i = 1000; i >= 1; --i) durations.Add(int64_t{i} * 1000);
  EXPECT_EQ(durations.ToJson(),
            R"({"count":1000,"p50_us":500.0,"p90_us":900.0,"p99_us":990.0,"p999_us":999.0,"max_us":1000.0})");
}

TEST(DurationsTest, SaysOnlyTheCountWhenThereAreNone) { EXPECT_EQ(Durations().ToJson(), R"({"count":0})"); }

// The body that a webhook without a template sends for the next event of `source`.
std::string BodyOf(EventSource& source, int64_t due_ns) {
  v1::Event event;
  source.Next(due_ns, &event);
  return EventDocumentText(event);
}

TEST(LedgerTest, ReadsBackWhatTheEventSourceWrote) {
  EventSource source("bench.load", "run");
  Ledger ledger;
  ledger.Add("/a", "dlv_1", BodyOf(source, 1000), 3000);
  ledger.Add("/b", "dlv_2", BodyOf(source, 2000), 6000);
  EXPECT_EQ(ledger.Lines(), "dlv_1\t1\t1000\t3000\t/a\ndlv_2\t2\t2000\t6000\t/b\n");
}

TEST(LedgerTest, CountsWhatCameAgainOnce) {
  EventSource source("bench.load", "run");
  const std::string body = BodyOf(source, 1000);
  Ledger ledger;
  ledger.Add("/a", "dlv_1", body, 3000);
  ledger.Add("/a", "dlv_1", body, 4000);
  ledger.Add("/b", "dlv_2", body, 5000);
  EXPECT_THAT(ledger.Summary(0, ""),
              HasSubstr(R"("received":3,"distinct_ids":2,"distinct_events":1,"first_ns":3000,"last_ns":5000)"));
}

TEST(LedgerTest, LeavesOutTheWarmUpAndOnePath) {
  EventSource source("bench.load", "run");
  Ledger ledger;
  ledger.Add("/a", "dlv_1", BodyOf(source, 1000), 500'000);
  ledger.Add("/a", "dlv_2", BodyOf(source, 2000), 4000);
  ledger.Add("/b", "dlv_3", BodyOf(source, 2000), 900'000);
  const std::string summary = ledger.Summary(2000, "/b");
  EXPECT_THAT(summary, HasSubstr(R"("received":2,)"));
  EXPECT_THAT(summary, HasSubstr(R"("latency":{"count":1,"p50_us":2.0)"));
}

}  // namespace
}  // namespace herald
