// From the metadata of a call to the headers of a receiver.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/e2e/ledger_webhook.h"

namespace herald {
namespace {

using ::testing::StartsWith;

constexpr char kParent[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

class TraceEndToEnd : public ::testing::Test {
 protected:
  void SetUp() override { CreateLedgerWebhook(herald_); }
  // What the receiver gets for an event of a call with these metadata.
  ReceivedRequest Dispatch(const std::vector<std::pair<std::string, std::string>>& metadata, const std::string& id) {
    grpc::ClientContext context;
    for (const auto& [name, value] : metadata) context.AddMetadata(name, value);
    v1::DispatchEventRequest request;
    request.mutable_event()->set_id(id);
    request.mutable_event()->set_type("A");
    request.set_wait(true);
    v1::DispatchEventResponse response;
    EXPECT_TRUE(herald_.events().DispatchEvent(&context, request, &response).ok());
    return receiver_.requests().empty() ? ReceivedRequest() : receiver_.requests().back();
  }
  std::string StoredTraceparent(const std::string& id) {
    v1::GetEventRequest request;
    request.set_name("events/" + id);
    v1::Event event;
    grpc::ClientContext context;
    EXPECT_TRUE(herald_.events().GetEvent(&context, request, &event).ok());
    return event.traceparent();
  }

  TestCa ca_;
  Receiver receiver_{LedgerReceiver(ca_)};
  HeraldProcess herald_{LedgerOptions(ca_, receiver_, nullptr)};
};

TEST_F(TraceEndToEnd, OfACallIsContinued) {
  const ReceivedRequest got = Dispatch({{"traceparent", kParent}, {"tracestate", "a=1"}, {"tracestate", "b=2"}}, "one");
  EXPECT_THAT(std::string(got.Header("traceparent")), StartsWith("00-0af7651916cd43dd8448eb211c80319c-"));
  EXPECT_NE(got.Header("traceparent"), kParent) << "a span of its own";
  EXPECT_EQ(got.Header("tracestate"), "a=1,b=2");
  EXPECT_EQ(StoredTraceparent("one"), kParent);
}

TEST_F(TraceEndToEnd, ThatIsNotValidIsIgnored) {
  EXPECT_FALSE(Dispatch({{"traceparent", "00-zz-01"}, {"tracestate", "a=1"}}, "one").HasHeader("traceparent"));
  EXPECT_FALSE(Dispatch({{"traceparent", kParent}, {"traceparent", kParent}}, "two").HasHeader("traceparent"));
  EXPECT_FALSE(Dispatch({}, "three").HasHeader("tracestate"));
  EXPECT_EQ(receiver_.request_count(), 3);
}

}  // namespace
}  // namespace herald
