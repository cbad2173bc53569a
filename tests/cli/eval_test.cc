// herald eval: the real binary without any server, and every case of the conformance data through the same commands.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "clients/cli/program.h"
#include "clients/cli/root_command.h"
#include "src/base/json.h"
#include "tests/cli/run_herald.h"
#include "tests/support/shared_data.h"

namespace herald::cli {
namespace {

using ::testing::HasSubstr;

constexpr char kRequest[] = R"({"type": "RequestCreated", "time": "2023-10-02T16:14:25.851898Z", "subject": "s",
  "data": {"name": "a\"b", "big": 9007199254740993, "price": 1.50, "env": "staging"}})";

RunResult Eval(std::vector<std::string> words, const std::string& input = "") {
  words.insert(words.begin(), "eval");
  return RunHerald(words, {.input = input});
}

// The same in this process, for many cases.
RunResult EvalHere(std::vector<std::string> words, const std::string& input = "") {
  static const Command& root = *new Command(RootCommand());
  words.insert(words.begin(), "eval");
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  const Environment environment{in, out, err, {}, {}, ""};
  const ExitCode code = RunProgram(root, words, environment);
  return {static_cast<int>(code), out.str(), err.str()};
}

TEST(EvalJsonPath, PrintsTheNodelist) {
  const RunResult result = Eval({"jsonpath", "$..a"}, R"({"a": 1.50, "b": [{"a": {"x": null}}]})");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "[1.50,{\"x\":null}]\n");
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(Eval({"jsonpath", "$.nothing"}, "{}").out, "[]\n");
}

