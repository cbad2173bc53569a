// What JSONPaths select: RFC 9535, section 2, by tables.

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "tests/core/json_path_testing.h"

namespace herald {
namespace {

struct Case {
  const char* query;
  const char* document;
  const char* nodes;
};

void ExpectSelects(absl::Span<const Case> cases) {
  for (const Case& c : cases) EXPECT_EQ(Selected(c.query, c.document), c.nodes) << c.query << " on " << c.document;
}

TEST(JsonPathSemantics, Names) {
  ExpectSelects({
      {"$", "7", "[7]"},
      {"$", "null", "[null]"},
      {"$.a", R"({"a":null})", "[null]"},
      {"$.a", R"({"b":1})", "[]"},
      {"$.a", R"(["a"])", "[]"},
      {"$.a", R"("a")", "[]"},
      {"$['0']", R"(["a"])", "[]"},
      {"$.a.b.c", R"({"a":{"b":{"c":1}}})", "[1]"},
      {"$.a.b.c", R"({"a":{"b":[1]}})", "[]"},
      {"$['']", R"({"":1})", "[1]"},
      {"$['a','a','b']", R"({"a":1,"b":2})", "[1,1,2]"},
      {"$['b','a']", R"({"a":1,"b":2})", "[2,1]"},
      {R"($['\u263a'])", R"({"☺":1})", "[1]"},
      {R"($['\uD834\uDD1E'])", R"({"𝄞":1})", "[1]"},
      {R"($["\"'"])", R"({"\"'":1})", "[1]"},
      {R"($['\'"'])", R"({"'\"":1})", "[1]"},
      {R"($['\u0000'])", R"({"\u0000":1})", "[1]"},
      {"$.é", R"({"e\u0301":1,"\u00e9":2})", "[2]"},  // no Unicode normalization
      {"$.A", R"({"a":1})", "[]"},
  });
}

TEST(JsonPathSemantics, WildcardsAndIndexes) {
  ExpectSelects({
      {"$.*", R"({"b":1,"a":2})", "[1,2]"},
      {"$[*]", "[1,[2],null]", "[1,[2],null]"},
      {"$[*]", R"("abc")", "[]"},
      {"$[*,*]", "[1,2]", "[1,2,1,2]"},
      {"$[*][*]", "[[1,2],{\"a\":3},4]", "[1,2,3]"},
      {"$[0]", "[1,2]", "[1]"},
      {"$[1,0,1]", "[1,2]", "[2,1,2]"},
      {"$[2]", "[1,2]", "[]"},
      {"$[-1]", "[1,2]", "[2]"},
      {"$[-2]", "[1,2]", "[1]"},
      {"$[-3]", "[1,2]", "[]"},
      {"$[-1]", "[]", "[]"},
      {"$[0]", R"({"0":1})", "[]"},
      {"$[0]", R"("a")", "[]"},
      {"$[9007199254740991]", "[1]", "[]"},
      {"$[-9007199254740991]", "[1]", "[]"},
  });
}

TEST(JsonPathSemantics, Slices) {
  ExpectSelects({
      {"$[1:3]", "[0,1,2,3]", "[1,2]"},
      {"$[5:]", "[0,1]", "[]"},
      {"$[::-1]", "[0,1,2]", "[2,1,0]"},
      {"$[5:1:-2]", "[0,1,2,3,4,5,6]", "[5,3]"},
      {"$[::0]", "[0,1,2]", "[]"},
      {"$[1:2:0]", "[0,1,2]", "[]"},
      {"$[:]", R"({"a":1})", "[]"},
      {"$[:]", R"("abc")", "[]"},
      {"$[0:2,1:3]", "[0,1,2]", "[0,1,1,2]"},
      {"$[::9007199254740991]", "[0,1]", "[0]"},
      {"$[::-9007199254740991]", "[0,1]", "[1]"},
      {"$[-9007199254740991:9007199254740991]", "[0,1]", "[0,1]"},
      {"$[9007199254740991:-9007199254740991:-1]", "[0,1]", "[1,0]"},
  });
}

