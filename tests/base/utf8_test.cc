#include "src/base/utf8.h"

#include <gtest/gtest.h>

namespace herald {
namespace {

std::string Encoded(uint32_t code_point) {
  std::string out;
  AppendCodePoint(code_point, &out);
  return out;
}

TEST(Utf8, TakesEveryCodePointAndNothingElse) {
  for (uint32_t code_point = 0; code_point <= 0x10FFFF; ++code_point) {
    const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
    const std::string text = Encoded(code_point);
    ASSERT_EQ(IsValidUtf8(text), !surrogate) << code_point;
    ASSERT_EQ(CountCodePoints(text), 1u) << code_point;
    ASSERT_FALSE(text.size() > 1 && IsValidUtf8(text.substr(0, text.size() - 1))) << code_point;
  }
  EXPECT_FALSE(IsValidUtf8(Encoded(0x110000)));
}

TEST(Utf8, RefusesOverlongFormsAndStrayBytes) {
  for (const char* text : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF", "\xF5\x80\x80\x80",
                           "\xFF", "\xE2\x82", "\xE2\x28\xA1", "a\xC3"}) {
    EXPECT_FALSE(IsValidUtf8(text)) << text;
  }
}

TEST(Utf8, TellsWhereItEnds) {
  EXPECT_EQ(ValidUtf8Bytes("a\xC3\xA9\xC3"), 3U);
  EXPECT_EQ(ValidUtf8Bytes("a\xC3\xA9"), 3U);
  EXPECT_EQ(ValidUtf8Bytes("\xFF"), 0U);
}

TEST(Utf8, CountsCodePointsNotBytes) {
  EXPECT_EQ(CountCodePoints(""), 0u);
  EXPECT_EQ(CountCodePoints("aé☺𝄞"), 4u);
}

TEST(Utf8, ShortensToWholeCodePoints) {
  EXPECT_EQ(Shortened("abcdef", 6), "abcdef");
  EXPECT_EQ(Shortened("abcdefg", 6), "abc…");
  EXPECT_EQ(Shortened("ab☺☺", 7), "ab…");
  EXPECT_EQ(Shortened("☺☺", 3), "…");
}

}  // namespace
}  // namespace herald
