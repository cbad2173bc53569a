#include "src/core/condition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/condition_testing.h"

namespace herald {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

bool Holds(absl::string_view path, v1::Filter::Operator op, const std::vector<std::string>& values,
           absl::string_view document) {
  const Condition condition = CompileOrDie(MakeFilter(path, op, values));
  const auto parsed = JsonDocument::Parse(document);
  const bool holds = condition.Match(parsed->root());
  EXPECT_EQ(condition.Explain(parsed->root()).holds, holds);
  return holds;
}

struct Case {
  const char* path;
  v1::Filter::Operator op;
  std::vector<std::string> values;
  const char* document;
  bool holds;
};

void ExpectHolds(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    EXPECT_EQ(Holds(c.path, c.op, c.values, c.document), c.holds)
        << c.path << " " << v1::Filter::Operator_Name(c.op) << " " << c.document;
  }
}

TEST(Condition, InEqualsByTypeAndValue) {
  constexpr auto kIn = v1::Filter::IN;
  ExpectHolds({
      {"$.x", kIn, {"a"}, R"({"x":"a"})", true},
      {"$.x", kIn, {"b", "a"}, R"({"x":"a"})", true},
      {"$.x", kIn, {"b"}, R"({"x":"a"})", false},
      {"$.x", kIn, {"A"}, R"({"x":"a"})", false},
      {"$.x", kIn, {"a "}, R"({"x":"a"})", false},
      {"$.x", kIn, {""}, R"({"x":""})", true},
      {"$.x", kIn, {"é"}, R"({"x":"\u00e9"})", true},
      {"$.x", kIn, {"1"}, R"({"x":1})", true},
      {"$.x", kIn, {"1"}, R"({"x":"1"})", true},
      {"$.x", kIn, {"1.0"}, R"({"x":1})", true},
      {"$.x", kIn, {"1.0"}, R"({"x":"1"})", false},
      {"$.x", kIn, {"1e2"}, R"({"x":100})", true},
      {"$.x", kIn, {"-0"}, R"({"x":0})", true},
      {"$.x", kIn, {"9007199254740993"}, R"({"x":9007199254740993})", true},
      {"$.x", kIn, {"9007199254740992"}, R"({"x":9007199254740993})", false},
      {"$.x", kIn, {"0.1"}, R"({"x":0.10000000000000000001})", false},
      {"$.x", kIn, {"01"}, R"({"x":1})", false},
      {"$.x", kIn, {"+1"}, R"({"x":1})", false},
      {"$.x", kIn, {" 1"}, R"({"x":1})", false},
      {"$.x", kIn, {"true"}, R"({"x":true})", true},
      {"$.x", kIn, {"True"}, R"({"x":true})", false},
      {"$.x", kIn, {"1"}, R"({"x":true})", false},
      {"$.x", kIn, {"false"}, R"({"x":false})", true},
      {"$.x", kIn, {"null"}, R"({"x":null})", true},
      {"$.x", kIn, {"null"}, R"({"x":"null"})", true},
      {"$.x", kIn, {""}, R"({"x":null})", false},
      {"$.x", kIn, {"null"}, R"({})", false},
      {"$.x", kIn, {"[]", "1"}, R"({"x":[1]})", false},
      {"$.x", kIn, {"{}"}, R"({"x":{}})", false},
      {"$.x[*]", kIn, {"1"}, R"({"x":[2,1]})", true},
      {"$..n", kIn, {"b"}, R"({"x":[{"n":"a"},{"n":"b"}]})", true},
      {"$.x", v1::Filter::OPERATOR_UNSPECIFIED, {"a"}, R"({"x":"a"})", true},
  });
}

