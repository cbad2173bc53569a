#include "src/core/retry_after.h"

#include <gtest/gtest.h>

namespace herald {
namespace {

// Sun, 06 Nov 1994 08:49:37 GMT is one minute later.
const absl::Time kNow = absl::FromUnixSeconds(784'111'777 - 60);

TEST(RetryAfter, IsSecondsOrADate) {
  const struct {
    const char* value;
    absl::Duration wait;
  } kCases[] = {
      {"0", absl::ZeroDuration()},
      {"120", absl::Seconds(120)},
      {" 5 ", absl::Seconds(5)},
      {"86400", absl::Hours(24)},
      {"86401", absl::Hours(24)},
      {"99999999999999999999999", absl::Hours(24)},
      {"Sun, 06 Nov 1994 08:49:37 GMT", absl::Seconds(60)},
      {"Sunday, 06-Nov-94 08:49:37 GMT", absl::Seconds(60)},
      {"Sun Nov  6 08:49:37 1994", absl::Seconds(60)},
      {"Sun, 06 Nov 1994 08:48:37 GMT", absl::ZeroDuration()},
      {"Sun, 06 Nov 1994 08:48:36 GMT", absl::ZeroDuration()},
      {"Wed, 31 Dec 2098 23:59:59 GMT", absl::Hours(24)},
      {"Friday, 01-Jan-44 00:00:00 GMT", absl::Hours(24)},
      {"Friday, 06-Nov-45 08:49:37 GMT", absl::ZeroDuration()},  // 1945
      {"", absl::ZeroDuration()},
      {"-5", absl::ZeroDuration()},
      {"+5", absl::ZeroDuration()},
      {"1.5", absl::ZeroDuration()},
      {"soon", absl::ZeroDuration()},
      {"infinite-future", absl::ZeroDuration()},
      {"Sun, 06 Nov 1994 08:49:37 CET", absl::ZeroDuration()},
      {"Sun, 32 Nov 1994 08:49:37 GMT", absl::ZeroDuration()},
  };
  for (const auto& c : kCases) EXPECT_EQ(ParseRetryAfter(c.value, kNow), c.wait) << c.value;
}

TEST(RetryAfter, ReadsTheHeader) {
  HttpExchange exchange;
  EXPECT_EQ(RetryAfter(exchange, kNow), absl::ZeroDuration());
  exchange.response.emplace();
  EXPECT_EQ(RetryAfter(exchange, kNow), absl::ZeroDuration());
  exchange.response->headers = {{"date", "x"}, {"retry-after", "7"}};
  EXPECT_EQ(RetryAfter(exchange, kNow), absl::Seconds(7));
}

}  // namespace
}  // namespace herald
