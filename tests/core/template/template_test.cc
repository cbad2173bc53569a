#include "src/core/template/template.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "herald/v1/webhook.pb.h"
#include "src/base/json.h"
#include "src/core/limits.h"

namespace herald {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kEvent[] = R"({
  "event_id": "evt_1", "event_type": "RequestCreated", "event_time": 1696263265.851898000,
  "data": {
    "id": "123", "name": "Ada \"the\" first", "text": "a\nb\\c", "count": 3600, "big": 12345678901234567890, "yes": true, "no": false,
    "nothing": null, "empty": "", "zero": 0, "list": [1, "two", null, {"x": 3}], "none": [], "map": {"b": 1, "a": "z"},
    "groups": [{"name": "one", "units": ["u1", "u2"]}, {"name": "two", "units": []}, {"name": "three", "units": ["u3"]}],
    "odd key": "odd", "json": "{\"k\":[1]}", "html": "<b>&\"'</b>", "url": "a b&c=d/é", "date": "2023-10-02T16:14:25Z"
  }
})";

const JsonValue& Event() {
  static const auto* const document = new JsonDocument(JsonDocument::Parse(kEvent).value());
  return document->root();
}

std::string Render(absl::string_view text, TemplateDialect dialect = TemplateDialect::kJson) {
  const auto compiled = Template::Compile(text, dialect, DefaultLimits());
  if (!compiled.ok()) return "COMPILE " + std::string(compiled.status().message());
  const auto rendered = compiled->Render(Event(), {{"token", "s3cr3t\"value"}});
  if (!rendered.ok()) return "RENDER " + std::string(rendered.status().message());
  if (dialect == TemplateDialect::kJson) {
    const auto parsed = JsonDocument::Parse(*rendered, {.depth_max = 100, .refuse_duplicate_names = true});
    EXPECT_TRUE(parsed.ok()) << text << " gave " << *rendered << ": " << parsed.status();
  }
  return *rendered;
}

struct Case {
  const char* text;
  const char* result;
};

void ExpectAll(std::initializer_list<Case> cases, TemplateDialect dialect = TemplateDialect::kJson) {
  for (const Case& one : cases) EXPECT_THAT(Render(one.text, dialect), HasSubstr(one.result)) << one.text;
}

void ExpectExactly(std::initializer_list<Case> cases, TemplateDialect dialect = TemplateDialect::kJson) {
  for (const Case& one : cases) EXPECT_EQ(Render(one.text, dialect), one.result) << one.text;
}

TEST(Template, WritesValuesForThePlaceWhereTheyStand) {
  ExpectExactly({
      {R"({"text": "Hi {{data.name}}!"})", R"({"text": "Hi Ada \"the\" first!"})"},
      {R"({"a":{{data.count}}})", R"({"a":3600})"},
      {R"({"a":{{data.big}},"t":{{event_time}}})", R"({"a":12345678901234567890,"t":1696263265.851898000})"},
      {R"({"a":{{data.map}}})", R"({"a":{"b":1,"a":"z"}})"},
      {R"({"a":{{data.missing}}})", R"({"a":null})"},
      {R"({"a":"{{data.missing}}{{data.nothing}}"})", R"({"a":""})"},
      {R"({"a":"{{data.list}}"})", R"({"a":"[1,\"two\",null,{\"x\":3}]"})"},
      {R"({"{{data.id}}":1})", R"({"123":1})"},
      {R"({{data.name}})", R"("Ada \"the\" first")"},
      {R"([{{data.list.[0]}}, {{data.list.3.x}}, {{data.[odd key]}}])", R"([1, 3, "odd"])"},
      {R"({"a":{{this.data.yes}},"b":{{@root.data.no}}})", R"({"a":true,"b":false})"},
      {R"({"a":"{{@secret.token}}"})", R"({"a":"s3cr3t\"value"})"},
      {R"("x{{! a comment }}y{{!-- {{ another }} --}}z")", R"("xyz")"},
  });
}

TEST(Template, ReadsBackslashesBeforeTagsAsJsonDoes) {
  ExpectExactly({
      {R"("C:\\{{data.id}}")", R"("C:\\123")"},
      {R"("\{{data.id}}")", R"("{{data.id}}")"},
  });
  ExpectAll({{R"("\\\{{x}}")", "{{x}}"}});
}