TEST(Condition, NotInIsTheNegationOfIn) {
  constexpr auto kNotIn = v1::Filter::NOT_IN;
  ExpectHolds({
      {"$.x", kNotIn, {"a"}, R"({"x":"a"})", false},
      {"$.x", kNotIn, {"a"}, R"({"x":"b"})", true},
      {"$.x", kNotIn, {"a"}, R"({})", true},
      {"$.x[*]", kNotIn, {"a"}, R"({"x":["b","a"]})", false},
      {"$.x[*]", kNotIn, {"a"}, R"({"x":["b","c"]})", true},
      {"$.x[*]", kNotIn, {"a"}, R"({"x":[]})", true},
      {"$.x", kNotIn, {"1"}, R"({"x":1.0})", false},
      {"$.x", kNotIn, {"1"}, R"({"x":[1]})", true},
  });
}

TEST(Condition, ExistsAsksForNodesNotForTruth) {
  ExpectHolds({
      {"$.x", v1::Filter::EXISTS, {}, R"({"x":null})", true},
      {"$.x", v1::Filter::EXISTS, {}, R"({"x":false})", true},
      {"$.x", v1::Filter::EXISTS, {}, R"({"x":[]})", true},
      {"$.x", v1::Filter::EXISTS, {}, R"({})", false},
      {"$.x[*]", v1::Filter::EXISTS, {}, R"({"x":[]})", false},
      {"$.x", v1::Filter::NOT_EXISTS, {}, R"({"x":null})", false},
      {"$.x", v1::Filter::NOT_EXISTS, {}, R"({})", true},
      {"$.x[?@.k=='v']", v1::Filter::NOT_EXISTS, {}, R"({"x":[{"k":"w"}]})", true},
  });
}

TEST(Condition, TextOperatorsLookAtStringsOnly) {
  ExpectHolds({
      {"$.x", v1::Filter::CONTAINS, {"b"}, R"({"x":"abc"})", true},
      {"$.x", v1::Filter::CONTAINS, {"x", "c"}, R"({"x":"abc"})", true},
      {"$.x", v1::Filter::CONTAINS, {"B"}, R"({"x":"abc"})", false},
      {"$.x", v1::Filter::CONTAINS, {"abcd"}, R"({"x":"abc"})", false},
      {"$.x", v1::Filter::CONTAINS, {""}, R"({"x":""})", true},
      {"$.x", v1::Filter::CONTAINS, {"☺"}, R"({"x":"a☺b"})", true},
      {"$.x", v1::Filter::CONTAINS, {"2"}, R"({"x":123})", false},
      {"$.x", v1::Filter::CONTAINS, {"rue"}, R"({"x":true})", false},
      {"$.x", v1::Filter::CONTAINS, {"a"}, R"({"x":["a"]})", false},
      {"$.x", v1::Filter::CONTAINS, {"a"}, R"({})", false},
      {"$.x", v1::Filter::STARTS_WITH, {"b", "a"}, R"({"x":"abc"})", true},
      {"$.x", v1::Filter::STARTS_WITH, {"bc"}, R"({"x":"abc"})", false},
      {"$.x", v1::Filter::STARTS_WITH, {"1"}, R"({"x":123})", false},
      {"$.x", v1::Filter::ENDS_WITH, {"bc"}, R"({"x":"abc"})", true},
      {"$.x", v1::Filter::ENDS_WITH, {"ab"}, R"({"x":"abc"})", false},
      {"$.x", v1::Filter::ENDS_WITH, {"xabc"}, R"({"x":"abc"})", false},
      {"$.x[*]", v1::Filter::ENDS_WITH, {"c"}, R"({"x":[1,"ab","bc"]})", true},
      {"$.x", v1::Filter::MATCHES, {"b+"}, R"({"x":"abbc"})", true},
      {"$.x", v1::Filter::MATCHES, {"^b+"}, R"({"x":"abbc"})", false},
      {"$.x", v1::Filter::MATCHES, {"^prod-\\d+$"}, R"({"x":"prod-17"})", true},
      {"$.x", v1::Filter::MATCHES, {"B"}, R"({"x":"abc"})", false},
      {"$.x", v1::Filter::MATCHES, {"(?i)B"}, R"({"x":"abc"})", true},
      {"$.x", v1::Filter::MATCHES, {"x", "^.$"}, R"({"x":"☺"})", true},
      {"$.x", v1::Filter::MATCHES, {"1"}, R"({"x":1})", false},
  });
}

