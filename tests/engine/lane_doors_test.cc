#include "src/engine/lane_doors.h"

#include <gtest/gtest.h>

#include <string>

namespace herald {
namespace {

class LaneDoorsTest : public ::testing::Test {
 protected:
  LaneDoorsTest() : doors_({.lane_held_max = 2, .held_max = 3, .held_bytes_max = 100}) {}

  void Open(const std::string& lane) {
    doors_.BeginClaim(lane);
    doors_.EndClaim(lane, /*reached_end=*/true);
  }

  LaneDoors doors_;
};

TEST_F(LaneDoorsTest, IsShutUntilAClaimHasReachedTheEnd) {
  EXPECT_FALSE(doors_.Admit("a", 1)) << "who knows what the store holds";
  doors_.BeginClaim("a");
  doors_.EndClaim("a", /*reached_end=*/false);
  EXPECT_FALSE(doors_.Admit("a", 1));
  Open("a");
  EXPECT_TRUE(doors_.Admit("a", 1));
}

TEST_F(LaneDoorsTest, StaysShutWhenSomethingWasStoredBehindTheClaim) {
  doors_.BeginClaim("a");
  EXPECT_FALSE(doors_.Admit("a", 1)) << "in the same batch, after the claim";
  doors_.EndClaim("a", /*reached_end=*/true);
  EXPECT_FALSE(doors_.Admit("a", 1)) << "or it would overtake the one before";
  Open("a");
  EXPECT_TRUE(doors_.Admit("a", 1));
}

TEST_F(LaneDoorsTest, ShutsWhenTheLaneHoldsEnough) {
  Open("a");
  EXPECT_TRUE(doors_.Admit("a", 1));
  EXPECT_TRUE(doors_.Admit("a", 1));
  EXPECT_FALSE(doors_.Admit("a", 1));
  doors_.Left("a", 2, 2);
  EXPECT_FALSE(doors_.Admit("a", 1)) << "one waits in the store now, and goes first";
}

TEST_F(LaneDoorsTest, BoundsAllLanesTogether) {
  for (const char* lane : {"a", "b", "c"}) Open(lane);
  EXPECT_TRUE(doors_.Admit("a", 1));
  EXPECT_TRUE(doors_.Admit("a", 1));
  EXPECT_TRUE(doors_.Admit("b", 1));
  EXPECT_FALSE(doors_.Admit("c", 1));
  EXPECT_EQ(doors_.Reserve("c", 5), 0);
  doors_.Left("b", 1, 1);
  EXPECT_EQ(doors_.Reserve("c", 5), 1);
}

TEST(LaneDoors, GiveALaneAnEighthOfWhatIsFree) {
  LaneDoors doors({.lane_held_max = 2, .held_max = 80});
  const auto take_all = [&doors](const std::string& lane) {
    doors.BeginClaim(lane);
    doors.EndClaim(lane, /*reached_end=*/true);
    int taken = 0;
    while (doors.Admit(lane, 1)) ++taken;
    return taken;
  };
  EXPECT_EQ(take_all("a"), 9);
  EXPECT_EQ(take_all("b"), 8) << "less is free now";
  int lanes = 2;
  while (take_all("lane" + std::to_string(lanes)) > 2) ++lanes;
  EXPECT_GT(lanes, 10) << "many lanes that hang leave room for others";
  EXPECT_LT(doors.held(), 70);
}

TEST_F(LaneDoorsTest, BoundsTheBytes) {
  Open("a");
  EXPECT_TRUE(doors_.Admit("a", 60));
  EXPECT_FALSE(doors_.Admit("a", 60));
  doors_.Left("a", 1, 60);
  Open("a");
  EXPECT_TRUE(doors_.Admit("a", 60));
}

TEST_F(LaneDoorsTest, GivesBackRoomThatAClaimDidNotFill) {
  EXPECT_EQ(doors_.Reserve("a", 2), 2);
  doors_.Filled("a", /*reserved=*/2, /*count=*/1, /*bytes=*/10);
  EXPECT_EQ(doors_.Reserve("b", 5), 2);
}

TEST_F(LaneDoorsTest, WhatWasGivenBackShutsTheDoor) {
  Open("a");
  doors_.Shut("a");
  EXPECT_FALSE(doors_.Admit("a", 1));
  doors_.BeginClaim("a");
  doors_.Shut("a");
  doors_.EndClaim("a", /*reached_end=*/true);
  EXPECT_FALSE(doors_.Admit("a", 1)) << "given back after the claim had looked";
}

}  // namespace
}  // namespace herald
