#include "src/base/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace herald {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string RoundTrip(absl::string_view text) {
  const auto document = JsonDocument::Parse(text);
  return document.ok() ? ToJson(document->root()) : std::string(document.status().message());
}

TEST(Json, NumbersKeepTheirCharacters) {
  for (const char* text :
       {"0", "-0", "1.50", "1696263265.851898000", "1E5", "9007199254740993", "18446744073709551616", "1e400"}) {
    EXPECT_EQ(RoundTrip(text), text);
  }
}

TEST(Json, NumbersHaveTheNearestDouble) {
  EXPECT_EQ(JsonDocument::Parse("1696263265.851898")->root().number(), 1696263265.851898);
  EXPECT_TRUE(std::signbit(JsonDocument::Parse("-0")->root().number()));
  EXPECT_EQ(JsonDocument::Parse("0.1")->root().number(), 0.1);
}

TEST(Json, WritesCompactInTheOrderOfTheDocument) {
  EXPECT_EQ(RoundTrip(R"( { "b" : [ 1 , { } , [ ] ] , "a" : "x\/\u0041\n" } )"), R"({"b":[1,{},[]],"a":"x/A\n"})");
}

TEST(Json, CanonicalFormSortsMembersAtEveryLevel) {
  const auto document = JsonDocument::Parse(R"({"b":{"z":1,"a":2},"a":[{"d":1,"c":2}]})");
  std::string canonical;
  AppendCanonicalJson(document->root(), &canonical);
  EXPECT_EQ(canonical, R"({"a":[{"c":2,"d":1}],"b":{"a":2,"z":1}})");
}

TEST(Json, EscapesOnlyWhatItMust) {
  std::string out;
  AppendJsonString(absl::string_view("\"\\\b\f\n\r\t\x01\0é/", 12), &out);
  EXPECT_EQ(out, "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u0000é/\"");
}

TEST(Json, LastOfTwoEqualNamesCounts) { EXPECT_EQ(RoundTrip(R"({"a":1,"b":2,"a":3})"), R"({"b":2,"a":3})"); }

TEST(Json, RefusesDuplicateNamesWhereAsked) {
  const auto document = JsonDocument::Parse(R"({"x":{"a":1,"a":2}})", {.refuse_duplicate_names = true});
  EXPECT_THAT(document.status().message(), HasSubstr(R"(the name "a" comes twice)"));
}

TEST(Json, PointsAtTheSecondOfTwoEqualNames) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"x":{"a":1,"a":2}})", "line 1, column 13: the name \"a\""},
      {"{\n  \"a\": \"b\",\n  \"b\" : {\"a\": \"a\"},\n  \"a\": 2,\n  \"z\": 0\n}", "line 4, column 3: the name \"a\""},
      {R"({"z":1,"b":1,"z":2,"a":1,"b":2,"a":2})", "line 1, column 14: the name \"z\""},
      {R"({"q\"":"\\","\u0061":[":"],"a":2})", "line 1, column 28: the name \"a\""},
  };
  for (const auto& [text, sentence] : cases) {
    const auto document = JsonDocument::Parse(text, {.refuse_duplicate_names = true});
    EXPECT_THAT(std::string(document.status().message()), StartsWith(sentence)) << text;
  }
}

TEST(Json, SaysWhereTheTextIsWrong) {
  EXPECT_THAT(RoundTrip("{\n  \"a\": }"), HasSubstr("line 2, column 8: not JSON"));
  EXPECT_THAT(RoundTrip("1 2"), HasSubstr("line 1, column 3"));
}

TEST(Json, RefusesWhatIsNotJson) {
  for (const char* text :
       {"", " ", "{'a':1}", "[1,]", "01", "+1", ".5", "NaN", "nul", "\"\xff\"", "\"\\ud800\"", "\"a\nb\"", "//x\n1"}) {
    EXPECT_FALSE(JsonDocument::Parse(text).ok()) << text;
  }
}

TEST(Json, BoundsTheDepth) {
  const std::string deepest = std::string(32, '[') + std::string(32, ']');
  EXPECT_TRUE(JsonDocument::Parse(deepest).ok());
  EXPECT_THAT(RoundTrip("[" + deepest + "]"), HasSubstr("more than 32 levels"));
  EXPECT_FALSE(JsonDocument::Parse(std::string(1000000, '[')).ok());
}

TEST(Json, ValuesOutliveAMoveOfTheirDocument) {
  absl::StatusOr<JsonDocument> document = JsonDocument::Parse(R"({"a":"text"})");
  const JsonValue root = document->root();
  const JsonDocument moved = *std::move(document);
  EXPECT_EQ(root.Find("a")->string(), "text");
}

}  // namespace
}  // namespace herald