TEST(Condition, ComparesNumbersExactly) {
  ExpectHolds({
      {"$.x", v1::Filter::LESS_THAN, {"5"}, R"({"x":4.999999999999999999999})", true},
      {"$.x", v1::Filter::LESS_THAN, {"5"}, R"({"x":5.0})", false},
      {"$.x", v1::Filter::AT_MOST, {"5"}, R"({"x":5.0})", true},
      {"$.x", v1::Filter::AT_MOST, {"5"}, R"({"x":5.00000000000000000001})", false},
      {"$.x", v1::Filter::GREATER_THAN, {"9007199254740992"}, R"({"x":9007199254740993})", true},
      {"$.x", v1::Filter::GREATER_THAN, {"3600"}, R"({"x":3600})", false},
      {"$.x", v1::Filter::AT_LEAST, {"3600"}, R"({"x":3.6e3})", true},
      {"$.x", v1::Filter::AT_LEAST, {"-1"}, R"({"x":-2})", false},
      {"$.x", v1::Filter::LESS_THAN, {"5"}, R"({"x":"4"})", false},
      {"$.x", v1::Filter::LESS_THAN, {"5"}, R"({"x":null})", false},
      {"$.x", v1::Filter::LESS_THAN, {"5"}, R"({"x":true})", false},
      {"$.x", v1::Filter::LESS_THAN, {"5"}, R"({})", false},
      {"$.x[*]", v1::Filter::GREATER_THAN, {"5"}, R"({"x":["9",4,6]})", true},
  });
}

TEST(Condition, ComparesTimesByInstant) {
  ExpectHolds({
      {"$.x", v1::Filter::LESS_THAN, {"2023-10-02T16:00:00Z"}, R"({"x":"2023-10-02T17:59:59.9+02:00"})", true},
      {"$.x", v1::Filter::LESS_THAN, {"2023-10-02T16:00:00Z"}, R"({"x":"2023-10-02T18:00:00+02:00"})", false},
      {"$.x", v1::Filter::AT_MOST, {"2023-10-02T16:00:00Z"}, R"({"x":"2023-10-02T18:00:00.000+02:00"})", true},
      {"$.x",
       v1::Filter::GREATER_THAN,
       {"2023-10-02T16:00:00.123456789Z"},
       R"({"x":"2023-10-02T16:00:00.1234567891Z"})",
       true},
      {"$.x", v1::Filter::AT_LEAST, {"2023-10-02t16:00:00z"}, R"({"x":"2023-10-02T16:00:00Z"})", true},
      {"$.x", v1::Filter::AT_LEAST, {"2023-10-02T16:00:00Z"}, R"({"x":"2023-10-03"})", false},
      {"$.x", v1::Filter::AT_LEAST, {"2023-10-02T16:00:00Z"}, R"({"x":1896263265})", false},
      {"$.x", v1::Filter::AT_LEAST, {"2023-10-02T16:00:00Z"}, R"({"x":"zzz"})", false},
      {"$.x", v1::Filter::AT_LEAST, {"5"}, R"({"x":"2023-10-02T16:00:00Z"})", false},
  });
}

TEST(Condition, FailsClosedPastTheWorkLimit) {
  v1::Limits limits = DefaultLimits();
  limits.set_json_path_nodes_max(10);
  const auto document = JsonDocument::Parse("[1,2,3,4,5,6,7,8,9,10,11,12]");
  for (int op = v1::Filter::IN; op <= v1::Filter::AT_LEAST; ++op) {
    const auto filter_op = static_cast<v1::Filter::Operator>(op);
    const bool exists = filter_op == v1::Filter::EXISTS || filter_op == v1::Filter::NOT_EXISTS;
    const Condition condition = CompileOrDie(
        MakeFilter("$[?@>100]", filter_op, exists ? std::vector<std::string>{} : std::vector<std::string>{"99"}),
        limits);
    EXPECT_FALSE(condition.Match(document->root())) << v1::Filter::Operator_Name(filter_op);
    const Condition::Explanation explanation = condition.Explain(document->root());
    EXPECT_FALSE(explanation.holds);
    EXPECT_TRUE(explanation.past_work_limit);
    EXPECT_EQ(
        explanation.message,
        "$[?@>100] needs more work than visiting 10 nodes; past that limit a condition does not hold, whatever its "
        "operator");
  }
}

