// The property that escaping by position promises, over generated and mutated templates: what compiles gives, for every
// event, output that parses, and events that differ only in texts give outputs of the same shape, documents inside
// strings included.

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/base/json.h"
#include "src/core/limits.h"
#include "src/core/template/template.h"

namespace herald {
namespace {

// None is a JSON document by itself, and none begins like one: a text may look like anything inside a string.
const std::vector<std::string>& HostileTexts() {
  static const auto* const texts =
      new std::vector<std::string>{"plain",  "\"",        "\\",       "\\\\", "\",\"injected\":\"",
                                   "\n\r\t", "x\"}",      "]}",       "},{",  "{{data.a}}",
                                   "\\\"",   "\\u0022",   "null",     "é漢😀", "a\\",
                                   "'",      "</script>", "\b\f\x01", ",",    ":",
                                   "*/ //",  "\\n\"",     "+1e5",     "n\"",  "u0041",
                                   "[[",     "}}"};
  return *texts;
}

class Generator {
 public:
  explicit Generator(uint32_t seed) : random_(seed) {}

  size_t Below(size_t bound) { return random_() % bound; }
  bool Chance(int percent) { return static_cast<int>(Below(100)) < percent; }
  template <typename Item>
  const Item& Pick(const std::vector<Item>& items) {
    return items[Below(items.size())];
  }

  std::string Template() { return Value(4, 0); }

  std::string Mutated(std::string text) {
    static const std::vector<std::string> pieces = {
        "\"",      "\\",       "\\\\", "{",          "}",    "[",       "]", ",",
        ":",       "{{",       "}}",   "{{data.a}}", "\n",   "~",       "1", "{{#if data.n}}",
        "{{/if}}", "{{else}}", " ",    "\\\"",       "null", "{{! c }}"};
    for (size_t changes = 1 + Below(3); changes > 0 && !text.empty(); --changes) {
      const size_t at = Below(text.size());
      if (Chance(40)) {
        text.erase(at, 1 + Below(3));
      } else if (Chance(50)) {
        text.insert(at, Pick(pieces));
      } else {
        text.insert(at, text.substr(Below(text.size()), Below(12)));
      }
    }
    return text;
  }

  // An event whose texts are drawn; all else is the same for every event.
  std::string Event() {
    const auto text = [this] {
      std::string out;
      AppendJsonString(Pick(HostileTexts()), &out);
      return out;
    };
    return absl::StrCat(R"({"data":{"a":)", text(), R"(,"b":)", text(),
                        R"(,"n":12.50,"yes":true,"nothing":null,"list":[)", text(), ",", text(),
                        R"(],"none":[],"groups":[{"name":)", text(), R"(,"units":[)", text(), R"(]},{"name":)", text(),
                        R"(,"units":[]}],"map":{"x":)", text(), R"(,"y":2}}})");
  }

 private:
  std::string Path() {
    static const std::vector<std::string> paths = {
        "data.a",   "data.b",       "data.n", "data.yes", "data.nothing", "data.list", "data.groups",
        "data.map", "data.missing", "this",   "name",     "@root.data.a", "@index"};
    return Pick(paths);
  }
  std::string Tag() {
    if (Chance(70)) return absl::StrCat("{{", Path(), "}}");
    static const std::vector<std::string> helpers = {
        "{{default data.a \"x\"}}",        "{{truncate data.a 3}}", "{{upper data.b}}",
        "{{join data.list \"\\\"\"}}",     "{{json data.map}}",     "{{slack data.a}}",
        "{{replace data.a \"a\" data.b}}", "{{length data.list}}",  "{{lookup data.map \"x\"}}"};
    return Pick(helpers);
  }
  std::string Condition() {
    static const std::vector<std::string> conditions = {"data.yes",  "data.nothing",     "data.a",
                                                        "data.none", "(eq data.n 12.5)", "@first"};
    return Pick(conditions);
  }
  std::string Escaped(int level, std::string text) {
    for (int i = 0; i < level; ++i) {
      std::string out;
      for (const char c : text) {
        if (c == '"' || c == '\\') out.push_back('\\');
        out.push_back(c);
      }
      text = out;
    }
    return text;
  }
  std::string Quote(int level) { return Escaped(level, "\""); }

  std::string TextInside(int depth, int level) {
    static const std::vector<std::string> texts = {"x",    " ", "ab c", "\\n",       "\\\\",
                                                   "\\\"", "[", "}",    "{{! no }}", "\\u00e9"};
    std::string out;
    for (size_t parts = Below(4); parts > 0; --parts) {
      if (Chance(50)) {
        out += Tag();
      } else if (depth > 0 && Chance(20)) {
        absl::StrAppend(&out, "{{#if ", Condition(), "}}", TextInside(depth - 1, level), "{{else}}",
                        TextInside(0, level), "{{/if}}");
      } else {
        out += Escaped(level, Pick(texts));
      }
    }
    return out;
  }

  std::string String(int depth, int level) {
    return absl::StrCat(Quote(level), TextInside(depth, level), Quote(level));
  }

  std::string Member(int depth, int level, const std::string& name) {
    if (level == 0 && depth > 0 && Chance(15)) {
      const std::string document = absl::StrCat("{", Escaped(1, absl::StrCat("\"k\":")), Value(depth - 1, 1), "}");
      return absl::StrCat("\"doc_", name, "\":\"", document, "\"");
    }
    return absl::StrCat(Quote(level), name, Quote(level), ":", Value(depth - 1, level));
  }

