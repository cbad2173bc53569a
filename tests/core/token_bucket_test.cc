#include "src/core/token_bucket.h"

#include <gtest/gtest.h>

#include <vector>

#include "src/base/random.h"

namespace herald {
namespace {

v1::RateLimit Limit(double requests_per_second, int burst) {
  v1::RateLimit limit;
  limit.set_requests_per_second(requests_per_second);
  limit.set_burst(burst);
  return limit;
}

constexpr absl::Duration kOrigin = absl::Seconds(1000);

int TakeAll(TokenBucket& bucket, absl::Duration now) {
  int taken = 0;
  for (; bucket.HasToken(now); ++taken) bucket.Take(now);
  return taken;
}

TEST(TokenBucket, BeginsWithASecondsWorth) {
  TokenBucket slow(Limit(10, 50), kOrigin);
  EXPECT_EQ(TakeAll(slow, kOrigin), 10);
  TokenBucket small(Limit(10, 3), kOrigin);
  EXPECT_EQ(TakeAll(small, kOrigin), 3);
  TokenBucket rare(Limit(0.5, 1), kOrigin);
  EXPECT_FALSE(rare.HasToken(kOrigin));
  EXPECT_EQ(rare.NextToken(), kOrigin + absl::Seconds(1));
}

TEST(TokenBucket, FillsAtItsRateUpToTheBurst) {
  TokenBucket bucket(Limit(10, 20), kOrigin);
  TakeAll(bucket, kOrigin);
  EXPECT_EQ(bucket.NextToken(), kOrigin + absl::Milliseconds(100));
  EXPECT_EQ(TakeAll(bucket, kOrigin + absl::Seconds(1)), 10);
  EXPECT_EQ(TakeAll(bucket, kOrigin + absl::Hours(1)), 20);
}

TEST(TokenBucket, KeepsItsPromiseOverEveryWindow) {
  SeededRandom random(1);
  constexpr double kRate = 7;
  constexpr int kBurst = 5;
  TokenBucket bucket(Limit(kRate, kBurst), kOrigin);
  std::vector<absl::Duration> taken;
  for (absl::Duration now = kOrigin; now < kOrigin + absl::Seconds(120);
       now += absl::Milliseconds(static_cast<int64_t>(random.Next() % 90))) {
    for (uint64_t wanted = random.Next() % 4; wanted > 0 && bucket.HasToken(now); --wanted) {
      bucket.Take(now);
      taken.push_back(now);
    }
  }
  EXPECT_GT(taken.size(), 700U);
  for (size_t first = 0; first < taken.size(); ++first) {
    for (size_t last = first; last < taken.size() && taken[last] - taken[first] < absl::Seconds(10); ++last) {
      const double window = absl::ToDoubleSeconds(taken[last] - taken[first]);
      ASSERT_LE(static_cast<double>(last - first + 1), kBurst + window * kRate);
    }
  }
}

TEST(TokenBucket, AChangeGivesNothingAway) {
  TokenBucket bucket(Limit(10, 10), kOrigin);
  TakeAll(bucket, kOrigin);
  bucket.Change(Limit(1000, 1000), kOrigin);
  EXPECT_EQ(TakeAll(bucket, kOrigin), 0);
  EXPECT_EQ(TakeAll(bucket, kOrigin + absl::Milliseconds(5)), 5);
  bucket.Change(Limit(1, 1), kOrigin + absl::Seconds(5));
  EXPECT_EQ(TakeAll(bucket, kOrigin + absl::Seconds(5)), 1);
}

}  // namespace
}  // namespace herald