TEST(Condition, WorkOnTextsCountsToo) {
  v1::Limits limits = DefaultLimits();
  limits.set_json_path_nodes_max(1000);
  const std::string text(100'000, 'a');
  const auto document = JsonDocument::Parse("\"" + text + "\"");
  const std::string other = std::string(99'999, 'a') + "b";
  for (const auto& [op, value] :
       {std::pair(v1::Filter::NOT_IN, other), std::pair(v1::Filter::CONTAINS, std::string("b")),
        std::pair(v1::Filter::STARTS_WITH, other), std::pair(v1::Filter::MATCHES, std::string("b$")),
        std::pair(v1::Filter::LESS_THAN, std::string("2023-10-02T16:00:00Z"))}) {
    const Condition condition = CompileOrDie(MakeFilter("$", op, {value}), limits);
    EXPECT_FALSE(condition.Match(document->root()));
    EXPECT_THAT(condition.Explain(document->root()).message, HasSubstr("more work than"))
        << v1::Filter::Operator_Name(op);
  }
}

TEST(Condition, AMatchBeforeTheLimitIsEnough) {
  v1::Limits limits = DefaultLimits();
  limits.set_json_path_nodes_max(5);
  const auto document = JsonDocument::Parse("[1,2,3,4,5,6,7,8,9]");
  EXPECT_TRUE(CompileOrDie(MakeFilter("$[*]", v1::Filter::IN, {"2"}), limits).Match(document->root()));
  EXPECT_FALSE(CompileOrDie(MakeFilter("$[*]", v1::Filter::IN, {"9"}), limits).Match(document->root()));
  EXPECT_TRUE(CompileOrDie(MakeFilter("$[*]", v1::Filter::IN, {"2"}), limits).Explain(document->root()).holds);
}

std::string FilterErrors(const v1::Filter& filter) {
  FieldViolations violations;
  const bool compiled = Condition::CompileFilter(filter, DefaultLimits(), "webhook.filters[1]", violations).has_value();
  EXPECT_EQ(compiled, violations.empty());
  return Lines(violations);
}

TEST(ConditionErrors, NameTheFieldAndTheRemedy) {
  using F = v1::Filter;
  static const std::tuple<v1::Filter, std::string> kCases[] = {
      {MakeFilter("", F::IN, {"a"}), ".path: required: a JSONPath such as $.data.requester.email"},
      {MakeFilter("$.a[", F::IN, {"a"}),
       ".path: position 5: expected a selector: 'name', *, an index, a slice or ?filter, found the end"},
      {MakeFilter("data.env", F::IN, {"a"}), ".path: position 1: every path starts with $; did you mean $.data.env?"},
      {MakeFilter("data env", F::IN, {"a"}),
       ".path: position 1: expected $, with which every path starts, found \"data env\""},
      {MakeFilter("$." + std::string(1023, 'a'), F::IN, {"a"}),
       ".path: a path has at most 1024 bytes; this one has 1025"},
      {MakeFilter(R"($.a[?match(@.n, '\\d+')])", F::EXISTS, {}),
       ".path: \"\\d+\" is no I-Regexp (RFC 9485), so match() and search() never hold; \\d is written [0-9], \\w "
       "[A-Za-z0-9_]"},
      {MakeFilter("$.a", F::IN, {}),
       ".values: IN takes 1 to 64 values; EXISTS asks only whether the path selects something"},
      {MakeFilter("$.a", F::OPERATOR_UNSPECIFIED, {}),
       ".values: IN takes 1 to 64 values; EXISTS asks only whether the path selects something"},
      {MakeFilter("$.a", F::CONTAINS, {}),
       ".values: CONTAINS takes 1 to 64 values; EXISTS asks only whether the path selects something"},
      {MakeFilter("$.a", F::IN, std::vector<std::string>(65, "a")), ".values: at most 64 values; these are 65"},
      {MakeFilter("$.a", F::EXISTS, {"a"}), ".values: EXISTS takes no values; IN compares with values"},
      {MakeFilter("$.a", F::NOT_EXISTS, {""}), ".values: NOT_EXISTS takes no values; IN compares with values"},
      {MakeFilter("$.a", F::LESS_THAN, {}), ".values: LESS_THAN takes exactly one value, not 0"},
      {MakeFilter("$.a", F::AT_LEAST, {"1", "2"}), ".values: AT_LEAST takes exactly one value, not 2"},
      {MakeFilter("$.a", F::AT_MOST, {"01"}),
       ".values[0]: a number such as 3600 or an RFC 3339 time such as 2023-10-02T16:14:25Z, not \"01\""},
      {MakeFilter("$.a", F::GREATER_THAN, {"2023-10-02"}),
       ".values[0]: a number such as 3600 or an RFC 3339 time such as 2023-10-02T16:14:25Z, not \"2023-10-02\""},
      {MakeFilter("$.a", F::MATCHES, {"ok", "fine", "(a"}), ".values[2]: not an RE2 expression: missing ): (a"},
      {MakeFilter("$.a", F::MATCHES, {"((\\pL{100}){100}){100}"}),
       ".values[0]: not an RE2 expression: invalid repetition size: {100}"},
      {MakeFilter("$.a", static_cast<F::Operator>(42), {"a"}),
       ".operator: 42 is no operator; use IN, NOT_IN, CONTAINS, STARTS_WITH, ENDS_WITH, MATCHES, EXISTS, NOT_EXISTS, "
       "LESS_THAN, "
       "AT_MOST, GREATER_THAN or AT_LEAST"},
  };
  for (const auto& [filter, line] : kCases) EXPECT_EQ(FilterErrors(filter), "webhook.filters[1]" + line);
}

TEST(ConditionErrors, AllAtOnce) {
  EXPECT_EQ(FilterErrors(MakeFilter("$.", v1::Filter::MATCHES, {"(", "a", "*"})),
            "webhook.filters[1].path: position 3: expected a name or * (other names are written ['…']), found the end\n"
            "webhook.filters[1].values[0]: not an RE2 expression: missing ): (\n"
            "webhook.filters[1].values[2]: not an RE2 expression: no argument for repetition operator: *");
}

std::string ValidatorErrors(const v1::ResponseValidator& validator) {
  FieldViolations violations;
  const auto condition =
      Condition::CompileValidator(validator, DefaultLimits(), "webhook.response_validators[0]", violations);
  EXPECT_EQ(condition.has_value(), violations.empty());
  return Lines(violations);
}

TEST(Validator, MustStartInTheResponse) {
  constexpr absl::string_view kRule =
      "webhook.response_validators[0].json_path: start with $.data, $.status or $.headers";
  static constexpr struct {
    const char* path;
    const char* meant;
  } kCases[] = {
      {"$.ok", "$.data.ok"},
      {"$['ok']", "$.data['ok']"},
      {"$[0].id", "$.data[0].id"},
      {"$..id", "$.data..id"},
      {"$", "$.data"},
      {"$.Data.ok", "$.data.Data.ok"},
      {"$['data','x']", "$.data['data','x']"},
      {"$.*", "$.data.*"},
      {"ok", "$.data.ok"},
      {"result.state", "$.data.result.state"},
  };
  for (const auto& [path, meant] : kCases) {
    EXPECT_EQ(ValidatorErrors(MakeValidator(path, v1::Filter::IN, {"x"})),
              absl::StrCat(kRule, "; did you mean ", meant, "?"));
  }
  const std::string long_name(200, 'a');
  EXPECT_EQ(ValidatorErrors(MakeValidator("$." + long_name, v1::Filter::IN, {"x"})), kRule);
  for (const char* path : {"$.data", "$.data.ok", "$['data'][0]", "$.status", "$.headers['content-type']", "$ .data"}) {
    EXPECT_EQ(ValidatorErrors(MakeValidator(path, v1::Filter::IN, {"x"})), "") << path;
  }
}

TEST(Validator, NamesItsOwnFields) {
  EXPECT_EQ(ValidatorErrors(MakeValidator("", v1::Filter::IN, {"x"})),
            "webhook.response_validators[0].json_path: required: a JSONPath such as $.data.ok");
  EXPECT_EQ(ValidatorErrors(MakeValidator("data.ok", v1::Filter::IN, {"x"})),
            "webhook.response_validators[0].json_path: position 1: every path starts with $; did you mean $.data.ok?");
  EXPECT_EQ(ValidatorErrors(MakeValidator("$.data", static_cast<v1::Filter::Operator>(-1), {"x"})).substr(0, 45),
            "webhook.response_validators[0].operator: -1 i");
  EXPECT_THAT(ValidatorErrors(MakeValidator("$.data", v1::Filter::MATCHES, {"a", "["})),
              StartsWith("webhook.response_validators[0].expected_values[1]: not an RE2 expression: missing ]"));
  EXPECT_THAT(ValidatorErrors(MakeValidator("$.data", v1::Filter::IN, {})),
              StartsWith("webhook.response_validators[0].expected_values: IN takes 1 to 64 values"));
}

TEST(Validator, DefaultsToInOrToExists) {
  FieldViolations violations;
  const auto op = [&](const std::vector<std::string>& values) {
    const auto validator = MakeValidator("$.data.key", v1::Filter::OPERATOR_UNSPECIFIED, values);
    return Condition::CompileValidator(validator, DefaultLimits(), "v", violations)->op();
  };
  EXPECT_EQ(op({}), v1::Filter::EXISTS);
  EXPECT_EQ(op({"x"}), v1::Filter::IN);
  EXPECT_EQ(CompileOrDie(MakeFilter("$.a", v1::Filter::OPERATOR_UNSPECIFIED, {"x"})).op(), v1::Filter::IN);
}

TEST(Validator, JudgesTheResponsesOfRealSystems) {
  static const std::tuple<v1::ResponseValidator, const char*, bool> kCases[] = {
      {MakeValidator("$.data", v1::Filter::IN, {"ok"}), R"({"status":200,"headers":{},"data":"ok"})", true},
      {MakeValidator("$.data", v1::Filter::IN, {"ok"}), R"({"status":200,"headers":{},"data":"no_text"})", false},
      {MakeValidator("$.data", v1::Filter::IN, {"1"}), R"({"status":200,"headers":{},"data":1})", true},
      {MakeValidator("$.data", v1::Filter::IN, {"1"}),
       R"({"status":200,"headers":{},"data":"Webhook message delivery failed"})", false},
      {MakeValidator("$.data.key", v1::Filter::OPERATOR_UNSPECIFIED, {}),
       R"({"status":201,"headers":{},"data":{"key":"AR-1"}})", true},
      {MakeValidator("$.data.result.state", v1::Filter::IN, {"1"}),
       R"({"status":201,"headers":{},"data":{"result":{"state":"1"}}})", true},
      {MakeValidator("$.status", v1::Filter::AT_MOST, {"201"}), R"({"status":202,"headers":{},"data":""})", false},
      {MakeValidator("$.headers['content-type']", v1::Filter::STARTS_WITH, {"application/json"}),
       R"({"status":200,"headers":{"content-type":"application/json; charset=utf-8"},"data":null})", true},
  };
  for (const auto& [validator, document, passes] : kCases) {
    FieldViolations violations;
    const auto condition = Condition::CompileValidator(validator, DefaultLimits(), "v", violations);
    EXPECT_EQ(condition->Match(JsonDocument::Parse(document)->root()), passes) << document;
  }
}

}  // namespace
}  // namespace herald