// The items of [0, …, size-1] that a slice selects, told one by one.
std::string NaiveSlice(int size, std::optional<int> start, std::optional<int> end, int step) {
  std::string out = "[";
  const auto from_front = [size](int position) { return position < 0 ? position + size : position; };
  const auto select = [&](int i) { absl::StrAppend(&out, out == "[" ? "" : ",", i); };
  if (step > 0) {
    int next = std::max(0, start ? from_front(*start) : 0);
    for (int i = 0; i < size; ++i) {
      if (i != next || (end && i >= from_front(*end))) continue;
      select(i);
      next += step;
    }
  } else if (step < 0) {
    int next = std::min(size - 1, start ? from_front(*start) : size - 1);
    for (int i = size - 1; i >= 0; --i) {
      if (i != next || (end && i <= from_front(*end))) continue;
      select(i);
      next += step;
    }
  }
  return out + "]";
}

TEST(JsonPathSemantics, EverySmallSliceIsAsANaiveOne) {
  std::vector<std::optional<int>> bounds = {std::nullopt};
  for (int i = -6; i <= 6; ++i) bounds.emplace_back(i);
  const auto text = [](std::optional<int> bound) { return bound ? absl::StrCat(*bound) : std::string(); };
  for (const char* document : {"[]", "[0]", "[0,1]", "[0,1,2,3,4]"}) {
    const int size = static_cast<int>(JsonDocument::Parse(document)->root().items().size());
    for (const auto start : bounds) {
      for (const auto end : bounds) {
        for (int step = -6; step <= 6; ++step) {
          const std::string query = absl::StrCat("$[", text(start), ":", text(end), ":", step, "]");
          ASSERT_EQ(Selected(query, document), NaiveSlice(size, start, end, step)) << query << " on " << document;
        }
      }
    }
  }
}

TEST(JsonPathSemantics, Descendants) {
  ExpectSelects({
      {"$..a", R"({"a":{"a":1},"b":[{"a":2},{"c":{"a":3}}]})", R"([{"a":1},1,2,3])"},
      {"$..*", R"({"o":{"j":1,"k":2},"a":[5,3,[{"j":4},{"k":6}]]})",
       R"([{"j":1,"k":2},[5,3,[{"j":4},{"k":6}]],1,2,5,3,[{"j":4},{"k":6}],{"j":4},{"k":6},4,6])"},
      {"$..[0]", "[[1,[2]],[3]]", "[[1,[2]],1,2,3]"},
      {"$..[0,-1]", "[[1,2]]", "[[1,2],[1,2],1,2]"},
      {"$..['a','b']", R"({"b":{"a":1},"a":2})", R"([2,{"a":1},1])"},
      {"$..a..a", R"({"a":{"a":{"a":1}}})", R"([{"a":1},1,1])"},
      {"$..*", "1", "[]"},
      {"$..x", R"("x")", "[]"},
      {"$..[1:]", "[[1,2],[3,4]]", "[[3,4],2,4]"},
      {"$.b..x", R"({"x":1,"b":{"x":2}})", "[2]"},
      {"$..[?@>1]", "[1,[2,[3]]]", "[2,3]"},
      {"$..[?@.a]", R"([{"a":{"a":1}}])", R"([{"a":{"a":1}},{"a":1}])"},
      {"$..[?@.a]", R"([[{"a":1}]])", R"([{"a":1}])"},
  });
}