TEST(Template, RefusesTagsThatStandNowhere) {
  ExpectAll({
      {R"({"a": x{{data.id}}})", "COMPILE line 1, column 7: \"x\" is not JSON"},
      {R"({{data.id}}{{data.id}})", "to join texts put quotes around them"},
      {R"({"a": {{data.id}}{{data.id}}})", "only a name in quotes may stand"},
      {R"({ {{data.id}}: 1})", "only a name in quotes may stand"},
      {R"({"a": 1{{data.id}}})", "only a name in quotes may stand"},
      {R"({"a": "\u00{{data.id}}"})", "\\u wants four hexadecimal digits"},
      {"{\"a\": \"b\nc\"}", "a line break stands in a string"},
      {R"([1 2])", "a comma is missing"},
      {R"([1,,2])", "two commas in a row"},
      {R"([1,])", "a comma stands after the last item"},
      {R"([,1])", "a comma stands before the first item"},
      {R"({"a":1,"a":2})", "the name \"a\" comes twice"},
      {R"([1)", "the body ends between the items of an array"},
      {"", "it must be one complete JSON value"},
      {R"({"a":{{#if data.yes}}1{{/if}}})", "add {{else}}null"},
      {R"({"a":{{#each data.list}}1{{/each}}})", "put [ ] around the each"},
      {R"([{{#if data.yes}}[{{else}}{ {{/if}}])", "both must end at the same place"},
  });
}

TEST(Template, WritesCommasItself) {
  ExpectExactly({
      {R"([{{#each data.groups}}{{name}}{{/each}}])", R"(["one","two","three"])"},
      {R"([{{#each data.groups}}{{name}},{{/each}}])", R"(["one","two","three"])"},
      {R"([{{#each data.groups}},{{name}}{{/each}}])", R"(["one","two","three"])"},
      {R"([{{#each data.groups}}{{name}}{{#unless @last}},{{/unless}}{{/each}}])", R"(["one","two","three"])"},
      {R"([0,{{#each data.groups}}{{#if units}}{{name}}{{/if}}{{/each}},9])", R"([0,"one","three",9])"},
      {R"([{{#each data.none}}1{{/each}}])", R"([])"},
      {R"({"a":1{{#if data.yes}},"b":2{{/if}}{{#if data.no}},"c":3{{/if}},"d":4})", R"({"a":1,"b":2,"d":4})"},
      {R"({ {{#if data.no}}"b":2,{{/if}}"d":4})", R"({ "d":4})"},
      {R"([{{#each data.groups}}[{{#each units}}{{this}}{{/each}}]{{/each}}])", R"([["u1","u2"],[],["u3"]])"},
  });
}

TEST(Template, FailsOnNamesThatComeTwiceInWhatIsWritten) {
  ExpectAll({
      {R"({"123":1,"{{data.id}}":2})", "RENDER line 1, column 11: the rendered body is not valid: line 1, column 10"},
      {R"({ {{#each data.map}}"same":1{{/each}} })", "\"same\" comes twice"},
      {R"({ {{#if data.yes}}"x":1{{else}}"x":2{{/if}} })", R"("x":1)"},
  });
}

TEST(Template, LetsRawChangeTheTypeAndNothingElse) {
  ExpectExactly({
      {R"({"a":{{{data.json}}}})", R"({"a":{"k":[1]}})"},
      {R"({"a":{{&data.count}}})", R"({"a":3600})"},
      {R"({"a":"{{{data.id}}}"})", R"({"a":"123"})"},
  });
  ExpectAll({
      {R"({"a":{{{data.name}}}})", "RENDER line 1, column 6: the text of this raw tag is not exactly one JSON value"},
      {R"({"a":"{{{data.name}}}"})", "is not the inside of a JSON string"},
  });
}

