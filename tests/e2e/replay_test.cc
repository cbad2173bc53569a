// A replay over the real server, which is killed in the middle of it.

#include <gtest/gtest.h>

#include <csignal>
#include <functional>
#include <set>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/e2e/ledger_webhook.h"
#include "tests/support/temp_dir.h"

namespace herald {
namespace {

constexpr int kBatches = 12;
constexpr int kEventsOfBatch = 100;
// More than may be open of a webhook before a replay goes slowly, so that it cannot be done when the server is killed.
constexpr int kEvents = kBatches * kEventsOfBatch;
constexpr int kInFlight = 32;  // of a webhook, by default

class ReplayEndToEnd : public ::testing::Test {
 protected:
  static void Dispatch(HeraldProcess& herald) {
    v1::BatchDispatchEventsRequest request;
    for (int i = 0; i < kEventsOfBatch; ++i) request.add_events()->set_type("A");
    v1::BatchDispatchEventsResponse response;
    grpc::ClientContext context;
    ASSERT_TRUE(herald.events().BatchDispatchEvents(&context, request, &response).ok());
  }
  static bool HasDeliveries(HeraldProcess& herald, v1::Delivery::State state) {
    v1::ListDeliveriesRequest request;
    request.set_state(state);
    request.set_page_size(1);
    v1::ListDeliveriesResponse response;
    grpc::ClientContext context;
    EXPECT_TRUE(herald.deliveries().ListDeliveries(&context, request, &response).ok());
    return response.deliveries_size() > 0;
  }
  static bool IsQuiet(HeraldProcess& herald) {
    return !HasDeliveries(herald, v1::Delivery::PENDING) && !HasDeliveries(herald, v1::Delivery::RETRYING);
  }
  static v1::Replay Get(HeraldProcess& herald, const std::string& name) {
    v1::GetReplayRequest request;
    request.set_name(name);
    v1::Replay replay;
    grpc::ClientContext context;
    EXPECT_TRUE(herald.deliveries().GetReplay(&context, request, &replay).ok());
    return replay;
  }
  // Asks again and again.
  static void Await(const std::function<bool()>& holds) {
    const absl::Time deadline = absl::Now() + absl::Seconds(60);
    while (!holds()) ASSERT_LT(absl::Now(), deadline);
  }

  const TempDir directory_;
  TestCa ca_;
  Receiver receiver_{LedgerReceiver(ca_)};
  const HeraldProcess::Options options_ = LedgerOptions(ca_, receiver_, &directory_);
};

TEST_F(ReplayEndToEnd, GoesOnAfterAKillAndSendsEverything) {
  std::string name;
  {
    HeraldProcess herald(options_);
    CreateLedgerWebhook(herald);
    receiver_.Handle([](const ReceivedRequest&) { return ScriptedAnswer{.status = 400}; });
    for (int i = 0; i < kBatches; ++i) Dispatch(herald);
    Await([&] { return IsQuiet(herald); });
    ASSERT_EQ(receiver_.request_count(), kEvents);

    receiver_.Handle([](const ReceivedRequest&) { return HangingAnswer(); });
    v1::ReplayDeliveriesRequest request;
    request.set_webhook("webhooks/ledger");
    v1::Replay replay;
    grpc::ClientContext context;
    ASSERT_TRUE(herald.deliveries().ReplayDeliveries(&context, request, &replay).ok());
    name = replay.name();
    ASSERT_TRUE(receiver_.WaitForRequests(kEvents + kInFlight));
    EXPECT_EQ(Get(herald, name).state(), v1::Replay::RUNNING);
    herald.Signal(SIGKILL);
    EXPECT_TRUE(herald.ExitsWith(-SIGKILL));
  }
  receiver_.Handle([](const ReceivedRequest&) { return ScriptedAnswer{.status = 200}; });
  HeraldProcess herald(options_);
  Await([&] { return Get(herald, name).state() == v1::Replay::DONE; });
  EXPECT_EQ(Get(herald, name).matched(), kEvents);
  EXPECT_EQ(Get(herald, name).replayed(), kEvents);
  Await([&] { return IsQuiet(herald); });
  EXPECT_FALSE(HasDeliveries(herald, v1::Delivery::FAILED));
  std::multiset<std::string> received;
  for (const ReceivedRequest& each : receiver_.requests()) received.emplace(each.Header("webhook-id"));
  EXPECT_EQ(std::set<std::string>(received.begin(), received.end()).size(), static_cast<size_t>(kEvents));
  EXPECT_EQ(received.size(), static_cast<size_t>(2 * kEvents + kInFlight)) << "but for those in flight, each once more";
}

TEST_F(ReplayEndToEnd, RefusesWhatItCannotDo) {
  HeraldProcess herald(options_);
  CreateLedgerWebhook(herald);
  v1::ReplayDeliveriesRequest request;
  request.set_webhook("webhooks/ledger");
  request.add_states(v1::Delivery::PENDING);
  v1::Replay replay;
  grpc::ClientContext context;
  const grpc::Status status = herald.deliveries().ReplayDeliveries(&context, request, &replay);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_NE(status.error_details().find("states[0]"), std::string::npos);
  v1::ListReplaysResponse listed;
  grpc::ClientContext listing;
  EXPECT_TRUE(herald.deliveries().ListReplays(&listing, v1::ListReplaysRequest(), &listed).ok());
  EXPECT_EQ(listed.replays_size(), 0);
}

}  // namespace
}  // namespace herald
