// Every short text over a small alphabet: the parser takes exactly what the grammar of RFC 9535 takes. Over these
// alphabets the grammar is regular (parentheses are expanded to the depth that fits), so that RE2 can judge.

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/core/json_path.h"

namespace herald {
namespace {

constexpr char kBlanks[] = " *";

// Checks every sequence of at most `length_max` of `tokens` between `before` and `after`.
void CheckEvery(const std::vector<std::string>& tokens, int length_max, const std::string& before,
                const std::string& after, const std::string& grammar) {
  const RE2 valid(grammar);
  ASSERT_TRUE(valid.ok()) << valid.error();
  int accepted = 0;
  std::vector<std::string> shorter = {before};
  for (int length = 0; length <= length_max; ++length) {
    std::vector<std::string> longer;
    for (const std::string& text : shorter) {
      const std::string query = text + after;
      const bool expected = RE2::FullMatch(query, valid);
      ASSERT_EQ(JsonPath::Compile(query).ok(), expected) << query;
      accepted += expected ? 1 : 0;
      if (length == length_max) continue;
      for (const std::string& token : tokens) longer.push_back(text + token);
    }
    shorter = std::move(longer);
  }
  EXPECT_GT(accepted, 100);
}

TEST(JsonPathExhaustive, Selectors) {
  const std::string s = kBlanks;
  const std::string name = "a[a01]*";
  const std::string integer = "(?:0|-?1[01]*)";
  const std::string slice =
      absl::StrCat("(?:", integer, s, ")?:", s, "(?:", integer, s, ")?(?::", s, "(?:", integer, ")?)?");
  const std::string selector = absl::StrCat("(?:'[^']*'|\\*|", slice, "|", integer, ")");
  const std::string bracketed = absl::StrCat("\\[", s, selector, "(?:", s, ",", s, selector, ")*", s, "\\]");
  const std::string segment = absl::StrCat("(?:\\.\\.?(?:\\*|", name, ")|(?:\\.\\.)?", bracketed, ")");
  CheckEvery({"$", ".", "a", "0", "1", "*", "[", "]", ",", ":", "-", "'", " "}, 5, "$", "",
             absl::StrCat("\\$(?:", s, segment, ")*"));
}

TEST(JsonPathExhaustive, SelectorsInBrackets) {
  const std::string s = kBlanks;
  const std::string integer = "(?:0|-?[12][012]*)";
  const std::string slice =
      absl::StrCat("(?:", integer, s, ")?:", s, "(?:", integer, s, ")?(?::", s, "(?:", integer, ")?)?");
  const std::string selector = absl::StrCat("(?:\\*|", slice, "|", integer, ")");
  CheckEvery({"0", "1", "2", "*", ",", ":", "-", " "}, 6, "$[", "]",
             absl::StrCat("\\$\\[", s, selector, "(?:", s, ",", s, selector, ")*", s, "\\]"));
}

// A logical expression with parentheses up to `depth`.
std::string LogicalGrammar(int depth) {
  const std::string s = kBlanks;
  const std::string query = absl::StrCat("@(?:", s, "\\.a1*)*");
  const std::string operand = absl::StrCat("(?:", query, "|1+)");
  std::string basic = absl::StrCat(operand, s, "==", s, operand, "|(?:!", s, ")?", query);
  if (depth > 0) absl::StrAppend(&basic, "|(?:!", s, ")?\\(", s, LogicalGrammar(depth - 1), s, "\\)");
  basic = absl::StrCat("(?:", basic, ")");
  return absl::StrCat("(?:", basic, "(?:", s, "(?:&&|\\|\\|)", s, basic, ")*)");
}

TEST(JsonPathExhaustive, LogicalExpressions) {
  CheckEvery({"@", ".a", "!", "(", ")", "&&", "||", "==", "1", " "}, 5, "$[?", "]",
             absl::StrCat("\\$\\[\\?", kBlanks, LogicalGrammar(3), kBlanks, "\\]"));
}

TEST(JsonPathExhaustive, Numbers) {
  CheckEvery({"0", "1", "-", "+", ".", "e", "E", " "}, 6, "$[?@==", "]",
             "\\$\\[\\?@== *-?(?:0|1[01]*)(?:\\.[01]+)?(?:[eE][-+]?[01]+)? *\\]");
}

}  // namespace
}  // namespace herald
