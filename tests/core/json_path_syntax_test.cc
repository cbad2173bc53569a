// What is a JSONPath, and what is none: RFC 9535, appendix A, and the rules beside the grammar.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_replace.h"
#include "tests/core/json_path_testing.h"

namespace herald {
namespace {

using ::testing::HasSubstr;

void ExpectValid(std::initializer_list<const char*> queries) {
  for (const char* query : queries)
    EXPECT_TRUE(JsonPath::Compile(query).ok()) << query << "\n" << JsonPath::Compile(query).status();
}
void ExpectInvalid(std::initializer_list<const char*> queries) {
  for (const char* query : queries) EXPECT_FALSE(JsonPath::Compile(query).ok()) << query;
}

TEST(JsonPathSyntax, Segments) {
  ExpectValid({"$", "$.a", "$._", "$.a1_B", "$.é☺𝄞", "$.*", "$..a", "$..*", "$..[0]", "$..['a','b']", "$['a']",
               "$[\"a\"]", "$[0]['a'][*].b", "$.a..b[1:2]..*", "$.true", "$.null", "$.length"});
  ExpectInvalid({"",        "a",      ".a",         "@",    "@.a",   "$.",     "$..",     "$...a",  "$.1",   "$.a-b",
                 "$.a.",    "$a",     "$$",         "$.$",  "$.&",   "$.'a'",  "$.\"a\"", "$.[0]",  "$.a b", "$[]",
                 "$[",      "$]",     "$[a]",       "$[0",  "$[0]]", "$[[0]]", "$['a'",   "$[,]",   "$[0,]", "$[,0]",
                 "$[0,,1]", "$[0 1]", "$['a'.'b']", "$.**", "$.*a",  "$[**]",  "$..a..",  "$.a[?]", "$(@)",  "$.a()"});
}

TEST(JsonPathSyntax, BlanksGoBetweenTokensOnly) {
  ExpectValid({"$ .a",
               "$\t['a']",
               "$\n..a",
               "$\r.a \n.b",
               "$[ 0 ]",
               "$[\n'a'\t,\r'b' ]",
               "$[ * ]",
               "$[ 1 : 2 : 3 ]",
               "$[ : : ]",
               "$[ ? @.a ]",
               "$[?(  @.a  )]",
               "$[? ! @.a]",
               "$[?! (@.a)]",
               "$[?@ .a]",
               "$[?@ [0] ]",
               "$[?$\n.a]",
               "$[?@.a == 1]",
               "$[?@.a\n<=\t1]",
               "$[?@.a  &&  @.b\r||\n@.c]",
               "$[?count( @.* )>1]",
               "$[?match( @.a , 'x' )]",
               "$[?@[ 'a' ] == 1]",
               "$[?@[ 0 ] == 1]",
               "$..[ 0 ]"});
  ExpectInvalid({" $",
                 "$ ",
                 "\n$",
                 "$.a ",
                 "$. a",
                 "$.. a",
                 "$.\ta",
                 "$..\n*",
                 "$. *",
                 "$.a\n",
                 "$[0] ",
                 "$. [0]",
                 "$.. [0]",
                 "$[?count (@.*)>1]",
                 "$[?match\t(@.a,'x')]",
                 "$[?@.a = = 1]",
                 "$[?@.a & & @.b]",
                 "$[?@.a | | @.b]",
                 "$[?@.a ! = 1]",
                 "$[?@.a < = 1]",
                 "$[- 1]",
                 "$[1 2:3]",
                 "$[1:- 2]",
                 "$[?@.a==- 1]",
                 "$[?@.a==1 .0]",
                 "$[?@.a==1 e2]",
                 "$[?@.a==1e 2]",
                 "$[?@. a]",
                 "$[?@.. a]",
                 "$[?tr ue==@.a]",
                 "$\v.a",
                 "$\f.a",
                 "$\xC2\xA0.a",
                 "$[\u00A00]",
                 "$[\v0]"});
}

TEST(JsonPathSyntax, EveryBlankWhereOneMayBe) {
  for (const char* blank : {"", " ", "\t", "\n", "\r", " \t\r\n"}) {
    for (const char* form :
         {"$_.a", "$_['a']_[0]", "$[_0_,_1_]", "$[_1_:_2_:_3_]", "$[_?_@_.a_]", "$[?_!_(_@.a_)_]",
          "$[?@.a_==_'x'_&&_@.b_>=_2_||_$_.c]", "$[?search(_@.a_,_'x'_)]", "$[?length(_@_[0]_)_<_1]"}) {
      const std::string query = absl::StrReplaceAll(form, {{"_", blank}});
      EXPECT_TRUE(JsonPath::Compile(query).ok()) << query;
    }
    if (*blank == '\0') continue;
    for (const char* form : {"_$", "$_", "$.a_", "$._a", "$.._a", "$.._*", "$.._[0]", "$[-_1]", "$[?@._a]",
                             "$[?length_(@)>1]", "$[?@.a=_=1]", "$[?@.a&_&@.b]", "$[?@.a|_|@.b]", "$[?@.a==1_0]"}) {
      const std::string query = absl::StrReplaceAll(form, {{"_", blank}});
      EXPECT_FALSE(JsonPath::Compile(query).ok()) << query;
    }
  }
}

TEST(JsonPathSyntax, IntegersOfIndexesAndSlices) {
  ExpectValid({"$[0]", "$[-1]", "$[10]", "$[9007199254740991]", "$[-9007199254740991]", "$[9007199254740991::]",
               "$[:-9007199254740991:]", "$[::9007199254740991]", "$[::-9007199254740991]", "$[0:0:0]"});
  ExpectInvalid({"$[-0]",
                 "$[00]",
                 "$[01]",
                 "$[-01]",
                 "$[+1]",
                 "$[1.0]",
                 "$[1e0]",
                 "$[1E2]",
                 "$[--1]",
                 "$[-]",
                 "$[0x1]",
                 "$[9007199254740992]",
                 "$[-9007199254740992]",
                 "$[99999999999999999999999999]",
                 "$[:9007199254740992]",
                 "$[::9007199254740992]",
                 "$[::-9007199254740992]",
                 "$[-0:]",
                 "$[:-0]",
                 "$[::-0]",
                 "$[01:]",
                 "$[:01]",
                 "$[::01]",
                 "$[1:2:3:4]",
                 "$[:::]",
                 "$['a':1]",
                 "$[1:'a']",
                 "$[*:1]",
                 "$[1:+2]",
                 "$[1:2.0]",
                 "$[1:2:1e1]"});
}

TEST(JsonPathSyntax, StringLiterals) {
  ExpectValid({R"($[''])", R"($[""])", R"($['"'])", R"($["'"])", R"($['\''])", R"($["\""])", R"($['\b\f\n\r\t\/\\'])",
               R"($["\b\f\n\r\t\/\\"])", R"($['\u0000'])", R"($['\u263A\u263a'])", R"($['\uD834\uDD1E'])",
               R"($['\ud7ff\ue000'])", "$[' ']", "$['\x7f']", "$['☺𝄞']", "$['$[?@.a]']"});
  ExpectInvalid({R"($['a)",
                 R"($["a)",
                 R"($['a"])",
                 R"($['\'])",
                 R"($['\"'])",
                 R"($["\'"])",
                 R"($['\a'])",
                 R"($['\x41'])",
                 R"($['\0'])",
                 R"($['\U0041'])",
                 R"($['\u'])",
                 R"($['\u12'])",
                 R"($['\u123g'])",
                 R"($['\u+123'])",
                 R"($['\u{1234}'])",
                 R"($['\uD800'])",
                 R"($['\uD800x'])",
                 R"($['\uD800\u0041'])",
                 R"($['\uD800\uD800'])",
                 R"($['\uDC00'])",
                 R"($['\uDC00\uD800'])",
                 R"($['\uD800\uDC0'])",
                 R"($['\uD800\n'])",
                 R"($['\uD800𝄞'])",
                 "$['\n']",
                 "$['\t']",
                 "$['\x01']",
                 "$['\x1f']",
                 "$['a''b']",
                 "$['a' 'b']"});
  EXPECT_FALSE(JsonPath::Compile(absl::string_view("$['\0']", 6)).ok());
}

