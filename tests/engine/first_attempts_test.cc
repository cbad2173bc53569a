#include "src/engine/first_attempts.h"

#include <gtest/gtest.h>

namespace herald {
namespace {

TEST(FirstAttempts, AnswersWhenEveryDeliveryWasAttempted) {
  FirstAttempts attempts;
  int done = 0;
  attempts.Wait({{1, "a"}, {2, "b"}}, [&] { ++done; });
  attempts.Attempted(1);
  EXPECT_EQ(done, 0);
  attempts.Attempted(2);
  attempts.Attempted(2);
  EXPECT_EQ(done, 1);
}

TEST(FirstAttempts, AnswersAtOnceWithoutDeliveries) {
  FirstAttempts attempts;
  int done = 0;
  attempts.Wait({}, [&] { ++done; });
  EXPECT_EQ(done, 1);
}

TEST(FirstAttempts, AnswersOnceWhenItExpires) {
  FirstAttempts attempts;
  int done = 0;
  const FirstAttempts::Ticket ticket = attempts.Wait({{1, "a"}}, [&] { ++done; });
  attempts.Expire(ticket);
  attempts.Expire(ticket);
  attempts.Attempted(1);
  EXPECT_EQ(done, 1);
}

TEST(FirstAttempts, LetsSeveralWaitForOneDelivery) {
  FirstAttempts attempts;
  int done = 0;
  attempts.Wait({{1, "a"}}, [&] { ++done; });
  attempts.Wait({{1, "a"}}, [&] { ++done; });
  attempts.Attempted(1);
  EXPECT_EQ(done, 2);
}

TEST(FirstAttempts, WaitsForNothingOfAWebhookThatIsGone) {
  FirstAttempts attempts;
  int done = 0;
  attempts.Wait({{1, "a"}, {2, "b"}}, [&] { ++done; });
  attempts.Gone("a");
  EXPECT_EQ(done, 0);
  attempts.Gone("b");
  EXPECT_EQ(done, 1);
}

TEST(FirstAttempts, LetsNobodyWaitOnceItIsClosed) {
  FirstAttempts attempts;
  int done = 0;
  const FirstAttempts::Ticket ticket = attempts.Wait({{1, "a"}, {2, "b"}}, [&] { ++done; });
  attempts.Close();
  EXPECT_EQ(done, 1);
  attempts.Wait({{3, "a"}}, [&] { ++done; });
  EXPECT_EQ(done, 2);
  attempts.Attempted(1);
  attempts.Expire(ticket);
  EXPECT_EQ(done, 2);
}

}  // namespace
}  // namespace herald
