// What a server does when it is told to stop (SIGTERM): it starts nothing, ends what is under way, and goes.
//
// A stop that waits for what never ends would wait for the drain time-out of ten minutes, longer than the test may
// take.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <future>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "tests/e2e/herald_process.h"

namespace herald {
namespace {

using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;
using ::testing::HasSubstr;

constexpr int kLaneInFlightMax = 32;

class StopTest : public ::testing::Test {
 protected:
  StopTest() {
    receiver_.Handle([this](const ReceivedRequest&) {
      answer_.WaitForNotification();
      return ScriptedAnswer{.status = 200};
    });
  }
  void TearDown() override {
    if (!answer_.HasBeenNotified()) answer_.Notify();
  }

  // A channel that shares its connection with no other.
  std::shared_ptr<grpc::Channel> NewChannel() {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel(herald_.address(), grpc::InsecureChannelCredentials(), arguments);
  }

  void CreateWebhook() {
    v1::CreateWebhookRequest request = FromJson<v1::CreateWebhookRequest>(R"({
      "webhook": {"display_name": "Slow", "triggers": ["*"], "url": "https://slow.example.com/in", "timeout": "60s"}
    })");
    v1::Webhook created;
    grpc::ClientContext context;
    const grpc::Status status = herald_.webhooks().CreateWebhook(&context, request, &created);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }

  grpc::Status Dispatch(bool wait, v1::DispatchEventResponse& response) {
    v1::DispatchEventRequest request;
    request.mutable_event()->set_type("RequestCreated");
    request.set_wait(wait);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(10));
    return herald_.events().DispatchEvent(&context, request, &response);
  }

  TestCa ca_;
  absl::Notification answer_;
  Receiver receiver_{Receiver::Options{.ca = &ca_, .hosts = {"slow.example.com"}}};
  HeraldProcess herald_{HeraldProcess::Options{
      .ca = &ca_, .receiver = &receiver_, .hosts = {"slow.example.com"}, .flags = {"--drain_timeout=10m"}}};
};

// A stream of health, which a caller may keep for ever.
class Watch {
 public:
  explicit Watch(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(Health::NewStub(channel)), reader_(stub_->Watch(&context_, HealthCheckRequest())) {}

  // The next news; UNKNOWN when the stream has ended.
  HealthCheckResponse::ServingStatus Next() {
    HealthCheckResponse news;
    return reader_->Read(&news) ? news.status() : HealthCheckResponse::UNKNOWN;
  }

 private:
  std::unique_ptr<Health::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<HealthCheckResponse>> reader_;
};

TEST_F(StopTest, WaitsForNoStream) {
  Watch watch(NewChannel());
  ASSERT_EQ(watch.Next(), HealthCheckResponse::SERVING);
  const auto reflection = grpc::reflection::v1::ServerReflection::NewStub(NewChannel());
  grpc::ClientContext context;
  const auto conversation = reflection->ServerReflectionInfo(&context);
  grpc::reflection::v1::ServerReflectionRequest question;
  question.set_list_services("");
  grpc::reflection::v1::ServerReflectionResponse services;
  ASSERT_TRUE(conversation->Write(question));
  ASSERT_TRUE(conversation->Read(&services));
  herald_.Signal(SIGTERM);
  EXPECT_TRUE(herald_.ExitsWith(0));
}

TEST_F(StopTest, RefusesNewCallsAndStartsNoAttemptWhileOthersEnd) {
  CreateWebhook();
  v1::DispatchEventResponse response;
  for (int i = 0; i < kLaneInFlightMax; ++i) ASSERT_TRUE(Dispatch(false, response).ok());
  ASSERT_TRUE(receiver_.WaitForRequests(kLaneInFlightMax, absl::Seconds(60)));
  // Its lane is full: this one is not attempted before another has ended.
  std::future<grpc::Status> waiting = std::async(std::launch::async, [&] { return Dispatch(true, response); });
  v1::ListDeliveriesResponse deliveries;
  while (deliveries.deliveries_size() <= kLaneInFlightMax) {
    grpc::ClientContext context;
    ASSERT_TRUE(herald_.deliveries().ListDeliveries(&context, v1::ListDeliveriesRequest(), &deliveries).ok());
  }
  Watch watch(NewChannel());
  ASSERT_EQ(watch.Next(), HealthCheckResponse::SERVING);

  herald_.Signal(SIGTERM);
  ASSERT_EQ(watch.Next(), HealthCheckResponse::NOT_SERVING);
  const auto late = v1::ServerService::NewStub(NewChannel());
  grpc::ClientContext context;
  v1::ServerInfo info;
  const grpc::Status refused = late->GetServerInfo(&context, v1::GetServerInfoRequest(), &info);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(refused.error_message(), HasSubstr("the server is stopping"));

  answer_.Notify();
  EXPECT_TRUE(herald_.ExitsWith(0));
  EXPECT_TRUE(waiting.get().ok());
  ASSERT_EQ(response.deliveries_size(), 1);
  EXPECT_EQ(response.deliveries(0).state(), v1::Delivery::PENDING);
  EXPECT_EQ(receiver_.request_count(), kLaneInFlightMax);
}

TEST(Start, SaysInOneSentenceThatTheAddressIsTaken) {
  HeraldProcess first(HeraldProcess::Options{});
  ASSERT_NE(first.address(), "");
  HeraldProcess second(HeraldProcess::Options{.flags = {absl::StrCat("--listen=", first.address())}});
  EXPECT_TRUE(second.ExitsWith(1));
  EXPECT_EQ(ReadFile(second.log_file()), absl::StrCat("heraldd: --listen ", first.address(),
                                                      " cannot be listened on; is another server there already?\n"));
}

}  // namespace
}  // namespace herald
