// What a rendering may do in all, whatever the template and the event.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "src/base/json.h"
#include "src/core/limits.h"
#include "src/core/template/template.h"

namespace herald {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string Repeated(absl::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out.append(text.data(), text.size());
  return out;
}

// An event near the 1 MiB that one may have, of what `shape` asks for: ITEMS, WORDS, NAMES, AS, SIGNS, DIGITS.
JsonDocument Event(std::string shape) {
  std::string names = "\"first\":1";
  for (int i = 0; i < 50'000; ++i) absl::StrAppend(&names, ",\"name", i, "\":1");
  shape = absl::StrReplaceAll(shape, {{"ITEMS", "[" + Repeated("1,", 9'999) + "1]"},
                                      {"WORDS", "[" + Repeated("\"\",", 250'000) + "1]"},
                                      {"NAMES", "{" + names + "}"},
                                      {"AS", Repeated("a", 450'000)},
                                      {"SIGNS", Repeated("&", 900'000)},
                                      {"DIGITS", Repeated("9", 450'000)}});
  return JsonDocument::Parse(shape).value();
}

std::string Render(absl::string_view text, const std::string& shape, TemplateDialect dialect = TemplateDialect::kJson) {
  const auto compiled = Template::Compile(text, dialect, DefaultLimits());
  if (!compiled.ok()) return absl::StrCat("COMPILE ", compiled.status().message());
  const JsonDocument event = Event(shape);
  const auto rendered = compiled->Render(event.root(), {});
  return rendered.ok() ? *rendered : absl::StrCat("RENDER ", rendered.status().message());
}

struct Case {
  std::string in_each;  // what stands in an each of 10,000 items
  std::string shape;
};

class TemplateWork : public ::testing::TestWithParam<Case> {};

TEST_P(TemplateWork, IsBoundedInOneRendering) {
  const std::string text = absl::StrCat("\"{{#each items}}", GetParam().in_each, "{{/each}}\"");
  const std::string result = Render(text, GetParam().shape);
  EXPECT_THAT(result, AllOf(StartsWith("RENDER line 1, column "), HasSubstr("the template does too much work: ")));
  EXPECT_LE(result.size(), 200u);
}

INSTANTIATE_TEST_SUITE_P(
    Hostile, TemplateWork,
    ::testing::Values(Case{Repeated("{{x}}", 12'000), R"({"items":ITEMS})"},
                      Case{Repeated("{{#if x}}{{/if}}", 4'000), R"({"items":ITEMS})"},
                      Case{"{{a" + Repeated(".a", 30'000) + "}}", R"({"items":ITEMS})"},
                      Case{Repeated("{{#if (and 1 1 1 1 1 1 1 1)}}{{/if}}", 1'500), R"({"items":ITEMS})"},
                      Case{"{{@root.map.x}}", R"({"items":ITEMS,"map":NAMES})"},
                      Case{"{{lookup @root.map \"x\"}}", R"({"items":ITEMS,"map":NAMES})"},
                      Case{"{{#if (eq @root.map @root.map)}}{{/if}}", R"({"items":ITEMS,"map":NAMES})"},
                      Case{Repeated("{{#if (eq @root.a @root.b)}}{{/if}}", 10), R"({"items":ITEMS,"a":"AS","b":"AS"})"},
                      Case{"{{#if (lt @root.a @root.b)}}{{/if}}", R"({"items":ITEMS,"a":DIGITS,"b":DIGITS.0})"},
                      Case{"{{#if (length @root.text)}}{{/if}}", R"({"items":ITEMS,"text":"SIGNS"})"},
                      Case{"{{truncate @root.text 1}}", R"({"items":ITEMS,"text":"SIGNS"})"},
                      Case{"{{join @root.words \"\"}}", R"({"items":ITEMS,"words":WORDS})"},
                      Case{"{{replace @root.text \"&\" \"\"}}", R"({"items":ITEMS,"text":"SIGNS"})"},
                      Case{"{{replace @root.text @root.needle \"\"}}", R"({"items":ITEMS,"text":"AS","needle":"AS!"})"},
                      Case{"{{date @root.time \"%Y\"}}", R"({"items":ITEMS,"time":"2023-10-02T16:14:25.DIGITSZ"})"},
                      Case{"{{truncate (date 1 @root.text) 1}}",
                           absl::StrCat(R"({"items":ITEMS,"text":")", Repeated("%c", 400'000), "\"}")},
                      Case{"{{{truncate @root.text 1}}}", R"({"items":ITEMS,"text":"SIGNS"})"}));

TEST(TemplateWorkBounds, CountWhatIsParsedOnceMore) {
  const std::string event = absl::StrCat(R"({"items":ITEMS,"json":"[)", Repeated("[],", 300'000), "[]]\"}");
  const std::string document = R"("{\"a\":\"b\",\"c\":{{{@root.json}}}}")";
  EXPECT_THAT(Render(absl::StrCat("[{{#each items}}", document, "{{/each}}]"), event), HasSubstr("too much work"));
  EXPECT_THAT(Render(absl::StrCat("[", document, "]"), event), StartsWith(R"(["{\"a\":\"b\",\"c\":[[],[],)"));
}

TEST(TemplateWorkBounds, KeepHelpersFromMakingMoreThanTheyMayKeep) {
  EXPECT_THAT(Render(R"("{{join words a}}")", R"({"words":WORDS,"a":"AS"})"),
              HasSubstr("the helpers make too much text"));
  EXPECT_THAT(Render(R"("{{replace text "&" "ten bytes!ten bytes!"}}")", R"({"text":"SIGNS"})"),
              HasSubstr("the helpers make too much text"));
}

TEST(TemplateWorkBounds, RefuseNothingThatPeopleWrite) {
  const std::string row = Repeated("<{{@root.data.name}}>", 20);
  EXPECT_EQ(Render(absl::StrCat("[{{#each items}}\"", row, "\",{{/each}}]"), R"({"items":ITEMS})").size(), 430'001u);
  const std::string as = Repeated("{{a}}", 9);  // 4 MiB
  EXPECT_EQ(Render(absl::StrCat(R"({"a":"{\"b\":\")", as, R"(\"}"})"), R"({"a":"AS"})").size(), 4'050'020u);
  EXPECT_EQ(Render(R"("{{slack (replace (replace text "a" "&") "&" "+")}}")", R"({"text":"AS"})").size(), 450'002u);
  EXPECT_EQ(
      Render(R"([{{#each items}}"{{date this "%d %b %Y %H:%M" "Europe/Berlin"}}"{{/each}}])", R"({"items":ITEMS})")
          .size(),
      200'001u);
}

}  // namespace
}  // namespace herald
