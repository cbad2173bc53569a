#include "src/core/condition_explanation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/condition_testing.h"

namespace herald {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;
using F = v1::Filter;

Condition::Explanation Explained(absl::string_view path, F::Operator op, const std::vector<std::string>& values,
                                 absl::string_view document) {
  return CompileOrDie(MakeFilter(path, op, values)).Explain(JsonDocument::Parse(document)->root());
}

TEST(ConditionExplanation, SaysWhatWasSeenAndWhatWasWanted) {
  static const std::tuple<const char*, F::Operator, std::vector<std::string>, const char*, std::string> kCases[] = {
      {"$.env", F::IN, {"production"}, R"({"env":"staging"})", R"($.env is "staging", not one of "production")"},
      {"$.env", F::IN, {"production"}, R"({"env":"production"})", R"($.env is "production", one of "production")"},
      {"$.env", F::IN, {"a", "b"}, R"({"env":"c"})", R"($.env is "c", not one of "a" or "b")"},
      {"$.env", F::IN, {"a", "b", "c"}, R"({"env":7})", R"($.env is 7, not one of "a", "b" or "c")"},
      {"$.env", F::IN, {"a", "b", "c", "d"}, R"({"env":null})", R"($.env is null, not one of "a", "b", "c" or more)"},
      {"$.env", F::IN, {"a"}, R"({})", "$.env selects nothing"},
      {"$.env", F::NOT_IN, {"a"}, R"({})", "$.env selects nothing"},
      {"$.env", F::NOT_IN, {"a"}, R"({"env":"a"})", R"($.env is "a", one of "a")"},
      {"$.env", F::IN, {"a"}, R"({"env":["a"]})", R"($.env is an array, not one of "a"; write $.env[*] for its items)"},
      {"$.env",
       F::IN,
       {"a"},
       R"({"env":{"b":"a"}})",
       R"($.env is an object, not one of "a"; write $.env.* for its members)"},
      {"$.a[*]", F::IN, {"x"}, R"({"a":["p","q"]})", R"($.a[*] selects "p" and "q"; none is one of "x")"},
      {"$.a[*]", F::IN, {"q"}, R"({"a":["p","q"]})", R"($.a[*] selects "p" and "q"; "q" is one of "q")"},
      {"$.a[*]", F::IN, {"x"}, R"({"a":[1,2,3,4]})", R"($.a[*] selects 1, 2, 3 and more; none is one of "x")"},
      {"$.n", F::CONTAINS, {"a"}, R"({"n":5})", R"($.n is 5, which does not contain "a"; CONTAINS looks at strings)"},
      {"$.n", F::CONTAINS, {"a"}, R"({"n":"xay"})", R"($.n is "xay", which contains "a")"},
      {"$.n", F::STARTS_WITH, {"a"}, R"({"n":"b"})", R"($.n is "b", which does not start with "a")"},
      {"$.n", F::ENDS_WITH, {"a"}, R"({"n":"b"})", R"($.n is "b", which does not end with "a")"},
      {"$.n", F::MATCHES, {"^a"}, R"({"n":"b"})", R"($.n is "b", which does not match "^a")"},
      {"$.n", F::LESS_THAN, {"5"}, R"({"n":6})", R"($.n is 6, not less than "5")"},
      {"$.n", F::AT_LEAST, {"5"}, R"({"n":6})", R"($.n is 6, at least "5")"},
      {"$.n",
       F::AT_MOST,
       {"5"},
       R"({"n":"4"})",
       R"($.n is "4", not at most "5"; AT_MOST looks at numbers when its value is one)"},
      {"$.n",
       F::GREATER_THAN,
       {"2023-10-02T16:00:00Z"},
       R"({"n":4})",
       R"($.n is 4, not greater than "2023-10-02T16:00:00Z"; GREATER_THAN looks at RFC 3339 times when its value is one)"},
      {"$.n[*]", F::GREATER_THAN, {"5"}, R"({"n":[4,6]})", R"($.n[*] selects 4 and 6; 6 is greater than "5")"},
      {"$.n", F::EXISTS, {}, R"({"n":4})", "$.n selects 4"},
      {"$.n", F::EXISTS, {}, R"({})", "$.n selects nothing"},
      {"$.n", F::NOT_EXISTS, {}, R"({"n":4})", "$.n selects 4 and should select nothing"},
      {"$.n", F::NOT_EXISTS, {}, R"({})", "$.n selects nothing"},
  };
  for (const auto& [path, op, values, document, message] : kCases) {
    EXPECT_EQ(Explained(path, op, values, document).message, message);
  }
}

TEST(ConditionExplanation, SeenValuesAreText) {
  EXPECT_THAT(Explained("$[*]", F::IN, {"x"}, R"(["a\"b",1.50,true,null,[1,{"k":"v"}],{},[]])").seen,
              ElementsAre("a\"b", "1.50", "true", "null", R"([1,{"k":"v"}])", "{}", "[]"));
}

TEST(ConditionExplanation, SeenValuesAreBounded) {
  std::string document = "[\"" + std::string(300, 'a') + "\",[";
  for (int i = 0; i < 1000; ++i) document += "{\"name\":[0]},";
  document += "0]";
  for (int i = 0; i < 30; ++i) document += ",1";
  const auto seen = Explained("$[*]", F::IN, {"x"}, document + "]").seen;
  ASSERT_THAT(seen, SizeIs(16));
  EXPECT_EQ(seen[0], std::string(253, 'a') + "…");
  EXPECT_EQ(seen[1].size(), 256u);
  EXPECT_EQ(seen[1].substr(0, 24), R"([{"name":[0]},{"name":[0)");
}

TEST(ConditionExplanation, FindsTheMatchBeyondWhatItLists) {
  std::string document = "[0";
  for (int i = 1; i < 40; ++i) document += "," + std::to_string(i);
  const auto explanation = Explained("$[*]", F::IN, {"39"}, document + "]");
  EXPECT_TRUE(explanation.holds);
  EXPECT_EQ(explanation.message, R"($[*] selects 0, 1, 2 and more; 39 is one of "39")");
}

TEST(ConditionExplanation, SentencesStayShort) {
  const std::string long_text(5000, 'x');
  const std::vector<std::string> values(64, long_text);
  const std::string document = "{\"a\":[\"" + long_text + "\",\"" + long_text + "\"]}";
  EXPECT_LT(Explained("$.a[*]", F::MATCHES, values, document).message.size(), 600u);
  EXPECT_LT(Explained("$.a[0]" + std::string(200, ' ') + "..x", F::IN, values, document).message.size(), 600u);
}

}  // namespace
}  // namespace herald
