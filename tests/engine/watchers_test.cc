#include "src/engine/watchers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/engine/dispatcher_fixture.h"

namespace herald {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Keeps what it is told; reads on only when the test says so.
struct KeepingReader final : Watchers::Reader {
  void Write(v1::Delivery delivery) override {
    told.push_back(absl::StrCat(delivery.webhook(), " ", v1::Delivery::State_Name(delivery.state())));
    last = std::move(delivery);
  }
  void End(const absl::Status& status) override { end = status; }

  std::vector<std::string> told;
  v1::Delivery last;
  absl::Status end;
};

class WatchersTest : public DispatcherTest {
 protected:
  using States = std::vector<v1::Delivery::State>;

  Watchers::Ticket Watch(const std::string& webhook = "", const States& states = {}) {
    v1::WatchDeliveriesRequest request;
    request.set_webhook(webhook);
    for (const v1::Delivery::State state : states) request.add_states(state);
    const auto ticket = engine_->watchers.Watch(kTenant, request, reader_);
    EXPECT_TRUE(ticket.ok()) << ticket.status();
    return ticket.value_or(0);
  }
  // Reads all there is.
  void ReadAll(Watchers::Ticket ticket) {
    for (size_t before = SIZE_MAX; before != reader_->told.size();) {
      before = reader_->told.size();
      engine_->watchers.Read(ticket);
      Run();
    }
  }

  std::shared_ptr<KeepingReader> reader_ = std::make_shared<KeepingReader>();
};

TEST_F(WatchersTest, TellsEachChangeToAReaderThatKeepsUp) {
  sender_.answer = [](const HttpRequest&) { return std::nullopt; };
  ASSERT_TRUE(Create("a").ok());
  const Watchers::Ticket ticket = Watch();
  ReadAll(ticket);
  EXPECT_THAT(reader_->told, IsEmpty());
  ASSERT_TRUE(Dispatch().ok());
  EXPECT_THAT(reader_->told, ElementsAre("webhooks/a PENDING"));
  ReadAll(ticket);
  sender_.hanging.at(0)(ScriptedSender::Status(503));
  Run();
  EXPECT_THAT(reader_->told, ElementsAre("webhooks/a PENDING", "webhooks/a RETRYING"));
  EXPECT_EQ(reader_->last.last_result().response().status_code(), 0) << "without bodies";
  EXPECT_EQ(reader_->last.last_result().outcome(), v1::InvocationResult::HTTP_FAILED);
}

TEST_F(WatchersTest, ASlowReaderGetsTheLatestStateOfEach) {
  ASSERT_TRUE(Create("a").ok());
  const Watchers::Ticket ticket = Watch();
  ASSERT_TRUE(Dispatch().ok());
  ASSERT_TRUE(Dispatch().ok());
  ReadAll(ticket);
  EXPECT_THAT(reader_->told, ElementsAre("webhooks/a SUCCEEDED", "webhooks/a SUCCEEDED"));
}

TEST_F(WatchersTest, TellsOnlyOfTheWebhookAndTheStatesThatWereAskedFor) {
  ASSERT_TRUE(Create("a").ok());
  ASSERT_TRUE(Create("b").ok());
  sender_.answer = [](const HttpRequest& request) {
    return ScriptedSender::Status(HostOfUrl(request.url) == "a.example.com" ? 200 : 400);
  };
  const Watchers::Ticket ticket = Watch("webhooks/b", {v1::Delivery::FAILED, v1::Delivery::CANCELLED});
  engine_->watchers.Read(ticket);
  ASSERT_TRUE(Dispatch().ok());
  EXPECT_THAT(reader_->told, ElementsAre("webhooks/b FAILED"));
}

TEST_F(WatchersTest, TellsOfCancellationsAndRetries) {
  sender_.answer = [](const HttpRequest&) { return ScriptedSender::Status(503); };
  ASSERT_TRUE(Create("a").ok());
  ASSERT_TRUE(Dispatch().ok());
  const Watchers::Ticket ticket = Watch();
  v1::CancelDeliveryRequest cancel;
  cancel.set_name(Deliveries().at(0).name());
  engine_->control.Cancel(kTenant, cancel, [](const absl::StatusOr<v1::Delivery>&) {});
  Run();
  ReadAll(ticket);
  sender_.answer = [](const HttpRequest&) { return std::nullopt; };
  v1::RetryDeliveryRequest retry;
  retry.set_name(cancel.name());
  retry.set_force(true);
  engine_->control.Retry(kTenant, retry, [](const absl::StatusOr<v1::Delivery>&) {});
  Run();
  ReadAll(ticket);
  EXPECT_THAT(reader_->told, ElementsAre("webhooks/a CANCELLED", "webhooks/a RETRYING"));
}

TEST_F(WatchersTest, EndsAReaderThatFallsTooFarBehind) {
  ASSERT_TRUE(Create("a").ok());
  const Watchers::Ticket ticket = Watch();
  std::vector<Watchers::Change> changes;
  for (size_t i = 1; i <= Watchers::kUnreadMax; ++i) {
    changes.push_back({static_cast<Sequence>(i), "webhooks/a", v1::Delivery::PENDING});
  }
  engine_->watchers.Changed(kTenant, changes);
  engine_->watchers.Changed(kTenant, changes);  // the same ones: no more to read
  engine_->watchers.Changed("another", {{5000, "webhooks/a", v1::Delivery::PENDING}});
  ASSERT_TRUE(reader_->end.ok());
  engine_->watchers.Changed(kTenant, {{5000, "webhooks/a", v1::Delivery::PENDING}});
  engine_->watchers.Read(ticket);
  Run();
  EXPECT_EQ(reader_->end.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(engine_->watchers.empty());
}

TEST_F(WatchersTest, EndsWhenTheServerStops) {
  const Watchers::Ticket ticket = Watch();
  engine_->watchers.Read(ticket);
  engine_->watchers.EndAll();
  Run();
  EXPECT_EQ(ReasonOf(reader_->end), v1::DRAINING);
  reader_->end = absl::OkStatus();
  engine_->watchers.Read(Watch());
  Run();
  EXPECT_EQ(ReasonOf(reader_->end), v1::DRAINING) << "also those that come later";
}

TEST_F(WatchersTest, TellsNothingToAReaderThatIsGone) {
  ASSERT_TRUE(Create("a").ok());
  const Watchers::Ticket ticket = Watch();
  engine_->watchers.Read(ticket);
  engine_->watchers.Forget(ticket);
  engine_->watchers.Read(ticket);
  ASSERT_TRUE(Dispatch().ok());
  EXPECT_THAT(reader_->told, IsEmpty());
}

TEST_F(WatchersTest, RefusesWhatItCannotWatch) {
  v1::WatchDeliveriesRequest request;
  request.set_webhook("events/e");
  request.add_states(v1::Delivery::STATE_UNSPECIFIED);
  const absl::Status status = engine_->watchers.Watch(kTenant, request, reader_).status();
  EXPECT_EQ(BadRequestOf(status).field_violations_size(), 2) << status;
}

}  // namespace
}  // namespace herald
