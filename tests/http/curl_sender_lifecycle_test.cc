// Many at once, draining and stopping.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "tests/http/exchanges.h"

namespace herald {
namespace {

using End = HttpExchange::End;

using CurlSenderLifecycle = SenderTest;

int CountOf(const std::vector<HttpExchange>& exchanges, End end) {
  return static_cast<int>(
      std::count_if(exchanges.begin(), exchanges.end(), [end](const auto& exchange) { return exchange.end == end; }));
}

TEST_F(CurlSenderLifecycle, CarriesOutManyAtOnceAndLosesNone) {
  constexpr int kCount = 1000;
  Exchanges exchanges;
  for (int i = 0; i < kCount; ++i) sender_->Send(Post(), exchanges.Done());
  EXPECT_EQ(CountOf(exchanges.WaitFor(kCount), End::kAnswered), kCount);
  EXPECT_EQ(receiver_.request_count(), kCount);
}

TEST_F(CurlSenderLifecycle, MaySendFromItsOwnCallback) {
  Exchanges exchanges;
  sender_->Send(Post(), [&](const HttpExchange& first) {
    EXPECT_EQ(first.end, End::kAnswered);
    sender_->Send(Post(), exchanges.Done());
  });
  EXPECT_EQ(CountOf(exchanges.WaitFor(1), End::kAnswered), 1);
}

TEST_F(CurlSenderLifecycle, StopEndsWhatIsUnderWayExactlyOnce) {
  Answer(HangingAnswer());
  constexpr int kCount = 50;
  Exchanges exchanges;
  for (int i = 0; i < kCount; ++i) sender_->Send(Post(), exchanges.Done());
  ASSERT_TRUE(receiver_.WaitForRequests(1));
  sender_->Stop();
  EXPECT_EQ(exchanges.count(), size_t{kCount});
  const std::vector<HttpExchange> ended = exchanges.WaitFor(kCount);
  EXPECT_EQ(CountOf(ended, End::kCancelled), kCount);
  EXPECT_EQ(ended[0].message, "abandoned: the server is stopping");
}

TEST_F(CurlSenderLifecycle, StopUnderLoadCallsEveryDoneOnce) {
  constexpr int kSenders = 2;
  constexpr int kCount = 500;
  Exchanges exchanges;
  std::vector<std::thread> threads;
  for (int i = 0; i < kSenders; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < kCount; ++j) sender_->Send(Post(), exchanges.Done());
    });
  }
  EXPECT_TRUE(receiver_.WaitForRequests(10));
  sender_->Stop();
  for (std::thread& thread : threads) thread.join();
  const std::vector<HttpExchange> ended = exchanges.WaitFor(kSenders * kCount);
  EXPECT_EQ(ended.size(), size_t{kSenders * kCount});
  EXPECT_EQ(CountOf(ended, End::kAnswered) + CountOf(ended, End::kCancelled), kSenders * kCount);
}

TEST_F(CurlSenderLifecycle, WhatIsSentAfterStopIsCancelledOnTheCallersThread) {
  sender_->Stop();
  sender_->Stop();
  const auto caller = std::this_thread::get_id();
  bool called = false;
  sender_->Send(Post(), [&](const HttpExchange& exchange) {
    called = true;
    EXPECT_EQ(exchange.end, End::kCancelled);
    EXPECT_EQ(std::this_thread::get_id(), caller);
  });
  EXPECT_TRUE(called);
  EXPECT_EQ(receiver_.connection_count(), 0);
}

TEST_F(CurlSenderLifecycle, DrainLetsWhatIsUnderWayEndAndTakesNoMore) {
  std::atomic<bool> answer = false;
  receiver_.Handle([&](const ReceivedRequest&) {
    return ScriptedAnswer{.script = [&](ReceiverConnection& connection) {
      while (!answer && connection.Pause(absl::Milliseconds(1))) continue;
      connection.Send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    }};
  });
  Exchanges exchanges;
  sender_->Send(Post(), exchanges.Done());
  ASSERT_TRUE(receiver_.WaitForRequests(1));
  EXPECT_FALSE(sender_->Drain(absl::ZeroDuration()));
  EXPECT_EQ(SendAndWait(Post()).end, End::kCancelled);
  answer = true;
  EXPECT_TRUE(sender_->Drain(absl::Seconds(30)));
  EXPECT_EQ(CountOf(exchanges.WaitFor(1), End::kAnswered), 1);
  EXPECT_EQ(receiver_.request_count(), 1);
}

TEST_F(CurlSenderLifecycle, DrainWithNothingUnderWayReturnsAtOnce) {
  EXPECT_TRUE(sender_->Drain(absl::InfiniteDuration()));
}

}  // namespace
}  // namespace herald