  std::string Object(int depth, int level) {
    std::string out = "{";
    const char* separator = "";
    for (size_t members = Below(4); members > 0; --members) {
      const std::string name = absl::StrCat("m", ++names_);
      if (Chance(25)) {
        absl::StrAppend(&out, Chance(50) ? separator : "", "{{#if ", Condition(), "}}", Member(depth, level, name),
                        Chance(30) ? "," : "", "{{/if}}");
        separator = Chance(50) ? "," : "";
      } else {
        absl::StrAppend(&out, separator, Member(depth, level, name));
        separator = ",";
      }
    }
    return out + "}";
  }

  std::string Array(int depth, int level) {
    if (Chance(50)) {
      const char* before = Chance(20) ? "," : "";
      const char* after = Chance(40) ? "," : "";
      return absl::StrCat("[{{#each data.groups}}", before, Value(depth - 1, level), after, "{{/each}}]");
    }
    std::string out = "[";
    for (size_t items = Below(3); items > 0; --items)
      absl::StrAppend(&out, Value(depth - 1, level), items > 1 ? "," : "");
    return out + "]";
  }

  std::string Value(int depth, int level) {
    if (depth <= 0 || Chance(25)) return Chance(60) ? Tag() : String(1, level);
    switch (Below(5)) {
      case 0:
        return Array(depth, level);
      case 1:
        return String(depth, level);
      case 2:
        return absl::StrCat("{{#if ", Condition(), "}}", Value(depth - 1, level), "{{else}}", Value(depth - 1, level),
                            "{{/if}}");
      default:
        return Object(depth, level);
    }
  }

  std::mt19937 random_;
  int names_ = 0;
};

bool SameShape(const JsonValue& a, const JsonValue& b, bool is_document);

bool SameDocument(const JsonValue& a, const JsonValue& b) {
  if (!absl::StartsWith(a.string(), "{\"")) return true;
  const auto one = JsonDocument::Parse(a.string(), {.depth_max = 1000});
  const auto other = JsonDocument::Parse(b.string(), {.depth_max = 1000});
  return one.ok() && other.ok() && SameShape(one->root(), other->root(), false);
}

bool SameShape(const JsonValue& a, const JsonValue& b, bool is_document) {
  if (a.kind() != b.kind() || a.items().size() != b.items().size() || a.members().size() != b.members().size())
    return false;
  for (size_t i = 0; i < a.items().size(); ++i) {
    if (!SameShape(a.items()[i], b.items()[i], false)) return false;
  }
  for (size_t i = 0; i < a.members().size(); ++i) {
    const bool document = absl::StartsWith(a.members()[i].name, "doc_");
    if (!SameShape(a.members()[i].value, b.members()[i].value, document)) return false;
  }
  return !is_document || !a.is_string() || SameDocument(a, b);
}

struct Tally {
  int compiled = 0;
  int compared = 0;
  std::vector<std::string> failures;
};

void Check(const std::string& text, const std::vector<std::string>& events, bool handlebars_backslashes, Tally& tally) {
  const auto compiled = Template::CompileWith(text, TemplateDialect::kJson, DefaultLimits(), handlebars_backslashes);
  if (!compiled.ok()) return;
  ++tally.compiled;
  // Raw tags may change types: that is what they are for.
  const bool has_raw = absl::StrContains(text, "{{{") || absl::StrContains(text, "{{&");
  std::vector<std::string> outputs;
  for (const std::string& event : events) {
    const auto document = JsonDocument::Parse(event);
    const auto output = compiled->Render(document->root(), {});
    if (!output.ok()) continue;
    if (!JsonDocument::Parse(*output, {.depth_max = 1000}).ok()) {
      tally.failures.push_back(absl::StrCat(text, "\n  gave what is not JSON: ", *output));
      return;
    }
    outputs.push_back(*output);
  }
  for (size_t i = 1; i < outputs.size() && !has_raw; ++i) {
    ++tally.compared;
    const auto first = JsonDocument::Parse(outputs[0], {.depth_max = 1000});
    const auto other = JsonDocument::Parse(outputs[i], {.depth_max = 1000});
    if (SameShape(first->root(), other->root(), false)) continue;
    tally.failures.push_back(absl::StrCat(text, "\n  gave other shapes: ", outputs[0], "\n  and: ", outputs[i]));
    return;
  }
}

Tally CheckMany(int count, bool handlebars_backslashes) {
  Tally tally;
  for (int seed = 1; seed <= count; ++seed) {
    Generator generator(static_cast<uint32_t>(seed));
    const std::vector<std::string> events = {generator.Event(), generator.Event(), generator.Event()};
    const std::string text = generator.Template();
    Check(text, events, handlebars_backslashes, tally);
    for (int i = 0; i < 4; ++i) Check(generator.Mutated(text), events, handlebars_backslashes, tally);
  }
  return tally;
}

TEST(TemplateProperty, HoldsOverGeneratedAndMutatedTemplates) {
  const Tally tally = CheckMany(12000, false);
  EXPECT_GT(tally.compiled, 4000);
  EXPECT_GT(tally.compared, 4000);
  for (size_t i = 0; i < tally.failures.size() && i < 5; ++i) ADD_FAILURE() << tally.failures[i];
  EXPECT_EQ(tally.failures.size(), 0U);
}

TEST(TemplateProperty, FailsWithStockHandlebarsBackslashes) {
  const Tally tally = CheckMany(4000, true);
  EXPECT_GT(tally.failures.size(), 0U) << "the property test above would not notice a wrong analyser";
}

}  // namespace
}  // namespace herald
