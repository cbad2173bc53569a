// The trace of a call goes on in each attempt that its events lead to.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

#include "tests/engine/engine_fixture.h"

namespace herald {
namespace {

using ::testing::StartsWith;

constexpr char kParent[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
constexpr char kTrace[] = "00-0af7651916cd43dd8448eb211c80319c-";

class TraceTest : public EngineTest {
 protected:
  void DispatchTraced(const std::string& event, const TraceContext& trace) {
    v1::DispatchEventRequest request;
    *request.mutable_event() = FromJson<v1::Event>(event);
    bool answered = false;
    engine_->publisher.Dispatch(
        kTenant, request, clock_.Monotonic(),
        [&answered](const absl::StatusOr<v1::DispatchEventResponse>& answer) { answered = answer.ok(); }, trace);
    Run();
    EXPECT_TRUE(answered);
  }
  static std::string Header(const HttpRequest& request, const std::string& name) {
    std::string found;
    for (const auto& [header, value] : request.headers) {
      if (header == name) found += found.empty() ? value : " and " + value;
    }
    return found;
  }
};

TEST_F(TraceTest, GoesOnUnderAnotherSpanInEachAttempt) {
  sender_.answer = [](const HttpRequest&) { return ScriptedSender::Status(503); };
  ASSERT_TRUE(Create("a").ok());
  DispatchTraced(R"({"type": "A"})", {kParent, "vendor=1"});
  Advance(absl::Seconds(5));
  Restart();
  Advance(absl::Seconds(60));
  ASSERT_EQ(sender_.sent.size(), 3u) << "the last after a restart";
  std::set<std::string> parents = {kParent};
  for (const HttpRequest& request : sender_.sent) {
    EXPECT_THAT(Header(request, "traceparent"), StartsWith(kTrace));
    EXPECT_EQ(Header(request, "traceparent").size(), sizeof(kParent) - 1);
    EXPECT_EQ(Header(request, "tracestate"), "vendor=1");
    parents.insert(Header(request, "traceparent"));
  }
  EXPECT_EQ(parents.size(), 4u) << "each is another";
}

TEST_F(TraceTest, IsNothingThatAnEventMaySay) {
  ASSERT_TRUE(Create("a").ok());
  DispatchTraced(R"({"type": "A", "id": "e1", "traceparent": "anything\r\nx: y", "tracestate": "a=1"})", {});
  ASSERT_EQ(sender_.sent.size(), 1u);
  EXPECT_EQ(Header(sender_.sent[0], "traceparent"), "");
  EXPECT_EQ(Header(sender_.sent[0], "tracestate"), "");
}

TEST_F(TraceTest, MakesNoOtherEventOfOneThatIsSentAgain) {
  ASSERT_TRUE(Create("a").ok());
  DispatchTraced(R"({"type": "A", "id": "e1"})", {kParent, ""});
  DispatchTraced(R"({"type": "A", "id": "e1"})", {"00-11111111111111111111111111111111-2222222222222222-01", ""});
  ASSERT_EQ(sender_.sent.size(), 1u);
  v1::GetEventRequest get;
  get.set_name("events/e1");
  const auto event = engine_->history.GetEvent(kTenant, get);
  ASSERT_TRUE(event.ok()) << event.status();
  EXPECT_EQ(event->traceparent(), kParent);
}

TEST_F(TraceTest, LeavesTheHeadersOfAWebhookThatSetsThem) {
  ASSERT_TRUE(Create("a", R"(, "headers": {"Traceparent": "own"})").ok());
  DispatchTraced(R"({"type": "A"})", {kParent, "vendor=1"});
  ASSERT_EQ(sender_.sent.size(), 1u);
  EXPECT_EQ(Header(sender_.sent[0], "traceparent"), "own");
  EXPECT_EQ(Header(sender_.sent[0], "tracestate"), "");
}

TEST_F(TraceTest, GoesOnInATest) {
  v1::TestWebhookRequest request;
  *request.mutable_webhook() = FromJson<v1::Webhook>(R"({"url": "https://a.example.com/"})");
  *request.mutable_event() = FromJson<v1::Event>(R"({"type": "A", "traceparent": "anything\r\nx: y"})");
  for (const TraceContext& trace : {TraceContext{kParent, "vendor=1"}, TraceContext{}}) {
    absl::StatusOr<v1::InvocationResult> result = absl::UnknownError("no answer");
    engine_->tester.Test(
        kTenant, request, absl::Seconds(10),
        [&result](absl::StatusOr<v1::InvocationResult> answer) { result = std::move(answer); }, trace);
    ASSERT_TRUE(result.ok()) << result.status();
    const std::string sent = Header(sender_.sent.back(), "traceparent");
    EXPECT_THAT(sent, StartsWith(trace.parent.substr(0, sizeof(kTrace) - 1)));
    EXPECT_EQ(sent.empty(), trace.parent.empty());
    EXPECT_EQ(result->request().headers().count("traceparent"), trace.parent.empty() ? 0u : 1u);
  }
}

}  // namespace
}  // namespace herald