TEST(EvalJsonPath, PrintsPathsAndTakesAFile) {
  const std::string file = WriteTestFile("x.json", R"({"a": [1, {"it's": 2}]})");
  const RunResult result = Eval({"jsonpath", "--paths", "$..*", file});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, R"(["$['a']","$['a'][0]","$['a'][1]","$['a'][1]['it\\'s']"])"
                        "\n");
}

TEST(EvalJsonPath, SaysWhatIsWrong) {
  const RunResult query = Eval({"jsonpath", "$.a[", "-"}, "{}");
  EXPECT_EQ(query.exit_code, 2);
  EXPECT_EQ(query.out, "");
  EXPECT_THAT(query.err, HasSubstr("error: position 5: "));
  const RunResult document = Eval({"jsonpath", "$"}, "{\"a\" 1}");
  EXPECT_EQ(document.exit_code, 2);
  EXPECT_THAT(document.err, HasSubstr("error: standard input: line 1, column 6: not JSON"));
  std::string many = "[";
  for (int i = 0; i < 400; ++i) absl::StrAppend(&many, i == 0 ? "" : ",", i);
  EXPECT_EQ(Eval({"jsonpath", "$[?@ in 1]"}, "[]").exit_code, 2);
  EXPECT_EQ(Eval({"jsonpath", "$[?count($..*) > count($.*)]"}, many + "]").exit_code, 2);  // too much work
}

TEST(EvalJsonPath, PassesTheConformanceCases) {
  constexpr char kFile[] = "jsonpath/cts.json";
  const std::optional<JsonDocument> suite = SharedData(kFile);
  if (!suite.has_value()) GTEST_SKIP() << NoSharedData(kFile);
  for (const JsonValue& test : suite->root().Find("tests")->items()) {
    const std::string selector(test.Find("selector")->string());
    const JsonValue* document = test.Find("document");
    const RunResult result = EvalHere({"jsonpath", "--", selector}, document == nullptr ? "null" : ToJson(*document));
    if (test.Find("invalid_selector") != nullptr) {
      EXPECT_EQ(result.exit_code, 2) << selector;
      continue;
    }
    EXPECT_EQ(result.exit_code, 0) << selector << ": " << result.err;
    std::vector<std::string> allowed;
    if (const JsonValue* one = test.Find("result")) allowed.push_back(ToJson(*one) + "\n");
    if (const JsonValue* several = test.Find("results")) {
      for (const JsonValue& each : several->items()) allowed.push_back(ToJson(each) + "\n");
    }
    EXPECT_THAT(allowed, ::testing::Contains(result.out)) << selector;
  }
}

TEST(EvalFilter, PrintsTrueOrFalse) {
  const std::string event = WriteTestFile("event.json", kRequest);
  const struct {
    std::string filter;
    std::string out;
  } kCases[] = {
      {R"({"path": "$.data.env", "values": ["production", "staging"]})", "true\n"},
      {R"({"path": "$.data.env", "operator": "NOT_IN", "values": ["staging"]})", "false\n"},
      {R"({"path": "$.data.big", "values": ["9007199254740993"]})", "true\n"},
      {R"({"path": "$.data.big", "values": ["9007199254740992"]})", "false\n"},
      {R"({"path": "$.event_type", "values": ["RequestCreated"]})", "true\n"},
      {R"({"path": "$.event_id", "operator": "EXISTS"})", "true\n"},
  };
  for (const auto& test : kCases) {
    const RunResult result = Eval({"filter", "-", event}, test.filter);
    EXPECT_EQ(result.exit_code, 0) << test.filter << result.err;
    EXPECT_EQ(result.out, test.out) << test.filter;
    EXPECT_EQ(result.err, "");
  }
}

TEST(EvalFilter, ExplainsOnStandardError) {
  const RunResult result = Eval({"filter", "-", WriteTestFile("event.json", kRequest), "--explain"},
                                R"({"path": "$.data.env", "values": ["production"]})");
  EXPECT_EQ(result.out, "false\n");
  EXPECT_THAT(result.err, HasSubstr("$.data.env is \"staging\""));
}

TEST(EvalFilter, SaysWhatIsWrong) {
  const std::string event = WriteTestFile("event.json", kRequest);
  const RunResult filter = Eval({"filter", "-", event}, R"({"path": "data", "operator": "MATCHES", "values": ["("]})");
  EXPECT_EQ(filter.exit_code, 2);
  EXPECT_EQ(filter.out, "");
  EXPECT_THAT(filter.err, HasSubstr("  - filter.path: "));
  EXPECT_THAT(filter.err, HasSubstr("  - filter.values[0]: "));
  const std::string fine = WriteTestFile("filter.json", R"({"path": "$.data", "operator": "EXISTS"})");
  const RunResult bad_event = Eval({"filter", fine, "-"}, R"({"data": {"a": 1}})");
  EXPECT_EQ(bad_event.exit_code, 2);
  EXPECT_THAT(bad_event.err, HasSubstr("error: event.type: required"));
  EXPECT_THAT(Eval({"filter", fine, "-"}, R"({"type": "t", "data": {"a": 1, "a": 2}})").err,
              HasSubstr("the name \"a\" comes twice"));
  EXPECT_EQ(Eval({"filter", fine}).exit_code, 2);
}

TEST(EvalUrl, PrintsAllowedOrTheRule) {
  EXPECT_EQ(Eval({"url", "https://hooks.slack.com/services/T0/B0/x"}).out, "allowed\n");
  EXPECT_EQ(Eval({"url", "https://hooks.slack.com:443/x"}).exit_code, 0);
  for (const char* url : {"https//:hooks.slack.com/x", "http://example.com/", "https://example.com:8443/",
                          "https://user@example.com/", "https://127.0.0.1/", "https://localhost/", ""}) {
    const RunResult result = Eval({"url", url});
    EXPECT_EQ(result.exit_code, 1) << url;
    EXPECT_GT(result.out.size(), 10) << url;
    EXPECT_EQ(result.err, "") << url;
  }
}

TEST(EvalUrl, TakesTheServersFlags) {
  EXPECT_EQ(Eval({"url", "--allow_http", "http://example.com/"}).out, "allowed\n");
  EXPECT_EQ(Eval({"url", "--allow_ports=8443,9000", "https://example.com:9000/"}).out, "allowed\n");
  EXPECT_EQ(Eval({"url", "--allow_cidrs", "127.0.0.0/8,10.0.0.0/8", "https://10.1.2.3/"}).out, "allowed\n");
  EXPECT_EQ(Eval({"url", "--allow_ports", "0", "https://x.com/"}).exit_code, 2);
  EXPECT_EQ(Eval({"url", "--allow_cidrs", "127.0.0.0/99", "https://x.com/"}).exit_code, 2);
  EXPECT_EQ(Eval({"url"}).exit_code, 2);
}

TEST(EvalUrl, KnowsThatTagsAreNoUrl) {
  EXPECT_EQ(Eval({"url", "https://example.com/{{#if data.id}}{{url \"a#b c\"}}{{/if}}"}).out, "allowed\n");
  const RunResult unknown_helper = Eval({"url", "https://example.com/{{shout data.id}}"});
  EXPECT_EQ(unknown_helper.exit_code, 1);
  EXPECT_THAT(unknown_helper.out, ::testing::HasSubstr("there is no helper \"shout\""));
  EXPECT_EQ(Eval({"url", "https://example.com/" + std::string(2048, 'x')}).exit_code, 1);
}

TEST(EvalUrl, JudgesTheConformanceCases) {
  constexpr char kFile[] = "ssrf/ssrf.json";
  const std::optional<JsonDocument> suite = SharedData(kFile);
  if (!suite.has_value()) GTEST_SKIP() << NoSharedData(kFile);
  for (const JsonValue& test : suite->root().Find("urls")->items()) {
    const std::string url(test.Find("url")->string());
    const absl::string_view expected = test.Find("expect")->string();
    const RunResult result = EvalHere({"url", "--allow_http", "--allow_ports", "8443", "--", url});
    const bool refused = expected == "block" || expected == "reject";
    EXPECT_EQ(result.exit_code, refused ? 1 : 0) << url << ": " << result.out << result.err;
  }
}

}  // namespace
}  // namespace herald::cli
