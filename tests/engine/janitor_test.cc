#include "src/engine/janitor.h"

#include <gtest/gtest.h>

#include <memory>

#include "tests/engine/engine_fixture.h"

namespace herald {
namespace {

class JanitorTest : public EngineTest {
 protected:
  static constexpr absl::Duration kRetention = absl::Hours(30 * 24);

  void Start(absl::Duration retention = kRetention) {
    janitor_ = std::make_unique<Janitor>(engine_->loop, engine_->committer, clock_, retention);
    janitor_->Start();
    Run();
  }
  // Time passes, and all that is due happens in its time.
  void Pass(absl::Duration by, absl::Duration step) {
    for (const absl::Duration end = clock_.Monotonic() + by; clock_.Monotonic() < end;) Advance(step);
  }
  void Send(int count) {
    for (int i = 0; i < count; ++i) ASSERT_TRUE(Dispatch().ok());
  }

  size_t CountStored() { return memory_.ListEvents(kTenant, {"", {}, false, {10'000, int64_t{1} << 30}})->rows.size(); }

  std::unique_ptr<Janitor> janitor_;
};

TEST_F(JanitorTest, RemovesWhatIsOlderThanTheRetention) {
  ASSERT_TRUE(Create("a").ok());
  Send(3);
  Start();
  Pass(kRetention - absl::Minutes(1), absl::Minutes(30));
  EXPECT_EQ(Deliveries().size(), 3U);
  Pass(absl::Hours(1), absl::Minutes(1));
  EXPECT_TRUE(Deliveries().empty());
  EXPECT_EQ(Dispatch(R"({"type": "A", "id": "x"})")->delivery_count(), 1) << "and goes on to serve";
}

TEST_F(JanitorTest, KeepsEverythingForEverWhenToldSo) {
  Start(absl::ZeroDuration());
  EXPECT_EQ(engine_->loop.RunOnce(), absl::InfiniteDuration()) << "it will never wake";
  ASSERT_TRUE(Create("a").ok());
  Send(1);
  Pass(absl::Hours(24 * 365), absl::Hours(24));
  EXPECT_EQ(Deliveries().size(), 1U);
}

TEST_F(JanitorTest, SleepsUntilTheOldestCanExpireButNoLongerThanAnHour) {
  ASSERT_TRUE(Create("a").ok());
  Start(absl::Hours(2));
  EXPECT_EQ(engine_->loop.RunOnce() - clock_.Monotonic(), absl::Hours(1)) << "there is nothing yet";
  Send(1);
  Advance(absl::Hours(1));
  EXPECT_EQ(engine_->loop.RunOnce() - clock_.Monotonic(), absl::Hours(1));
  Advance(absl::Minutes(10));
  Send(1);
  Advance(absl::Minutes(50));
  Advance(absl::Minutes(1));  // what was accepted at the very edge
  ASSERT_EQ(Deliveries().size(), 1U);
  EXPECT_EQ(engine_->loop.RunOnce() - clock_.Monotonic(), absl::Hours(1));
  Advance(absl::Hours(1));
  EXPECT_EQ(engine_->loop.RunOnce() - clock_.Monotonic(), absl::Minutes(9) + absl::Microseconds(1));
  Advance(absl::Minutes(10));
  EXPECT_TRUE(Deliveries().empty());
}

TEST_F(JanitorTest, KeepsWhatIsOpenAndRemovesItOnceItIsClosed) {
  ASSERT_TRUE(Create("a").ok());
  sender_.answer = [](const HttpRequest&) { return ScriptedSender::Status(500); };
  Send(1);
  SetState("a", v1::Webhook::INACTIVE);
  ASSERT_EQ(Deliveries(v1::Delivery::RETRYING).size(), 1U);
  Start();
  Pass(kRetention + absl::Hours(2), absl::Minutes(30));
  EXPECT_EQ(Deliveries(v1::Delivery::RETRYING).size(), 1U);
  EXPECT_EQ(CountStored(), 1U);
  sender_.answer = [](const HttpRequest&) { return ScriptedSender::Status(200); };
  SetState("a", v1::Webhook::ACTIVE);
  Advance(absl::Minutes(1));
  EXPECT_EQ(sender_.sent.size(), 2U) << "its event is still there";
  Pass(absl::Hours(25), absl::Minutes(30));
  EXPECT_TRUE(Deliveries().empty());
  EXPECT_EQ(CountStored(), 0U);
}

TEST_F(JanitorTest, SendingGoesOnBetweenItsSteps) {
  ASSERT_TRUE(Create("a").ok());
  Send(600);
  clock_.Advance(kRetention + absl::Hours(1));
  Start();
  size_t left = CountStored();
  ASSERT_EQ(left, 434U) << "one step: 500 rows, of 166 events with a delivery and an invocation each";
  for (int step = 0; step < 2; ++step) {
    const size_t sent = sender_.sent.size();
    ASSERT_TRUE(Dispatch().ok()) << "while there is more to remove";
    EXPECT_EQ(sender_.sent.size(), sent + 1);
    Advance(absl::Milliseconds(20));
    ASSERT_LT(CountStored(), left);
    left = CountStored();
  }
  Pass(absl::Seconds(1), absl::Milliseconds(20));
  EXPECT_EQ(CountStored(), 2U) << "the new ones";
}

TEST_F(JanitorTest, WaitsWhileOthersWait) {
  Send(1);
  clock_.Advance(kRetention + absl::Hours(1));
  janitor_ = std::make_unique<Janitor>(engine_->loop, engine_->committer, clock_, kRetention);
  janitor_->Start();
  int waiting = 0;
  const auto submit = [&] {
    ++waiting;
    ASSERT_TRUE(engine_->committer.SubmitOwn(SaveHealth{}, [&](const absl::Status&, Write&) { --waiting; }).ok());
  };
  // Whenever it looks, somebody waits.
  for (int i = 0; i < 40; ++i) {
    submit();
    engine_->loop.RunOnce();
    EXPECT_TRUE(engine_->committer.RunOnce());
    ASSERT_EQ(waiting, 0);
    ASSERT_EQ(CountStored(), 1U);
    clock_.Advance(absl::Milliseconds(20));
  }
  for (int i = 0; i < 20 && CountStored() > 0; ++i) {
    submit();
    engine_->loop.RunOnce();
    EXPECT_TRUE(engine_->committer.RunOnce());
    clock_.Advance(absl::Milliseconds(20));
  }
  EXPECT_EQ(CountStored(), 0U) << "but not for ever: a step a second is made under any load";
}

TEST_F(JanitorTest, TriesAgainWhenTheStoreRefuses) {
  Send(1);
  clock_.Advance(kRetention + absl::Hours(1));
  store_.refuses = true;
  Start();
  store_.refuses = false;
  EXPECT_EQ(CountStored(), 1U);
  Advance(absl::Minutes(1));
  EXPECT_EQ(CountStored(), 0U);
}

TEST_F(JanitorTest, AClockThatStepsBackRemovesNothing) {
  ASSERT_TRUE(Create("a").ok());
  Start(absl::Hours(2));
  Send(1);
  clock_.Step(-absl::Hours(24 * 3650));
  Pass(absl::Hours(5), absl::Minutes(10));
  EXPECT_EQ(Deliveries().size(), 1U);
}

}  // namespace
}  // namespace herald
