#include "src/core/i_regexp.h"

#include <gtest/gtest.h>

namespace herald {
namespace {

TEST(IRegexp, TranslatesToRe2) {
  static constexpr struct {
    const char* pattern;
    const char* re2;
  } kCases[] = {
      {"", ""},
      {"abc", "abc"},
      {"a.c", "a[^\\n\\r]c"},
      {"a\\.c", "a\\.c"},
      {"a\\\\.c", "a\\\\[^\\n\\r]c"},
      {"[.]", "[.]"},
      {"[\\].]", "[\\].]"},
      {"\\[.", "\\[[^\\n\\r]"},
      {"^a$", "^a$"},
      {"a|", "a|"},
      {"(a|b)*c+d?", "(a|b)*c+d?"},
      {"()", "()"},
      {"a{2}b{2,}c{2,3}", "a{2}b{2,}c{2,3}"},
      {"\\p{Lu}\\P{L}", "\\p{Lu}\\P{L}"},
      {"[\\p{Nd}x]", "[\\p{Nd}x]"},
      {"[-a-c-]", "[-a-c-]"},
      {"[^-]", "[^-]"},
      {"[^^]", "[^^]"},
      {"\\n\\r\\t\\(\\)\\*\\+\\-\\?\\^\\{\\|\\}", "\\n\\r\\t\\(\\)\\*\\+\\-\\?\\^\\{\\|\\}"},
      {"☺𝄞", "☺𝄞"},
      {"[☺-𝄞]", "[☺-𝄞]"},
      {"a,b-c\"'/", "a,b-c\"'/"},
  };
  for (const auto& [pattern, re2] : kCases) {
    EXPECT_EQ(IRegexpToRe2(pattern).value_or("refused"), re2) << pattern;
    EXPECT_TRUE(CompileIRegexp(pattern, 1 << 20).has_value()) << pattern;
  }
}

TEST(IRegexp, RefusesWhatIsNone) {
  for (const char* pattern :
       {"\\d",  "\\w",        "\\s",         "\\b",     "\\A",        "\\z",   "\\Q",     "\\x41", "\\u0041", "\\1",
        "\\$",  "\\/",        "\\",          "(?:a)",   "(?i)a",      "(?=a)", "(?<n>a)", "a*?",   "a+?",     "a??",
        "a**",  "a{2}?",      "a{2}{3}",     "a{,3}",   "a{}",        "a{x}",  "a{2",     "{2}",   "*a",      "|*",
        "(*)",  "(",          ")",           "a)",      "(a",         "[",     "[a",      "[]",    "[^]",     "[]a]",
        "]",    "}",          "[[:alpha:]]", "[a-b-c]", "[a-\\p{L}]", "[\\d]", "[a[b]",   "\\p",   "\\p{",    "\\p{}",
        "\\pL", "\\p{Latin}", "\\p{Lx}",     "\\p{l}",  "\\p{LuX}",   "\xff",  "[\xff]"}) {
    EXPECT_EQ(IRegexpToRe2(pattern), std::nullopt) << pattern;
  }
}

TEST(IRegexp, LeavesToRe2WhatItRefuses) {
  for (const char* pattern : {"[b-a]", "a{3,2}", "a{1001}", "((a{100}){100}){100}", "\\p{Cn}"}) {
    EXPECT_TRUE(IRegexpToRe2(pattern).has_value()) << pattern;
    EXPECT_FALSE(CompileIRegexp(pattern, 1 << 20).has_value()) << pattern;
  }
}

TEST(IRegexp, BoundsTheMemory) {
  const std::string pattern = "(\\p{L}|\\p{N}){50}";
  EXPECT_TRUE(CompileIRegexp(pattern, 8 << 20).has_value());
  EXPECT_FALSE(CompileIRegexp(pattern, 1 << 16).has_value());
}

}  // namespace
}  // namespace herald