TEST(JsonPathSemantics, ExistenceIsNotTruth) {
  ExpectSelects({
      {"$[?@.a]", R"([{"a":null},{"a":false},{"a":0},{"a":""},{"a":[]},{"b":1},null])",
       R"([{"a":null},{"a":false},{"a":0},{"a":""},{"a":[]}])"},
      {"$[?!@.a]", R"([{"a":null},{"b":1},7])", R"([{"b":1},7])"},
      {"$[?@]", "[null,false,0]", "[null,false,0]"},
      {"$[?!@]", "[null,false,0]", "[]"},
      {"$[?$]", "[1,2]", "[1,2]"},
      {"$[?$.x]", R"({"x":null,"y":1})", "[null,1]"},
      {"$[?@.*]", R"([[],{},[1],{"a":2},"s"])", R"([[1],{"a":2}])"},
      {"$[?@..a]", R"([[{"a":1}],{"b":{"a":null}},[2]])", R"([[{"a":1}],{"b":{"a":null}}])"},
      {"$[?@[0:1]]", "[[],[1],1]", "[[1]]"},
      {"$[?@[?@>1]]", "[[1],[1,2],[]]", "[[1,2]]"},
      {"$[?@[?@.b[?@==$.k]]]", R"({"k":3,"l":[{"b":[3]}],"m":[{"b":[4]}]})", R"([[{"b":[3]}]])"},
      {"$.a[?@]", R"({"a":{"x":1,"y":2}})", "[1,2]"},
      {"$[?@.a]", R"("text")", "[]"},
      {"$[?@.a,?@.b]", R"([{"a":1,"b":2},{"b":3}])", R"([{"a":1,"b":2},{"a":1,"b":2},{"b":3}])"},
  });
}

TEST(JsonPathSemantics, LogicBindsAsInTheRfc) {
  // Each of a, b, c is there or not; the query selects by a formula of them.
  static constexpr struct {
    const char* query;
    bool (*formula)(bool a, bool b, bool c);
  } kCases[] = {
      {"$[?@.a&&@.b||@.c]", [](bool a, bool b, bool c) { return (a && b) || c; }},
      {"$[?@.a||@.b&&@.c]", [](bool a, bool b, bool c) { return a || (b && c); }},
      {"$[?(@.a||@.b)&&@.c]", [](bool a, bool b, bool c) { return (a || b) && c; }},
      {"$[?@.a&&(@.b||@.c)]", [](bool a, bool b, bool c) { return a && (b || c); }},
      {"$[?!@.a&&@.b]", [](bool a, bool b, bool) { return !a && b; }},
      {"$[?!@.a||@.b&&!@.c]", [](bool a, bool b, bool c) { return !a || (b && !c); }},
      {"$[?!(@.a||@.b)]", [](bool a, bool b, bool) { return !a && !b; }},
      {"$[?!(@.a&&!(@.b||!@.c))]", [](bool a, bool b, bool c) { return !(a && !(b || !c)); }},
      {"$[?((@.a)&&((@.b)))||(!(@.c))]", [](bool a, bool b, bool c) { return (a && b) || !c; }},
      {"$[?@.a&&@.b&&@.c]", [](bool a, bool b, bool c) { return a && b && c; }},
      {"$[?@.a||@.b||@.c]", [](bool a, bool b, bool c) { return a || b || c; }},
      {"$[?@.a==1&&@.b!=1||@.c==1]", [](bool a, bool b, bool c) { return (a && !b) || c; }},
  };
  for (const auto& [query, formula] : kCases) {
    for (int bits = 0; bits < 8; ++bits) {
      const bool a = (bits & 1) != 0;
      const bool b = (bits & 2) != 0;
      const bool c = (bits & 4) != 0;
      const std::string document =
          absl::StrCat("[{", a ? "\"a\":1," : "", b ? "\"b\":1," : "", c ? "\"c\":1," : "", "\"x\":1}]");
      EXPECT_EQ(Selected(query, document) != "[]", formula(a, b, c)) << query << " on " << document;
    }
  }
}

// Which of == != < <= > >= hold, as six digits.
std::string Comparisons(const char* left, const char* right, const char* document) {
  std::string holds;
  for (const char* comparison : {"==", "!=", "<", "<=", ">", ">="}) {
    holds += Selected(absl::StrCat("$[?", left, comparison, right, "]"), document) == "[]" ? '0' : '1';
  }
  return holds;
}

