#include "src/core/json_path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "tests/core/json_path_testing.h"

namespace herald {
namespace {

using ::testing::HasSubstr;

constexpr char kWorkLimit[] = "the path needs more work than visiting";

// "[" n times "0", joined by commas, "]"
std::string Zeros(int n) {
  std::string text = "[0";
  for (int i = 1; i < n; ++i) text += ",0";
  return text + "]";
}

TEST(JsonPath, KeepsItsTextAndSurvivesAMove) {
  JsonPath path = *JsonPath::Compile("$.data.id");
  const JsonPath moved = std::move(path);
  EXPECT_EQ(moved.text(), "$.data.id");
  const auto document = JsonDocument::Parse(R"({"data":{"id":"123"}})");
  EXPECT_EQ(moved.Select(document->root())->front().string(), "123");
}

TEST(JsonPath, KnowsItsFirstName) {
  static constexpr struct {
    const char* query;
    const char* name;
  } kCases[] = {{"$.data.x", "data"},   {"$['data'][0]", "data"},
                {"$.status", "status"}, {"$", ""},
                {"$[0]", ""},           {"$..data", ""},
                {"$['data','x']", ""},  {"$.*", ""},
                {"$[?@.data]", ""},     {"$[\"\\u0064ata\"]", "data"}};
  for (const auto& [query, name] : kCases) EXPECT_EQ(JsonPath::Compile(query)->first_name(), name) << query;
}

TEST(JsonPath, KnowsARegularExpressionThatIsNone) {
  EXPECT_EQ(JsonPath::Compile("$[?match(@,'a')||search(@,$.r)]")->invalid_regex(), std::nullopt);
  EXPECT_EQ(JsonPath::Compile(R"($[?match(@,'a')||!search(@,'\\d')||match(@,'[')])")->invalid_regex(), "\\d");
  EXPECT_EQ(JsonPath::Compile("$[?@[?match(@,1)]]")->invalid_regex(), "1");
}

TEST(JsonPath, VisitsUntilItIsToldToStop) {
  const auto document = JsonDocument::Parse("[1,2,3,4]");
  const JsonPath path = *JsonPath::Compile("$[*]");
  WorkBudget budget(100);
  double sum = 0;
  path.Visit(document->root(), budget, [&](const JsonValue& node) {
    sum += node.number();
    return node.number() < 2;
  });
  EXPECT_EQ(sum, 3);
  EXPECT_FALSE(budget.exhausted());
}

TEST(JsonPath, NormalizesPaths) {
  EXPECT_EQ(SelectedPaths("$", "1"), "$");
  EXPECT_EQ(SelectedPaths("$..*", R"({"a":[{"b":1},2]})"), "$['a'] $['a'][0] $['a'][1] $['a'][0]['b']");
  EXPECT_EQ(SelectedPaths("$[-1]", "[1,2,3]"), "$[2]");
  EXPECT_EQ(SelectedPaths("$[::-1]", "[1,2]"), "$[1] $[0]");
  EXPECT_EQ(SelectedPaths("$.*", R"({"'":1,"\"":2,"\\":3,"/":4,"☺":5,"":6})"),
            R"($['\''] $['"'] $['\\'] $['/'] $['☺'] $[''])");
  EXPECT_EQ(SelectedPaths("$.*", R"({"\b\t\n\f\r":1,"\u0000\u000b\u001f":2,"\u007f":3})"),
            "$['\\b\\t\\n\\f\\r'] $['\\u0000\\u000b\\u001f'] $['\x7f']");
}

TEST(JsonPath, CountsTheNodesThatItVisits) {
  const JsonPathLimits limits = {.nodes_max = 10};
  EXPECT_EQ(Selected("$[*]", Zeros(10), limits), Zeros(10));
  EXPECT_THAT(Selected("$[*]", Zeros(11), limits), HasSubstr(kWorkLimit));
  EXPECT_THAT(Selected("$..x", Zeros(11), limits), HasSubstr(kWorkLimit));
  EXPECT_THAT(Selected("$[0:11]", Zeros(11), limits), HasSubstr(kWorkLimit));
  EXPECT_THAT(Selected("$[?@==1]", Zeros(11), limits), HasSubstr(kWorkLimit));
  EXPECT_THAT(Selected("$[0,0,0,0,0,0,0,0,0,0,0]", "[1]", limits), HasSubstr(kWorkLimit));
}

TEST(JsonPath, CountsTheNodesOfFiltersInsideFilters) {
  const JsonPathLimits limits = {.nodes_max = 1000};
  EXPECT_EQ(Selected("$[?count($[*])==1]", Zeros(20), limits), "[]");
  for (const char* query : {"$[?count($[*])==1]", "$[?value($..*)==1 || count($..*)==1]", "$[?!$[?!$[?@>1]]]",
                            "$[?$[?@==1]]", "$[?$==$]", "$[?@[*]||$[?@==1]]"}) {
    EXPECT_THAT(Selected(query, Zeros(200), limits), HasSubstr(kWorkLimit)) << query;
  }
}

TEST(JsonPath, AQueryThatMultipliesItselfIsStopped) {
  EXPECT_THAT(
      Selected("$..*..*..*..*", "[" + Zeros(30) + "," + Zeros(30) + ",[[[[[[[[[[1]]]]]]]]]]]", {.nodes_max = 500}),
      HasSubstr(kWorkLimit));
  EXPECT_THAT(Selected("$[0,0][0,0][0,0][0,0][0,0][0,0][0,0][0,0][0,0][0,0][0,0][0,0][0,0][0,0][0,0][0,0][0,0][0,0]",
                       "[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]"),
              HasSubstr(kWorkLimit));
}

TEST(JsonPath, ChargesForLongTextsAndLargeObjects) {
  const std::string text = "\"" + std::string(100'000, 'a') + "\"";
  for (const char* query : {"$[?@==$[0]]", "$[?@<$[0]]", "$[?length(@)==1]", "$[?search(@,'b')]", "$[?match(@,'a*b')]",
                            "$[?search('b',@)]"}) {
    EXPECT_THAT(Selected(query, absl::StrCat("[", text, ",", text, "]"), {.nodes_max = 1000}), HasSubstr(kWorkLimit))
        << query;
  }
  std::string object = "{\"k\":0";
  for (int i = 0; i < 10'000; ++i) object += ",\"" + std::to_string(i) + "\":0";
  EXPECT_THAT(Selected("$[?$.x==1]", object + "}"), HasSubstr(kWorkLimit));
  const std::string number = "1" + std::string(100'000, '0');
  EXPECT_THAT(Selected("$[?@==$[0]]", "[" + number + "," + number + "]", {.nodes_max = 1000}), HasSubstr(kWorkLimit));
}

TEST(JsonPath, ChargesForRegularExpressionsOfTheDocument) {
  std::string text = "[";
  for (int i = 0; i < 300; ++i) text += "{\"text\":\"x\",\"regex\":\"x" + std::to_string(i) + "\"},";
  text += "{}]";
  EXPECT_THAT(Selected("$[?match(@.text,@.regex)]", text), HasSubstr(kWorkLimit));
  // The same one again and again is compiled once.
  EXPECT_EQ(Selected("$[?match(@.text,$[7].regex)]", text), "[]");
}

TEST(JsonPath, ARegularExpressionThatIsTooLargeMatchesNothing) {
  const JsonPathLimits limits = {.regex_bytes_max = 1 << 14};
  const std::string document = R"({"regex":"(\\p{L}{50}){10}","texts":["a"]})";
  EXPECT_EQ(Selected("$.texts[?search(@,$.regex)]", document, limits), "[]");
  EXPECT_EQ(Selected("$.texts[?search(@,'(\\\\p{L}{50}){10}')]", document, limits), "[]");
}

TEST(JsonPath, PastTheLimitThereIsNoResultAtAll) {
  const auto document = JsonDocument::Parse(Zeros(100));
  const JsonPath path = *JsonPath::Compile("$[?!$[?@==1]]", {.nodes_max = 150});
  EXPECT_EQ(path.Select(document->root()).status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(path.SelectWithPaths(document->root()).status().code(), absl::StatusCode::kResourceExhausted);
}

TEST(JsonPath, WalksADocumentAsDeepAsOneMayBe) {
  const std::string document = std::string(100, '[') + "7" + std::string(100, ']');
  EXPECT_EQ(Selected("$..[?@==7]", document), "[7]");
  EXPECT_EQ(Selected("$" + std::string(100, ' ') + "..*[?@==7]", document), "[7]");
}

}  // namespace
}  // namespace herald