TEST(Template, EscapesDocumentsInsideStringsTwice) {
  ExpectExactly({
      {R"({"m":"{\"t\":\"{{data.name}}\",\"n\":{{data.count}}}"})",
       R"({"m":"{\"t\":\"Ada \\\"the\\\" first\",\"n\":3600}"})"},
      {R"({"m":"[{{#each data.groups}}\"{{name}}\"{{/each}}]"})", R"({"m":"[\"one\",\"two\",\"three\"]"})"},
      {R"({"m":"[{{data.id}}] {{data.name}}"})", R"({"m":"[123] Ada \"the\" first"})"},
      {R"({"m":"{\"d\":\"{\\\"t\\\":\\\"{{data.name}}\\\"}\"}"})",
       R"({"m":"{\"d\":\"{\\\"t\\\":\\\"Ada \\\\\\\"the\\\\\\\" first\\\"}\"}"})"},
  });
  ExpectAll({{R"({"m":"{\"t\":{{data.name}}"})", "begins like a JSON document and is none"}});
}

TEST(Template, HasBlocks) {
  ExpectExactly({
      {R"({"a":{{#if data.zero}}1{{else if data.yes}}2{{else}}3{{/if}}})", R"({"a":2})"},
      {R"({"a":{{#unless data.none}}1{{else}}2{{/unless}}})", R"({"a":1})"},
      {R"({"a":{{#with data.map}}{{a}}{{else}}0{{/with}}})", R"({"a":"z"})"},
      {R"([{{#each data.map}}"{{@key}}={{this}}"{{/each}}])", R"(["b=1","a=z"])"},
      {R"([{{#each data.groups as |g i|}}"{{i}}{{g.name}}{{@first}}"{{/each}}])",
       R"(["0onetrue","1twofalse","2threefalse"])"},
      {R"([{{#each data.groups}}{{#each units}}"{{../name}} {{@../index}} {{this}}"{{/each}}{{/each}}])",
       R"(["one 0 u1","one 0 u2","three 2 u3"])"},
      {R"("{{#each data.none}}x{{else}}empty{{/each}}")", R"("empty")"},
  });
}

TEST(Template, HasHelpers) {
  ExpectExactly({
      {R"({{default data.empty "x"}})", R"("x")"},
      {R"("{{join data.groups.0.units "+"}}")", R"("u1+u2")"},
      {R"({{length data.list}})", "4"},
      {R"({{lookup data.map "a"}})", R"("z")"},
      {R"("{{upper "abc"}}{{lower "ABC"}}{{trim " x "}}")", R"("ABCabcx")"},
      {R"("{{truncate "añb" 2}}|{{truncate "abcdef" 4 "…"}}")", R"("añ|abc…")"},
      {R"("{{replace "a-b-c" "-" "."}}")", R"("a.b.c")"},
      {R"("{{date event_time "%Y-%m-%d %H:%M" "Europe/Berlin"}} {{date data.date "%H"}}")", R"("2023-10-02 18:14 16")"},
      {R"("{{slack data.html}}")", R"("&lt;b&gt;&amp;\"'&lt;/b&gt;")"},
      {R"("{{url data.url}} {{base64 "user:pw"}}")", R"("a%20b%26c%3Dd%2F%C3%A9 dXNlcjpwdw==")"},
      {R"([{{eq 1 1.0}},{{ne data.id "123"}},{{lt 1 2}},{{le "b" "a"}},{{gt 2 1}},{{ge 1 "x"}},{{and 1 ""}},{{or 0 1}},{{not 1}}])",
       R"([true,false,true,false,true,false,false,true,false])"},
      {R"({"a":{{json data.map}},"b":"{{json data.map}}"})", R"({"a":{"b":1,"a":"z"},"b":"{\"b\":1,\"a\":\"z\"}"})"},
      {R"({{date}})", "null"},
  });
  ExpectAll({
      {R"({{nohelper data.id}})", "there is no helper \"nohelper\""},
      {R"({{data.groups[0].name}})", "a point goes before an index: \"data.groups.[0]\""},
      {R"({{upper}})", "null"},
      {R"({{truncate data.name}})", "truncate is given 1 arguments; want truncate text length [suffix]"},
      {R"({{date data.name "%Y"}})", "RENDER line 1, column 3: date: neither epoch seconds"},
      {R"({{date data.date "%Y" "Mars/One"}})", "there is no time zone"},
      {R"({{truncate data.name length=3}})", R"("Ada")"},
      {R"({{upper data.name size=3}})", "upper takes no size="},
  });
}

TEST(Template, SaysWhereTheSyntaxIsWrong) {
  ExpectAll({
      {"[\n  {{#if x}}1", "line 2, column 3: this block has no end: {{/if}} is missing"},
      {"[{{#if x}}1{{/each}}]", "{{/each}} closes {{#if x}}; want {{/if}}"},
      {"[{{/if}}]", "closes no block"},
      {"[{{else}}]", "stands in no block"},
      {"[{{data.", "this tag has no end"},
      {"[{{#name}}{{/name}}]", "write {{#if name}}"},
      {"[{{^name}}{{/name}}]", "write {{#unless name}}"},
      {"[{{> part}}]", "there are no partials"},
      {"[{{* x}}]", "there are no decorators"},
      {"[{{{{x}}}}]", "is no tag"},
      {"[{{(eq a b}}]", "has no \")\""},
      {"[{{@nothing}}]", "there is no @nothing"},
      {"[{{@secret}}]", "want {{@secret.name}}"},
      {"[{{lookup @secret x}}]", "want {{@secret.name}}"},
  });
}

TEST(Template, KnowsOtherDialects) {
  EXPECT_EQ(Render("a={{data.url}}&b={{{data.id}}}", TemplateDialect::kForm), "a=a%20b%26c%3Dd%2F%C3%A9&b=123");
  EXPECT_EQ(Render("<a>{{data.html}}</a>", TemplateDialect::kXml), "<a>&lt;b&gt;&amp;&quot;&#39;&lt;/b&gt;</a>");
  EXPECT_EQ(Render("{{#if data.yes}}\n{{data.html}}\n{{/if}}\n", TemplateDialect::kPlainText), "<b>&\"'</b>\n");
  EXPECT_EQ(Render("/x/{{data.url}}?q={{data.id}}", TemplateDialect::kUrl), "/x/a%20b%26c%3Dd%2F%C3%A9?q=123");
  EXPECT_THAT(Render("/x/{{#if data.yes}}..{{/if}}/y", TemplateDialect::kUrl), HasSubstr("RENDER"));
  EXPECT_THAT(Render("/x/{{{data.id}}}", TemplateDialect::kUrl), HasSubstr("no raw tags here"));
  EXPECT_EQ(Render("Bearer {{@secret.token}}", TemplateDialect::kHeader), "Bearer s3cr3t\"value");
  EXPECT_THAT(Render("{{data.text}}", TemplateDialect::kHeader),
              HasSubstr("RENDER line 1, column 1: the value holds a line break"));
}

TEST(Template, TrimsWhiteSpace) {
  EXPECT_EQ(Render("a  {{~data.id~}}  b", TemplateDialect::kPlainText), "a123b");
  EXPECT_EQ(Render("a\n  {{#each data.groups}}  \n- {{name}}\n  {{/each}}\nz", TemplateDialect::kPlainText),
            "a\n- one\n- two\n- three\nz");
}

TEST(Template, NamesItsSecrets) {
  const auto compiled = Template::Compile(R"(["{{@secret.b}}","{{upper @secret.a}}",{{#if @secret.b}}1{{/if}}])",
                                          TemplateDialect::kJson, DefaultLimits());
  ASSERT_TRUE(compiled.ok()) << compiled.status();
  EXPECT_THAT(compiled->secret_names(), ElementsAre("b", "a"));
  EXPECT_THAT(Render(R"("{{@secret.other}}")"), HasSubstr("there is no secret \"other\""));
}

TEST(Template, TellsThePositionOfEveryTag) {
  const auto compiled =
      Template::Compile("{\"a\": \"{{x}}\",\n \"b\": {{y}}, \"{{z}}\": \"{\\\"q\\\":\\\"{{w}}\\\"}\"}",
                        TemplateDialect::kJson, DefaultLimits());
  ASSERT_TRUE(compiled.ok()) << compiled.status();
  std::vector<std::string> told;
  for (const Template::Position& one : compiled->positions()) {
    told.push_back(std::to_string(one.line) + ":" + std::to_string(one.column) + " " + one.tag + " " + one.position);
  }
  EXPECT_THAT(told, ElementsAre("1:8 {{x}} JSON string", "2:7 {{y}} JSON value", "2:15 {{z}} JSON key",
                                "2:33 {{w}} JSON string in a JSON string"));
}

TEST(Template, BoundsItsWork) {
  v1::Limits limits = DefaultLimits();
  limits.set_template_iterations_max(5);
  limits.set_rendered_body_bytes_max(100);
  limits.set_template_helper_bytes_max(50);
  const auto render = [&](absl::string_view text) {
    const auto compiled = Template::Compile(text, TemplateDialect::kJson, limits);
    return std::string(compiled.ok() ? compiled->Render(Event(), {}).status().message() : compiled.status().message());
  };
  EXPECT_THAT(render("[{{#each data.list}}{{#each ../data.list}}1{{/each}}{{/each}}]"),
              HasSubstr("more than 5 iterations"));
  EXPECT_THAT(render("[\"" + std::string(99, 'x') + "{{data.id}}\"]"), HasSubstr("the output passes 100 bytes"));
  EXPECT_THAT(render("[\"{{upper \"" + std::string(60, 'x') + "\"}}\"]"), HasSubstr("the helpers make too much text"));
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "{{#if a}}";
  EXPECT_THAT(render(deep), HasSubstr("more than 32 blocks one in another"));
  EXPECT_THAT(render("{{upper " + std::string(60000, '(')), HasSubstr("this tag has no end"));
  EXPECT_THAT(render("{{upper " + std::string(60000, '(') + "}}"), HasSubstr("more than 32 sub-expressions"));
  EXPECT_THAT(render(std::string(70000, ' ')), HasSubstr("want at most 65536"));
}

std::string RenderWith(absl::string_view text, absl::string_view event, const Template::Secrets& secrets = {},
                       TemplateDialect dialect = TemplateDialect::kJson) {
  const auto compiled = Template::Compile(text, dialect, DefaultLimits());
  if (!compiled.ok()) return "COMPILE " + std::string(compiled.status().message());
  const auto document = JsonDocument::Parse(event);
  if (!document.ok()) return "EVENT " + std::string(document.status().message());
  const auto rendered = compiled->Render(document->root(), secrets);
  return rendered.ok() ? *rendered : "RENDER " + std::string(rendered.status().message());
}

std::string Repeated(absl::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out.append(text.data(), text.size());
  return out;
}

TEST(Template, FindsNamesThatComeTwiceInAContainerThatABlockOpened) {
  EXPECT_THAT(RenderWith(R"([{"a":1{{#if x}}},{"b":2{{/if}},"a":3}])", "{}"), HasSubstr("\"a\" comes twice"));
  EXPECT_EQ(RenderWith(R"([{"a":1{{#if x}}},{"b":2{{/if}},"a":3}])", R"({"x":1})"), R"([{"a":1},{"b":2,"a":3}])");
  EXPECT_THAT(RenderWith(R"({{#if x}}{"a":1{{else}}{"a":2{{/if}},"a":3})", "{}"), HasSubstr("\"a\" comes twice"));
  EXPECT_THAT(RenderWith(R"([{"a":1{{#if x}}{{else}}},{"c":2{{/if}},"c":3}])", "{}"), HasSubstr("\"c\" comes twice"));
}

TEST(Template, ShowsNoSecretThatStandsInAName) {
  const std::string result = RenderWith(R"({"{{@secret.k}}":1,"{{@secret.k}}":2})", "{}", {{"k", "hunter2"}});
  EXPECT_THAT(result, HasSubstr("RENDER"));
  EXPECT_THAT(result, Not(HasSubstr("hunter2")));
  const std::string inner =
      RenderWith(R"({"d":"{\"{{@secret.k}}\":1,\"{{@secret.k}}\":2}"})", "{}", {{"k", "hunter2"}});
  EXPECT_THAT(inner, HasSubstr("RENDER"));
  EXPECT_THAT(inner, Not(HasSubstr("hunter2")));
}

TEST(Template, NamesThePlaceInTheTemplateAndNotInTheBody) {
  const char* const same = R"({"a":"x","b":"x","l":["x","x"]})";
  EXPECT_EQ(
      RenderWith("{\n \"{{a}}\":1,\n \"{{b}}\":2}", same),
      "RENDER line 3, column 3: the rendered body is not valid: line 3, column 2: the name \"x\" comes twice in one "
      "object");
  EXPECT_THAT(RenderWith("{\"t\":\"{{l}}\",\n\"l\":{\n{{#each l}}\"{{this}}\":1{{/each}}}\n}", same),
              HasSubstr("RENDER line 3, column 13: the rendered body"));
  EXPECT_THAT(RenderWith("[\"{\\\"t\\\":\\\"{{a}}\\\"}\",\n{\"{{a}}\":1,\n\"{{b}}\":2\n}]", same),
              HasSubstr("RENDER line 3, column 2: the rendered body"));
  EXPECT_THAT(RenderWith("{\n\"{{@secret.k}}\":1,\"{{@secret.k}}\":2}", "{}", {{"k", "hunter2"}}),
              HasSubstr("RENDER line 2, column 20: the rendered body is not valid: a name comes twice"));
  EXPECT_THAT(RenderWith("{\n\"a\":\"\xFF\"}", "{}"), HasSubstr("COMPILE line 2, column 6: this is not UTF-8"));
  EXPECT_THAT(RenderWith("{\"a\":\xC3\xA9}", "{}"), HasSubstr("\"\xC3\xA9\" is not JSON"));
}

TEST(Template, SurvivesRawTextOfAnyDepth) {
  const std::string deep = R"({"x":")" + Repeated("[", 400'000) + Repeated("]", 400'000) + R"("})";
  EXPECT_THAT(RenderWith("{{{x}}}", deep), HasSubstr("RENDER"));
  EXPECT_THAT(RenderWith("{{x}}", deep), HasSubstr("[[["));
  const std::string shallow = R"({"x":")" + Repeated("[", 100) + Repeated("]", 100) + R"("})";
  EXPECT_EQ(RenderWith("{{{x}}}", shallow), Repeated("[", 100) + Repeated("]", 100));
  EXPECT_THAT(RenderWith(Repeated("[", 501) + Repeated("]", 501), "{}"), HasSubstr("more than 500 arrays and objects"));
}

TEST(Template, KeepsTheIndexWhenHelpersHaveNoRoomLeft) {
  v1::Limits limits = DefaultLimits();
  limits.set_template_helper_bytes_max(0);
  const auto compiled =
      Template::Compile("[{{#each xs as |x i|}}{{@index}},{{i}}{{/each}}]", TemplateDialect::kJson, limits);
  ASSERT_TRUE(compiled.ok()) << compiled.status();
  const auto document = JsonDocument::Parse(R"({"xs":["a","b"]})");
  EXPECT_EQ(compiled->Render(document->root(), {}).value(), "[0,0,1,1]");
}

TEST(Template, WritesNoCharacterThatXmlForbids) {
  EXPECT_EQ(
      RenderWith("<a>{{x}}</a>", "{\"x\":\"1\xEF\xBF\xBE\xEF\xBF\xBF\\u0001\xEF\xBC\xA1\"}", {}, TemplateDialect::kXml),
      "<a>1\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBC\xA1</a>");
}

TEST(Template, RendersEveryExample) {
  int rendered = 0;
  for (const auto& folder : std::filesystem::directory_iterator("examples")) {
    if (!folder.is_directory()) continue;
    std::ifstream file(folder.path() / "webhook.json");
    const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    v1::Webhook webhook;
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(text, &webhook).ok()) << folder.path();
    if (webhook.body_template().empty()) continue;
    const auto compiled = Template::Compile(webhook.body_template(), TemplateDialect::kJson, DefaultLimits());
    ASSERT_TRUE(compiled.ok()) << folder.path() << ": " << compiled.status();
    Template::Secrets secrets(webhook.secrets().begin(), webhook.secrets().end());
    const auto body = compiled->Render(Event(), secrets);
    ASSERT_TRUE(body.ok()) << folder.path() << ": " << body.status();
    EXPECT_TRUE(JsonDocument::Parse(*body, {.refuse_duplicate_names = true}).ok()) << folder.path() << ": " << *body;
    ++rendered;
  }
  EXPECT_GE(rendered, 8);
}

}  // namespace
}  // namespace herald