TEST(JsonPathSemantics, ComparesEveryPairOfTypes) {
  static constexpr char kDocument[] =
      R"([{"null":null,"true":true,"false":false,"one":1,"two":2,"a":"a","b":"b","digit":"1","empty":"","array":[1],"list":[1,2],)"
      R"("object":{"x":1},"other":{"y":1}}])";
  static const std::vector<const char*> kNames = {"nothing", "null",  "true",  "false", "one",  "two",    "a",
                                                  "b",       "digit", "empty", "array", "list", "object", "other"};
  const auto order = [](absl::string_view a, absl::string_view b) {  // of those that have one
    static const std::vector<std::vector<absl::string_view>> kOrders = {{"one", "two"}, {"empty", "digit", "a", "b"}};
    for (const auto& names : kOrders) {
      const auto i = std::find(names.begin(), names.end(), a);
      const auto j = std::find(names.begin(), names.end(), b);
      if (i != names.end() && j != names.end()) return i < j ? -1 : i > j ? 1 : 0;
    }
    return a == b ? 0 : 2;
  };
  for (const char* a : kNames) {
    for (const char* b : kNames) {
      const int expected = order(a, b);
      const char* holds = expected == 0 ? "100101" : expected == -1 ? "011100" : expected == 1 ? "010011" : "010000";
      EXPECT_EQ(Comparisons(absl::StrCat("@.", a).c_str(), absl::StrCat("@.", b).c_str(), kDocument), holds)
          << a << " " << b;
    }
  }
}

TEST(JsonPathSemantics, ComparesWithLiterals) {
  static constexpr struct {
    const char* left;
    const char* right;
    const char* document;
    const char* holds;  // == != < <= > >=
  } kCases[] = {
      {"@", "1", "[1.0]", "100101"},
      {"@", "1.0", "[1]", "100101"},
      {"@", "1e2", "[100]", "100101"},
      {"@", "100", "[1e2]", "100101"},
      {"@", "0.1e1", "[1]", "100101"},
      {"@", "-0", "[0]", "100101"},
      {"@", "0", "[-0.0]", "100101"},
      {"@", "9007199254740992", "[9007199254740993]", "010011"},
      {"@", "9007199254740993", "[9007199254740993.0]", "100101"},
      {"@", "1e400", "[1e401]", "010011"},
      {"@", "0.1", "[0.10000000000000000001]", "010011"},
      {"@", "'1'", "[1]", "010000"},
      {"@", "'a'", "[\"\\u0061\"]", "100101"},
      {"@", "\"a\"", "[\"a\"]", "100101"},
      {"@", "'B'", "[\"a\"]", "010011"},
      {"@", "'ab'", "[\"a\"]", "011100"},
      {"@", "''", "[\"\"]", "100101"},
      {"@", "'\\uFFFF'", "[\"𝄞\"]", "010011"},  // by code point, not by UTF-16 unit
      {"@", "null", "[null]", "100101"},
      {"@", "false", "[null]", "010000"},
      {"@", "0", "[false]", "010000"},
      {"@.x", "null", "[{}]", "010000"},
      {"@.x", "@.y", "[{}]", "100101"},
      {"@.x", "$.x", "[{}]", "100101"},
      {"true", "true", "[1]", "100101"},
      {"1", "2", "[1]", "011100"},
      {"'a'", "'a'", "[1]", "100101"},
      {"@[0]", "1", "[[1]]", "100101"},
      {"@[-1]", "2", "[[1,2]]", "100101"},
      {"@", "$[0]", "[[1]]", "100101"},
      {"@", "$[0]", "[{\"a\":[1,{\"b\":2}]}]", "100101"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Comparisons(c.left, c.right, c.document), c.holds) << c.left << " " << c.right << " " << c.document;
  }
}

