// herald eval template: the real binary, without any server.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "src/base/json.h"
#include "tests/cli/run_herald.h"

namespace herald::cli {
namespace {

using ::testing::HasSubstr;

constexpr char kEvent[] = R"({"type": "RequestCreated", "id": "e1", "time": "2023-10-02T16:14:25.851898Z",
  "data": {"name": "a\"b", "big": 9007199254740993, "price": 1.50}})";

RunResult EvalTemplate(const std::string& text, std::vector<std::string> flags = {},
                       const std::string& event = kEvent) {
  std::vector<std::string> words = {"eval", "template", WriteTestFile("body.hbs", text), "-"};
  words.insert(words.end(), flags.begin(), flags.end());
  return RunHerald(words, {.input = event});
}

TEST(EvalTemplate, PrintsTheBodyAndNothingElse) {
  const struct {
    std::string text;
    std::vector<std::string> flags;
    std::string body;
  } kCases[] = {
      {R"({"text": "{{data.name}} {{event_type}}", "n": {{data.big}}, "p": {{data.price}}})",
       {},
       R"({"text": "a\"b RequestCreated", "n": 9007199254740993, "p": 1.50})"},
      {"{{event_time}}\n", {}, "1696263265.851898000\n"},
      {"{{event_id}}", {}, "\"e1\""},
      {"a={{data.name}}", {"--content_type", "application/x-www-form-urlencoded"}, "a=a%22b"},
      {"Hi {{data.name}}\n", {"--content_type=text/plain"}, "Hi a\"b\n"},
      {R"({"key": "{{@secret.key}}"})", {"--secret", "key=s3"}, R"({"key": "s3"})"},
  };
  for (const auto& test : kCases) {
    const RunResult result = EvalTemplate(test.text, test.flags);
    EXPECT_EQ(result.exit_code, 0) << test.text << result.err;
    EXPECT_EQ(result.out, test.body);
    EXPECT_EQ(result.err, "");
  }
}

TEST(EvalTemplate, EmptyTemplateIsTheEventDocument) {
  const RunResult result = EvalTemplate("");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr(R"("event_id":"e1")"));
  EXPECT_THAT(result.out, HasSubstr(R"("data":{"name":"a\"b","big":9007199254740993,"price":1.50})"));
}

TEST(EvalTemplate, WhatDoesNotCompileOrRenderExitsWithTwo) {
  const struct {
    std::string text;
    std::vector<std::string> flags;
    std::string event;
    std::string sentence;
  } kCases[] = {
      {"{\"a\":\n  {{#if x}}1{{/unless}}}", {}, kEvent, "body.hbs: line 2, column "},
      {"{\"a\": {{nosuch data.name}}}", {}, kEvent, "body.hbs: line 1, column "},
      {"{\"a\": {{{data.name}}}}", {}, kEvent, "body.hbs: line 1, column "},  // raw text that is no JSON value
      {"x", {"--content_type", "image/png"}, kEvent, "--content_type is \"image/png\""},
      {"{{@secret.key}}", {}, kEvent, "{{@secret.key}} has no value; give --secret key=VALUE"},
      {"1", {}, "{\"type\": \"x y\"}", "event.type"},
      {"1", {}, "{", "standard input: line 1, column 2: not JSON"},
  };
  for (const auto& test : kCases) {
    const RunResult result = EvalTemplate(test.text, test.flags, test.event);
    EXPECT_EQ(result.exit_code, 2) << test.text;
    EXPECT_EQ(result.out, "") << test.text;
    EXPECT_THAT(result.err, HasSubstr(test.sentence));
  }
}

TEST(EvalTemplate, PositionsNeedNoEvent) {
  const RunResult result = RunHerald({"eval", "template", "--positions", "-"},
                                     {.input = "{\"a\": {{data.name}},\n \"b\": \"x {{data.big}}\"}"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out,
            "LINE  COLUMN  TAG            POSITION\n"
            "1     7       {{data.name}}  JSON value\n"
            "2     10      {{data.big}}   JSON string\n");
  const RunResult json = RunHerald({"eval", "template", "--positions", "--output=json", "-"}, {.input = "{{x}}"});
  EXPECT_EQ(json.out, "{\"line\":1,\"column\":1,\"tag\":\"{{x}}\",\"position\":\"JSON value\"}\n");
  EXPECT_EQ(RunHerald({"eval", "template", "-"}, {.input = "1"}).exit_code, 2);
}

// What a user copies from examples/ renders the event that lies beside it.
TEST(EvalTemplate, RendersEveryExample) {
  int rendered = 0;
  for (const auto& folder : std::filesystem::directory_iterator("examples")) {
    if (!folder.is_directory()) continue;
    std::ifstream file(folder.path() / "webhook.json");
    std::ostringstream text;
    text << file.rdbuf();
    const absl::StatusOr<JsonDocument> webhook = JsonDocument::Parse(text.str());
    ASSERT_TRUE(webhook.ok()) << folder.path() << webhook.status();
    const JsonValue* body_template = webhook->root().Find("body_template");
    std::vector<std::string> words = {"eval", "template", "-", (folder.path() / "event.json").string()};
    if (const JsonValue* type = webhook->root().Find("content_type")) {
      words.push_back("--content_type=" + std::string(type->string()));
    }
    if (const JsonValue* secrets = webhook->root().Find("secrets")) {
      for (const JsonMember& secret : secrets->members()) {
        words.push_back("--secret=" + std::string(secret.name) + "=x");
      }
    }
    const std::string input(body_template == nullptr ? "" : body_template->string());
    const RunResult result = RunHerald(words, {.input = input});
    EXPECT_EQ(result.exit_code, 0) << folder.path() << result.err;
    EXPECT_TRUE(JsonDocument::Parse(result.out).ok()) << folder.path() << result.out;
    ++rendered;
  }
  EXPECT_GE(rendered, 9);
}

}  // namespace
}  // namespace herald::cli
