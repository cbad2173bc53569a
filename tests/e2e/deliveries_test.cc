// Deliveries watched, retried and cancelled over the real server's API.

#include <gtest/gtest.h>

#include <csignal>
#include <memory>
#include <string>

#include "tests/e2e/ledger_webhook.h"

namespace herald {
namespace {

class DeliveriesEndToEnd : public ::testing::Test {
 protected:
  void SetUp() override { CreateLedgerWebhook(herald_, R"("retry_policy": {"max_attempts": 1})"); }
  // The name of the new event's delivery, after its first attempt.
  std::string Dispatch() {
    v1::DispatchEventRequest request;
    request.mutable_event()->set_type("A");
    request.set_wait(true);
    v1::DispatchEventResponse response;
    grpc::ClientContext context;
    EXPECT_TRUE(herald_.events().DispatchEvent(&context, request, &response).ok());
    return response.deliveries_size() == 1 ? response.deliveries(0).name() : "";
  }

  TestCa ca_;
  Receiver receiver_{LedgerReceiver(ca_)};
  HeraldProcess herald_{LedgerOptions(ca_, receiver_, nullptr)};
};

TEST_F(DeliveriesEndToEnd, AreWatchedWhileTheyFailAndAreRetried) {
  grpc::ClientContext watching;
  v1::WatchDeliveriesRequest watch;
  watch.set_webhook("webhooks/ledger");
  watch.add_states(v1::Delivery::FAILED);
  watch.add_states(v1::Delivery::SUCCEEDED);
  const auto stream = herald_.deliveries().WatchDeliveries(&watching, watch);
  stream->WaitForInitialMetadata();

  receiver_.Handle([](const ReceivedRequest&) { return ScriptedAnswer{.status = 500}; });
  const std::string name = Dispatch();
  v1::Delivery told;
  ASSERT_TRUE(stream->Read(&told));
  EXPECT_EQ(told.name(), name);
  EXPECT_EQ(told.state(), v1::Delivery::FAILED);
  EXPECT_FALSE(told.last_result().has_response()) << "without bodies";

  receiver_.Handle([](const ReceivedRequest&) { return ScriptedAnswer{.status = 200}; });
  v1::RetryDeliveryRequest retry;
  retry.set_name(name);
  v1::Delivery retried;
  grpc::ClientContext retrying;
  EXPECT_TRUE(herald_.deliveries().RetryDelivery(&retrying, retry, &retried).ok());
  ASSERT_TRUE(stream->Read(&told));
  EXPECT_EQ(told.state(), v1::Delivery::SUCCEEDED);
  EXPECT_EQ(told.attempt_count(), 2);

  v1::CancelDeliveryRequest cancel;
  cancel.set_name(name);
  grpc::ClientContext cancelling;
  EXPECT_EQ(herald_.deliveries().CancelDelivery(&cancelling, cancel, &retried).error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
  v1::CancelDeliveriesRequest cancel_all;
  cancel_all.set_webhook("webhooks/ledger");
  v1::CancelDeliveriesResponse cancelled;
  grpc::ClientContext cancelling_all;
  EXPECT_TRUE(herald_.deliveries().CancelDeliveries(&cancelling_all, cancel_all, &cancelled).ok());
  EXPECT_EQ(cancelled.cancelled_count(), 0);

  herald_.Signal(SIGTERM);
  EXPECT_FALSE(stream->Read(&told));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE) << "a drain ends it";
  EXPECT_TRUE(herald_.ExitsWith(0));
}

TEST_F(DeliveriesEndToEnd, AWatchEndsWithItsCaller) {
  v1::Delivery told;
  for (int i = 0; i < 3; ++i) {
    grpc::ClientContext watching;
    const auto stream = herald_.deliveries().WatchDeliveries(&watching, v1::WatchDeliveriesRequest());
    stream->WaitForInitialMetadata();
    Dispatch();
    ASSERT_TRUE(stream->Read(&told));
    watching.TryCancel();
    while (stream->Read(&told)) {
    }
    EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  Dispatch();
}

TEST_F(DeliveriesEndToEnd, AWatchOfNothingIsRefused) {
  grpc::ClientContext watching;
  v1::WatchDeliveriesRequest watch;
  watch.set_webhook("ledger");
  const auto stream = herald_.deliveries().WatchDeliveries(&watching, watch);
  v1::Delivery told;
  EXPECT_FALSE(stream->Read(&told));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

}  // namespace
}  // namespace herald