TEST(JsonPathSyntax, QueriesAreUtf8) { ExpectInvalid({"$.\xff", "$['\xC0\x80']", "$['\xED\xA0\x80']", "$.a\xE2\x98"}); }

TEST(JsonPathSyntax, NumberLiterals) {
  ExpectValid({"$[?@==0]", "$[?@==-0]", "$[?@==-0.0]", "$[?@==1.50]", "$[?@==1e2]", "$[?@==1E2]", "$[?@==1e+2]",
               "$[?@==1e-2]", "$[?@==1.5e-02]", "$[?@==0e0]", "$[?@==1e400]", "$[?@==123456789012345678901234567890]",
               "$[?1==@]"});
  ExpectInvalid({"$[?@==00]",    "$[?@==01]",    "$[?@==-01]",      "$[?@==+1]",  "$[?@==.5]",
                 "$[?@==-.5]",   "$[?@==1.]",    "$[?@==1.e1]",     "$[?@==1e]",  "$[?@==1e+]",
                 "$[?@==1e+-1]", "$[?@==1eE1]",  "$[?@==1e1.5]",    "$[?@==-]",   "$[?@==--1]",
                 "$[?@==0x10]",  "$[?@==1_000]", "$[?@==Infinity]", "$[?@==NaN]", "$[?@==1.2.3]"});
}