TEST(JsonPathSemantics, ComparesDeeply) {
  ExpectSelects({
      {"$[?@==$[0]]", R"([{"a":1,"b":[2,{"c":3}]},{"b":[2,{"c":3.0}],"a":1e0}])",
       R"([{"a":1,"b":[2,{"c":3}]},{"b":[2,{"c":3.0}],"a":1e0}])"},
      {"$[?@==$[0]]", "[[1,2],[2,1],[1],[1,2,3]]", "[[1,2]]"},
      {"$[?@==$[0]]", R"([{"a":1},{"a":2},{"b":1},{"a":1,"b":1},{}])", R"([{"a":1}])"},
      {"$[?@==$[0]]", "[[],{},null,0,false,\"\"]", "[[]]"},
      {"$[?@!=$[0]]", "[[],{},[]]", "[{}]"},
  });
}

TEST(JsonPathSemantics, Length) {
  ExpectSelects({
      {"$[?length(@)==2]", R"(["ab","☺𝄞",[1,2],{"a":1,"b":2},2,true,null,"a","abc"])",
       R"(["ab","☺𝄞",[1,2],{"a":1,"b":2}])"},
      {"$[?length(@)==0]", R"(["",[],{},0,null])", R"(["",[],{}])"},
      {"$[?length(@.a)>=2]", R"([{"a":"ab"},{"a":[1]},{"b":"ab"}])", R"([{"a":"ab"}])"},
      {"$[?length(@)==length(@.x)]", "[1,null]", "[1,null]"},  // nothing equals nothing
      {"$[?length('☺')==1]", "[1]", "[1]"},
      {"$[?length(@)<2.5]", R"(["ab","abc"])", R"(["ab"])"},
      {"$[?length(@)!=1]", "[1,\"a\",\"ab\"]", "[1,\"ab\"]"},
      {"$[?length(length(@))==1]", "[\"a\"]", "[]"},
      {"$[?length(value(@.*))==2]", R"([["ab"],["ab","cd"],{"x":"cd"}])", R"([["ab"],{"x":"cd"}])"},
  });
}

TEST(JsonPathSemantics, CountAndValue) {
  ExpectSelects({
      {"$[?count(@.*)==2]", R"([[1,2],{"a":1,"b":2},[1],"ab"])", R"([[1,2],{"a":1,"b":2}])"},
      {"$[?count(@..*)>2]", "[[[1,2]],[1]]", "[[[1,2]]]"},
      {"$[?count(@)==1]", "[null]", "[null]"},
      {"$[?count(@.a)==0]", R"([{"a":1},{}])", "[{}]"},
      {"$[?count(@['a','a'])==2]", R"([{"a":1}])", R"([{"a":1}])"},
      {"$[?count($[*])==3]", "[1,2,3]", "[1,2,3]"},
      {"$[?count(@[?@>1])==2]", "[[1,2,3],[2]]", "[[1,2,3]]"},
      {"$[?value(@.*)==4]", "[[4],[4,4],{\"a\":4},[]]", "[[4],{\"a\":4}]"},
      {"$[?value(@..x)=='a']", R"([{"x":"a"},{"y":{"x":"a"}},{"x":"a","y":{"x":"a"}}])",
       R"([{"x":"a"},{"y":{"x":"a"}}])"},
      {"$[?value(@.x)==value(@.y)]", R"([{},{"x":1},{"x":1,"y":1}])", R"([{},{"x":1,"y":1}])"},
  });
}

