#include "src/base/id.h"

#include <gtest/gtest.h>

namespace herald {
namespace {

TEST(Id, ComesBackFromItsText) {
  for (uint64_t number : {uint64_t{0}, uint64_t{1}, uint64_t{31}, uint64_t{32}, uint64_t{1} << 63, UINT64_MAX}) {
    EXPECT_EQ(DecodeId(EncodeId(number)), number);
  }
}

TEST(Id, SortsAsItsNumber) {
  EXPECT_LT(EncodeId(9), EncodeId(10));
  EXPECT_LT(EncodeId(31), EncodeId(32));
  EXPECT_LT(EncodeId(1023), EncodeId(1024));
}

TEST(Id, RefusesWhatItDoesNotMake) {
  for (const char* text : {"", "0", "00000000000000", "000000000000A", "000000000000u", "g000000000000"}) {
    EXPECT_EQ(DecodeId(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace herald