TEST(JsonPathSyntax, OtherLiteralsAreLowerCase) {
  ExpectValid({"$[?@==true]", "$[?@==false]", "$[?@==null]", "$[?true==true]", "$[?'a'<\"b\"]"});
  ExpectInvalid({"$[?@==True]", "$[?@==FALSE]", "$[?@==Null]", "$[?@==nil]", "$[?@==undefined]", "$[?@==truex]",
                 "$[?@==true1]", "$[?@==[]]", "$[?@=={}]", "$[?@==['a']]"});
}

TEST(JsonPathSyntax, LogicalExpressions) {
  ExpectValid({"$[?@]", "$[?$]", "$[?@.a]", "$[?!@.a]", "$[?(@.a)]", "$[?((((@.a))))]", "$[?!(@.a)]", "$[?!(!(@.a))]",
               "$[?@.a&&@.b||@.c&&!@.d]", "$[?(@.a||@.b)&&@.c]", "$[?!(@.a==1)&&@.b]", "$[?@.a,?@.b]", "$[?@.a,0,*]",
               "$[?@[?@.a]]", "$[?@[?@[?@>1]]]", "$[?@..a]", "$[?@[0:1]]", "$[?@[0,1]]"});
  ExpectInvalid({"$[?]",
                 "$[??@.a]",
                 "$[?@.a]]",
                 "$[?(@.a]",
                 "$[?@.a)]",
                 "$[?()]",
                 "$[?!]",
                 "$[?!!@.a]",
                 "$[?! !@.a]",
                 "$[?@.a&&]",
                 "$[?&&@.a]",
                 "$[?@.a||]",
                 "$[?@.a&@.b]",
                 "$[?@.a|@.b]",
                 "$[?@.a and @.b]",
                 "$[?not @.a]",
                 "$[?@.a @.b]",
                 "$[?@.a,]",
                 "$[?a]",
                 "$[?.a]",
                 "$[?'a']",
                 "$[?1]",
                 "$[?true]",
                 "$[?null]",
                 "$[?(true)]",
                 "$[?!true]",
                 "$[?true&&@.a]",
                 "$[?@.a||false]",
                 "$[?(1==1)==true]",
                 "$[?(@.a)==1]",
                 "$[?1==(@.a)]",
                 "$[?!@.a==1]",
                 "$[?!1==1]",
                 "$[?1==!@.a]",
                 "$[?@.a=1]",
                 "$[?@.a===1]",
                 "$[?@.a!==1]",
                 "$[?@.a<>1]",
                 "$[?@.a=>1]",
                 "$[?@.a=~'x']",
                 "$[?@.a==1==1]",
                 "$[?1<@.a<3]",
                 "$[?@.a==]",
                 "$[?==1]",
                 "$[?@.a in [1]]",
                 "$[?@.a+1==2]",
                 "?@.a",
                 "$.?@.a",
                 "$?@.a"});
}

