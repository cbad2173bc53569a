#include "src/core/json_number.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace herald {
namespace {

int Compared(const std::string& a, const std::string& b) {
  const int compared = CompareNumbers(JsonValue::Number(NearestDouble(a), a), JsonValue::Number(NearestDouble(b), b));
  return (compared > 0) - (compared < 0);
}

TEST(JsonNumber, KnowsTheGrammar) {
  for (const char* text : {"0", "-0", "1", "-12", "1.0", "0.50", "1e2", "1E+2", "1.5e-20", "1e400"}) {
    EXPECT_TRUE(IsJsonNumber(text)) << text;
  }
  for (const char* text :
       {"", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "1e1.5", " 1", "1 ", "0x1", "NaN", "1,0", "1f"}) {
    EXPECT_FALSE(IsJsonNumber(text)) << text;
  }
}

TEST(JsonNumber, ComparesByValueAndNotByDouble) {
  // Each is less than the next.
  static const std::vector<std::string> kAscending = {
      "-1e400",
      "-1e399",
      "-18446744073709551617",
      "-18446744073709551616",
      "-1.5",
      "-1e-400",
      "0",
      "1e-401",
      "1e-400",
      "0.1",
      "0.10000000000000000001",
      "1",
      "1.0000000000000000000000001",
      "9007199254740992",
      "9007199254740992.1",
      "9007199254740993",
      "123456789012345678901234567890",
      "123456789012345678901234567891",
      "1e400",
      "1.1e400",
      "1e401",
  };
  for (size_t i = 0; i < kAscending.size(); ++i) {
    for (size_t j = 0; j < kAscending.size(); ++j) {
      EXPECT_EQ(Compared(kAscending[i], kAscending[j]), (i > j) - (i < j)) << kAscending[i] << " " << kAscending[j];
    }
  }
}

TEST(JsonNumber, EqualValuesAreEqualHoweverWritten) {
  static const std::vector<std::vector<std::string>> kEqual = {
      {"0", "-0", "0.0", "0e5", "-0.000e-7", "0e999999999999999999999"},
      {"1", "1.0", "1.000", "1e0", "10e-1", "0.1e1", "1E+0"},
      {"100", "1e2", "1.00E2", "1000e-1"},
      {"9007199254740993", "9007199254740993.0", "9.007199254740993e15"},
      {"1e400", "10e399", "0.1e401"},
      {"-0.05", "-5e-2"},
  };
  for (const auto& group : kEqual) {
    for (const auto& a : group) {
      for (const auto& b : group) EXPECT_EQ(Compared(a, b), 0) << a << " " << b;
    }
  }
}

TEST(JsonNumber, AgreesWithIntegersOnEveryPair) {
  const std::vector<int64_t> numbers = {-1000, -999, -100, -11, -10, -9, -1, 0, 1, 9, 10, 11, 99, 100, 101, 999, 1000};
  for (const int64_t a : numbers) {
    for (const int64_t b : numbers) {
      // A long fraction of zeros keeps both off the short cut.
      EXPECT_EQ(Compared(absl::StrCat(a, ".00000000000000000000"), absl::StrCat(b, "0000e-4")), (a > b) - (a < b));
    }
  }
}

TEST(JsonNumber, ComparesNumbersMadeWithoutCharacters) {
  const JsonValue two = JsonValue::Number(2, "");
  EXPECT_EQ(CompareNumbers(two, JsonValue::Number(2, "2.0")), 0);
  EXPECT_EQ(CompareNumbers(two, JsonValue::Number(2, "0.2e1")), 0);
  EXPECT_LT(CompareNumbers(two, JsonValue::Number(2, "2.00000000000000000000001")), 0);
}

}  // namespace
}  // namespace herald
