// Stock Handlebars, from npm, as the oracle: where the two languages mean the same, the parsed outputs are equal. What
// differs on purpose is in template_test.cc.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/json.h"
#include "src/core/limits.h"
#include "src/core/template/template.h"
#include "tests/support/command_output.h"
#include "tests/support/temp_dir.h"

namespace herald {
namespace {

constexpr char kFolder[] = "tests/core/template/oracle";
constexpr char kEvent[] = R"({"event_type":"RequestCreated","data":{
  "id":"123","name":"Ada \"the\" first","text":"line\nbreak \\ slash é","count":3600,"half":0.5,"yes":true,"no":false,"empty":"","zero":0,
  "none":[],"words":["one","two","three"],"person":{"name":"Bob","email":"bob@example.com","address":{"city":"Köln"}},
  "groups":[{"name":"db","type":"Postgresql","units":[{"path":"a/b"},{"path":"c"}]},{"name":"web","type":"App","units":[]}],
  "map":{"x":"1","y":"2"}}})";

// Every combination of a value, or block, with the places where one may stand.
std::vector<std::string> Templates() {
  const char* const inside[] = {
      "{{data.id}}",
      "{{data.name}}",
      "{{data.text}}",
      "{{data.count}}",
      "{{data.half}}",
      "{{data.yes}}",
      "{{data.missing}}",
      "{{data.empty}}",
      "{{data.person.name}}",
      "{{data.person.address.city}}",
      "{{data.words.[1]}}",
      "{{data.groups.[0].name}}",
      "{{data/person/name}}",
      "{{upper data.id}}",
      "{{upper data.person.name}}",
      "{{default data.empty \"none\"}}",
      "{{default data.id 'none'}}",
      "{{#if data.yes}}yes{{/if}}",
      "{{#if data.no}}yes{{else}}no{{/if}}",
      "{{#if data.zero}}yes{{else}}no{{/if}}",
      "{{#if data.empty}}yes{{else}}no{{/if}}",
      "{{#if data.none}}yes{{else}}no{{/if}}",
      "{{#if data.map}}yes{{else}}no{{/if}}",
      "{{#unless data.yes}}a{{else}}b{{/unless}}",
      "{{#if data.no}}a{{else if data.yes}}b{{else}}c{{/if}}",
      "{{#each data.words}}{{this}} {{/each}}",
      "{{#each data.words}}{{@index}}:{{.}};{{/each}}",
      "{{#each data.none}}x{{else}}empty{{/each}}",
      "{{#each data.words}}{{#if @first}}first{{/if}}{{#if @last}}last{{/if}}{{/each}}",
      "{{#each data.map}}{{@key}}={{this}}&{{/each}}",
      "{{#each data.groups}}{{name}}/{{type}} {{/each}}",
      "{{#each data.groups}}{{#each units}}{{../name}}:{{path}} {{/each}}{{/each}}",
      "{{#each data.groups as |group index|}}{{index}}-{{group.name}} {{/each}}",
      "{{#with data.person}}{{name}} {{email}}{{/with}}",
      "{{#with data.missing}}x{{else}}nobody{{/with}}",
      "{{#with data.person as |who|}}{{who.name}}{{/with}}",
      "{{#with data.person}}{{@root.data.id}}{{/with}}",
      "{{#with data.person}}{{#with address}}{{city}} {{../name}}{{/with}}{{/with}}",
      "{{! a comment }}x",
      "{{!-- {{not}} a tag --}}y",
      "a {{~data.id~}} b",
      "a{{~#if data.yes~}} b {{~/if~}} c",
      "{{#if (eq data.id \"123\")}}same{{else}}other{{/if}}",
      "{{#if (and data.yes (not data.no))}}both{{/if}}",
      "{{#if (lt data.half 1)}}less{{/if}}",
      "{{#if (or data.no data.zero)}}a{{else}}b{{/if}}",
      "{{#each data.words}}{{@root.data.id}}{{/each}}",
  };
  std::vector<std::string> templates;
  for (const char* one : inside) {
    templates.push_back(absl::StrCat("{\"text\": \"", one, "\"}"));
    templates.push_back(absl::StrCat("[\"before ", one, " after\", {\"k\": [\"", one, "\"]}]"));
    templates.push_back(absl::StrCat("{{#if data.yes}}\n{\"a\": \"", one, one, "\"}\n{{else}}\n[]\n{{/if}}\n"));
    templates.push_back(absl::StrCat("[{{#each data.words}}\"", one, "\"{{#unless @last}},{{/unless}}{{/each}}]"));
  }
  for (const char* number : {"data.count", "data.half", "data.yes", "data.no", "data.zero"}) {
    templates.push_back(absl::StrCat("{\"n\": {{", number, "}} }"));
    templates.push_back(
        absl::StrCat("[{{#each data.words}}{{@root.", number, "}}{{#unless @last}}, {{/unless}}{{/each}}]"));
  }
  return templates;
}

std::string Input(const std::vector<std::string>& templates) {
  std::string input = absl::StrCat("{\"event\":", kEvent, ",\"templates\":[");
  for (size_t i = 0; i < templates.size(); ++i) {
    if (i > 0) input += ",";
    AppendJsonString(templates[i], &input);
  }
  return input + "]}";
}

// What stock Handlebars makes of the templates, or nothing when it is not installed.
absl::StatusOr<JsonDocument> Oracle(const std::vector<std::string>& templates) {
  TempDir directory;
  std::ofstream(directory.File("input.json")) << Input(templates);
  const std::string command = absl::StrCat("node ", kFolder, "/render.js < '", directory.File("input.json"), "'");
  int status = 0;
  const std::string output = OutputOf(command, &status);
  if (status != 0) return absl::UnavailableError("node failed");
  return JsonDocument::Parse(output);
}

std::string Canonical(absl::string_view json) {
  const auto document = JsonDocument::Parse(json);
  if (!document.ok()) return absl::StrCat("not JSON: ", json);
  std::string out;
  AppendCanonicalJson(document->root(), &out);
  return out;
}

TEST(TemplateOracle, AgreesWithHandlebarsWhereTheTwoMeanTheSame) {
  if (!std::filesystem::exists(absl::StrCat(kFolder, "/node_modules/handlebars"))) {
    ASSERT_EQ(std::getenv("CI"), nullptr) << "scripts/setup test did not install handlebars";
    GTEST_SKIP() << "handlebars is not installed: run scripts/setup test";
  }
  const std::vector<std::string> templates = Templates();
  ASSERT_GE(templates.size(), 150U);
  const auto expected = Oracle(templates);
  ASSERT_TRUE(expected.ok()) << expected.status();
  ASSERT_EQ(expected->root().items().size(), templates.size());
  const auto event = JsonDocument::Parse(kEvent);
  for (size_t i = 0; i < templates.size(); ++i) {
    const auto compiled = Template::Compile(templates[i], TemplateDialect::kJson, DefaultLimits());
    ASSERT_TRUE(compiled.ok()) << templates[i] << ": " << compiled.status();
    const auto output = compiled->Render(event->root(), {});
    ASSERT_TRUE(output.ok()) << templates[i] << ": " << output.status();
    EXPECT_EQ(Canonical(*output), Canonical(expected->root().items()[i].string())) << templates[i];
  }
}

}  // namespace
}  // namespace herald