TEST(JsonPathSyntax, OnlySingularQueriesAreCompared) {
  ExpectValid({"$[?@==@]", "$[?@.a==$.b]", "$[?@['a'][0].b==1]", "$[?@[-1]==1]", "$[?1==$[0]]"});
  for (const char* query : {"@.*", "@[*]", "@..a", "@..[0]", "@[0,1]", "@['a','b']", "@['a','a']", "@[0:1]", "@[:]",
                            "@[::2]", "@[?@.a]", "@.a[*]", "@[*].a", "$.*", "$..a", "$[0,0]", "$[0:0]"}) {
    for (const char* comparison : {"==", "!=", "<", "<=", ">", ">="}) {
      const std::string left = absl::StrCat("$[?", query, comparison, "1]");
      const std::string right = absl::StrCat("$[?1", comparison, query, "]");
      EXPECT_THAT(Selected(left, "1"), HasSubstr("several nodes")) << left;
      EXPECT_THAT(Selected(right, "1"), HasSubstr("several nodes")) << right;
    }
  }
}

TEST(JsonPathSyntax, FunctionsAreWellTyped) {
  ExpectValid({"$[?length(@)>1]",          "$[?length(@.a[0])>1]",       "$[?length('abc')==3]",
               "$[?length(1)==1]",         "$[?length(null)==1]",        "$[?1<length(@)]",
               "$[?length(value(@.*))>1]", "$[?length(length(@))>1]",    "$[?length(count(@.*))>1]",
               "$[?count(@)==1]",          "$[?count(@..*)==1]",         "$[?count($[?@.a])==1]",
               "$[?value(@..a)==1]",       "$[?value(@.a)==value(@.b)]", "$[?match(@,'a')]",
               "$[?!match(@,'a')]",        "$[?(match(@,'a'))]",         "$[?match(@.a,$.b)&&search(@.b,@.c)]",
               "$[?match('a','a')]",       "$[?match(1,true)]",          "$[?match(value(@..a),value(@..b))]",
               "$[?search(@,'[')]"});
  ExpectInvalid({"$[?length(@)]",
                 "$[?!length(@)]",
                 "$[?length(@)&&@.a]",
                 "$[?count(@.*)]",
                 "$[?value(@.a)]",
                 "$[?(count(@.*))]",
                 "$[?match(@,'a')==true]",
                 "$[?true==match(@,'a')]",
                 "$[?match(@,'a')==match(@,'b')]",
                 "$[?search(@,'a')!=false]",
                 "$[?length()==1]",
                 "$[?length(@,@)==1]",
                 "$[?count()==1]",
                 "$[?count(@,@)==1]",
                 "$[?value()==1]",
                 "$[?value(@,@)==1]",
                 "$[?match()]",
                 "$[?match(@)]",
                 "$[?match(@,'a','b')]",
                 "$[?search(@)]",
                 "$[?search(@,'a',1)]",
                 "$[?length(@.*)==1]",
                 "$[?length(@..a)==1]",
                 "$[?length(@[0,1])==1]",
                 "$[?length(match(@,'a'))==1]",
                 "$[?length(@.a==1)==1]",
                 "$[?length(!@.a)==1]",
                 "$[?length((@))==1]",
                 "$[?count(1)==1]",
                 "$[?count('a')==1]",
                 "$[?count(true)==1]",
                 "$[?count(value(@))==1]",
                 "$[?count(@.a&&@.b)==1]",
                 "$[?value(1)==1]",
                 "$[?value(count(@))==1]",
                 "$[?match(@.*,'a')]",
                 "$[?match(@,@.*)]",
                 "$[?search(@..a,'a')]",
                 "$[?match(search(@,'a'),'a')]",
                 "$[?match((@),'a')]",
                 "$[?length(@==1]",
                 "$[?length(@,)==1]",
                 "$[?length(,@)==1]",
                 "$[?length(@ @)==1]",
                 "$[?Length(@)==1]",
                 "$[?LENGTH(@)==1]",
                 "$[?len(@)==1]",
                 "$[?foo(@)]",
                 "$[?true(@)]",
                 "$[?_length(@)==1]",
                 "$[?length2(@)==1]",
                 "$[?(@)==1]",
                 "$.length()",
                 "$[length(@)]",
                 "length($)"});
}

