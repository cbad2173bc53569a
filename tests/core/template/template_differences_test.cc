// Where the language differs from stock Handlebars on purpose, so that the oracle cannot speak: each with its reason.

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/base/json.h"
#include "src/core/limits.h"
#include "src/core/template/template.h"

namespace herald {
namespace {

constexpr char kEvent[] = R"({"data":{"id":"7","text":"a\"b","big":12345678901234567890,"exact":1.10,
  "list":[1,"two"],"map":{"10":"ten","9":"nine","a":"z"},"nothing":null,"url":"u","length":"l","date":"d"}})";

std::string Render(absl::string_view text, const Template::Secrets& secrets = {}) {
  const auto event = JsonDocument::Parse(kEvent);
  const auto compiled = Template::Compile(text, TemplateDialect::kJson, DefaultLimits());
  if (!compiled.ok()) return std::string(compiled.status().message());
  const auto body = compiled->Render(event->root(), secrets);
  return body.ok() ? *body : std::string(body.status().message());
}

struct Difference {
  const char* why;
  const char* text;
  const char* result;
};

TEST(TemplateDifferences, AreOnPurpose) {
  const Difference differences[] = {
      {"a tag ends where what opened it ends, so that JSON needs no space before its brace", R"({"a":{{data.id}}})",
       R"({"a":"7"})"},
      {"the same for raw tags", R"({"a":{{{data.id}}}})", R"({"a":7})"},
      {"a brace before a block is JSON's", R"({{{#if data.id}}"a":1{{/if}}})", R"({"a":1})"},
      {"two backslashes are one in JSON; Handlebars drops one and lets the value end the string",
       R"({"a":"C:\\{{data.text}}"})", R"({"a":"C:\\a\"b"})"},
      {"an index needs no brackets", R"({{data.list.1}})", R"("two")"},
      {"commas at a block's border are Herald's, so no @last arithmetic", R"([{{#each data.list}}{{this}}{{/each}}])",
       R"([1,"two"])"},
      {"a comma too many at a border is none", R"([{{#each data.list}}{{this}},{{/each}}])", R"([1,"two"])"},
      {"a literal knows line breaks, since people write them in join and replace", R"("{{join data.list "\n"}}")",
       R"("1\ntwo")"},
      {"fields may be called like helpers", R"("{{data.url}}{{#with data}}{{url}}{{length}}{{date}}{{/with}}")",
       R"("uuld")"},
      {"an object in a text is JSON, not [object Object]", R"("{{data.map}}")",
       R"("{\"10\":\"ten\",\"9\":\"nine\",\"a\":\"z\"}")"},
      {"an array in a text is JSON, not 1,two", R"("{{data.list}}")", R"("[1,\"two\"]")"},
      {"numbers keep their characters: an id of 20 digits must not change", R"([{{data.big}},"{{data.big}}"])",
       R"([12345678901234567890,"12345678901234567890"])"},
      {"the same for trailing zeros", R"({{data.exact}})", R"(1.10)"},
      {"members come in the document's order; JavaScript moves integers to the front",
       R"([{{#each data.map}}{{@key}}{{/each}}])", R"(["10","9","a"])"},
      {"an empty place is no JSON", R"([{{data.missing}},{{data.nothing}}])", R"([null,null])"},
  };
  for (const Difference& one : differences) EXPECT_EQ(Render(one.text), one.result) << one.why << ": " << one.text;
}

TEST(TemplateDifferences, RefusedFormsNameWhatToWrite) {
  const Difference refused[] = {
      {"sections of Mustache are blocks here", "[{{#data}}{{/data}}]", "write {{#if data}}"},
      {"inverted sections too", "[{{^data}}{{/data}}]", "write {{#unless data}}"},
      {"nothing is read from files", "[{{> x}}]", "there are no partials"},
  };
  for (const Difference& one : refused) {
    const std::string sentence = Render(one.text);
    EXPECT_TRUE(absl::StartsWith(sentence, "line 1, column 2: ")) << sentence;
    EXPECT_TRUE(absl::StrContains(sentence, one.result)) << one.why << ": " << sentence;
  }
}

// A branch may leave an object open; names behind the block must not repeat the branch's.
TEST(TemplateNames, ThatComeTwiceFailAcrossBlocks) {
  const char* const texts[] = {
      R"({{#if data.id}}{"x":1{{else}}{"y":1{{/if}},"x":3})",
      R"({{#if data.id}}{"x":1{{else}}{"y":1{{/if}}{{#if data.id}},"x":3}{{else}}}{{/if}})",
      R"(["{{#if data.id}}{\"x\":1{{else}}{\"y\":1{{/if}},\"x\":3}"])",
      R"(["{\"{{data.id}}\":1,\"7\":2}"])",
  };
  for (const char* const text : texts) {
    EXPECT_TRUE(absl::StrContains(Render(text), "comes twice")) << text << " gave " << Render(text);
  }
  EXPECT_EQ(Render(R"({{#if data.id}}{"x":1{{else}}{"y":1{{/if}},"z":3})"), R"({"x":1,"z":3})");
}

TEST(TemplateNames, OfSecretsAreNotInSentences) {
  const Template::Secrets secrets = {{"token", "hunter2"}};
  const char* const texts[] = {
      R"({"{{@secret.token}}":1,"{{@secret.token}}":2})",
      R"({"{{upper @secret.token}}":1,"HUNTER2":2})",
      R"(["{\"{{@secret.token}}\":1,\"hunter2\":2}"])",
      R"({ {{#with @secret.token}}"{{this}}":1,"{{truncate this 7}}":2{{/with}} })",
  };
  for (const char* const text : texts) {
    const std::string sentence = Render(text, secrets);
    EXPECT_TRUE(absl::StrContains(sentence, "is not valid")) << text << " gave " << sentence;
    EXPECT_FALSE(absl::StrContains(absl::AsciiStrToLower(sentence), "hunter2")) << sentence;
  }
}

TEST(TemplateZones, AreNamesAndNeverFiles) {
  const char* const zones[] = {"/etc/localtime", "../zoneinfo/UTC", "file:Europe/Berlin", "libc:localtime", "",
                               "./UTC",          "Europe//Berlin",  "Europe/Berlin/",     "Europe"};
  for (const std::string zone : zones) {
    const std::string literal = Render(R"("{{date 0 "%Y" ")" + zone + R"("}}")");
    EXPECT_TRUE(absl::StrContains(literal, "there is no time zone")) << zone << " gave " << literal;
    const std::string computed = Render(R"("{{date 0 "%Y" (trim ")" + zone + R"(")}}")");
    EXPECT_TRUE(absl::StrContains(computed, "no such time zone")) << zone << " gave " << computed;
  }
  EXPECT_EQ(Render(R"("{{date 0 "%Y" "Etc/GMT+1"}}")"), R"("1969")");
}

// The folder of time zones, for as long as the object lives.
class ZoneFolder {
 public:
  explicit ZoneFolder(const std::string& folder) {
    if (const char* const before = std::getenv("TZDIR"); before != nullptr) before_ = before;
    setenv("TZDIR", folder.c_str(), 1);
  }
  ~ZoneFolder() { before_.has_value() ? setenv("TZDIR", before_->c_str(), 1) : unsetenv("TZDIR"); }
  ZoneFolder(const ZoneFolder&) = delete;
  ZoneFolder& operator=(const ZoneFolder&) = delete;

 private:
  std::optional<std::string> before_;
};

// An event could fill the memory with names.
TEST(TemplateZones, AreNotRememberedWhenTheyDoNotExist) {
  const std::string folder = absl::StrCat(testing::TempDir(), "zones", getpid());
  std::filesystem::create_directories(folder);
  const ZoneFolder here(folder);
  const std::string text = R"("{{date 0 "%H" (trim "Later")}}")";
  EXPECT_TRUE(absl::StrContains(Render(text), "no such time zone"));
  std::filesystem::copy_file("/usr/share/zoneinfo/Etc/GMT-3", folder + "/Later");
  EXPECT_EQ(Render(text), R"("03")");
  EXPECT_EQ(Render(R"("{{date 0 "%H" (trim "UTC")}}")"), R"("00")");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace herald