TEST(JsonPathSemantics, MatchAndSearch) {
  ExpectSelects({
      {"$[?match(@,'a.c')]", R"(["abc","xabc","abcx","a\nc","a\rc","a☺c","a\u2028c","ac",1,null])",
       R"(["abc","a☺c","a c"])"},
      {"$[?search(@,'a.c')]", R"(["abc","xabcx","ac"])", R"(["abc","xabcx"])"},
      {"$[?!match(@,'a')]", R"(["a","b",1,null])", R"(["b",1,null])"},
      {"$[?match(@,'a|bc')]", R"(["a","bc","abc","ac"])", R"(["a","bc"])"},  // all of either
      {"$[?match(@,'')]", R"(["","a"])", R"([""])"},
      {"$[?search(@,'')]", R"(["","a",1])", R"(["","a"])"},
      {"$[?match(@,'[a-c]+')]", R"(["abc","abd"])", R"(["abc"])"},
      {"$[?match(@,'[^a]')]", R"(["a","b","\n"])", R"(["b","\n"])"},
      {"$[?match(@,'a[.]b')]", R"(["a.b","axb"])", R"(["a.b"])"},
      {"$[?match(@,'a\\\\.b')]", R"(["a.b","axb"])", R"(["a.b"])"},
      {"$[?match(@,'\\\\p{Lu}\\\\P{Lu}')]", R"(["Ab","ab","Éé"])", R"(["Ab","Éé"])"},
      {"$[?search(@,'^a')]", R"(["ab","ba"])", R"(["ab"])"},
      {"$[?search(@,'a$')]", R"(["ab","ba","a\n"])", R"(["ba"])"},
      {"$[?match(@,'A')]", R"(["a","A"])", R"(["A"])"},
      {"$[?search(@,'\\\\d')]", R"(["1","d"])", "[]"},  // no I-Regexp: never true
      {"$[?!search(@,'\\\\d')]", R"(["1","d"])", R"(["1","d"])"},
      {"$[?search(@,'(?i)a')]", R"(["a"])", "[]"},
      {"$[?search(@,'[')]", R"(["["])", "[]"},
      {"$[?search(@,1)]", R"(["1"])", "[]"},
      {"$[?match(1,'1')]", "[1]", "[]"},
      {"$[?match('a',@)]", R"(["a",".","b","[",1,null])", R"(["a","."])"},
      {"$.v[?search(@,$.r)]", R"({"r":"b.?b","v":["bab","bb","b",1]})", R"(["bab","bb"])"},
      {"$.v[?search(@,$.missing)]", R"({"v":["a"]})", "[]"},
      {"$.v[?match(@,value($..r))]", R"({"r":"a+","v":["a","aa","b"]})", R"(["a","aa"])"},
      {"$[?search(@.t,@.r)]", R"([{"t":"a","r":"a"},{"t":"a","r":"b"},{"t":"b","r":"b"}])",
       R"([{"t":"a","r":"a"},{"t":"b","r":"b"}])"},
      {"$[?match(@,'𝄞?')]", R"(["𝄞","","𝄞𝄞"])", R"(["𝄞",""])"},
  });
}

TEST(JsonPathSemantics, TheBookStoreOfTheRfc) {
  static constexpr char kStore[] =
      R"({"store":{"book":[{"category":"reference","price":8.95},{"category":"fiction",)"
      R"("price":12.99},{"category":"fiction","isbn":"0-553-21311-3","price":8.99},)"
      R"({"category":"fiction","isbn":"0-395-19395-8","price":22.99}],"bicycle":{"price":399}}})";
  ExpectSelects({
      {"$.store.book[*].price", kStore, "[8.95,12.99,8.99,22.99]"},
      {"$..price", kStore, "[8.95,12.99,8.99,22.99,399]"},
      {"$.store..price", kStore, "[8.95,12.99,8.99,22.99,399]"},
      {"$..book[2].isbn", kStore, R"(["0-553-21311-3"])"},
      {"$..book[-1].price", kStore, "[22.99]"},
      {"$..book[0,1].price", kStore, "[8.95,12.99]"},
      {"$..book[:2].price", kStore, "[8.95,12.99]"},
      {"$..book[?@.isbn].price", kStore, "[8.99,22.99]"},
      {"$..book[?@.price<10].price", kStore, "[8.95,8.99]"},
      {"$.store.book[?@.category=='fiction' && !@.isbn].price", kStore, "[12.99]"},
  });
}

}  // namespace
}  // namespace herald