TEST(JsonPathSyntax, ErrorsSayWhereAndWhatIsAllowed) {
  static constexpr struct {
    const char* query;
    const char* error;
  } kCases[] = {
      {"", "position 1: expected $, with which every path starts, found the end"},
      {"data.x", "position 1: expected $, with which every path starts, found \"data.x\""},
      {"$.data.", "position 8: expected a name or * (other names are written ['…']), found the end"},
      {"$.a-b", "position 4: expected . or [ or the end (names with other characters: ['…']), found \"-b\""},
      {"$[x]", "position 3: expected a selector: 'name', *, an index, a slice or ?filter, found \"x]\""},
      {"$[0", "position 4: expected , or ], found the end"},
      {"$['a", "position 3: a string without its closing quote"},
      {"$[007]", "position 3: an integer has no leading zero and is not -0"},
      {"$[9007199254740992]", "position 3: an integer is at most 9007199254740991 and at least -9007199254740991"},
      {"$[?@.a==1.]", "position 11: expected a digit after the decimal point, found \"]\""},
      {"$[?@.a=1]", "position 7: expected , or ], found \"=1]\""},
      {"$[?(@.a]", "position 8: expected &&, || or ), found \"]\""},
      {"$[?@.*==1]", "position 4: a query that may select several nodes has no one value"},
      {"$[?len(@)>1]", "position 4: no such function; there are length, count, match, search and value"},
      {"$[?match(@)]", "position 4: match() takes 2 arguments, not 1"},
      {"$[?length(@,@)>1]", "position 4: length() takes 1 argument, not 2"},
      {"$[?count(1)>1]", "position 10: the argument of this function is a query"},
      {"$[?true]", "position 4: a literal must be compared with something"},
      {"$[?count(@.*)]", "position 4: the result of this function must be compared"},
      {"$[?match(@,'a')==1]", "position 4: match() and search() are tests and have no value to compare"},
      {"$.\xff", "a path is UTF-8 text"},
  };
  for (const auto& [query, error] : kCases) EXPECT_EQ(Selected(query, "1"), error) << query;
}

TEST(JsonPathSyntax, LengthAndNestingAreBounded) {
  EXPECT_TRUE(JsonPath::Compile("$." + std::string(1022, 'a')).ok());
  EXPECT_EQ(Selected("$." + std::string(1023, 'a'), "1"), "a path has at most 1024 bytes; this one has 1025");
  const auto nested = [](int levels, const std::string& open, const std::string& close) {
    std::string query = "$[?";
    for (int i = 1; i < levels; ++i) query += open;
    query += "@";
    for (int i = 1; i < levels; ++i) query += close;
    return query + "]";
  };
  const JsonPathLimits large = {.query_bytes_max = 1 << 20};
  for (const auto& [open, close] : {std::pair("(", ")"), std::pair("!(", ")"), std::pair("@[?", "]")}) {
    EXPECT_TRUE(JsonPath::Compile(nested(50, open, close)).ok()) << open;
    EXPECT_THAT(Selected(nested(51, open, close), "1"), HasSubstr("more than 50 levels of nesting")) << open;
    EXPECT_FALSE(JsonPath::Compile(nested(100000, open, close), large).ok()) << open;
  }
  EXPECT_THAT(Selected(nested(100000, "length(", ")"), "1", large), HasSubstr("more than 50 levels of nesting"));
}

}  // namespace
}  // namespace herald
