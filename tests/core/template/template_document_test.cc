// The examples of docs/template.md do what it says. The first block marked json is the event; then each block marked
// json is what the templates before it, marked handlebars, give for that event.

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "src/base/json.h"
#include "src/core/limits.h"
#include "src/core/template/template.h"

namespace herald {
namespace {

constexpr char kDocument[] = "docs/template.md";

struct Block {
  std::string language;
  std::string text;
  int line = 0;
};

std::vector<Block> Blocks() {
  std::ifstream file(kDocument);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  std::vector<Block> blocks;
  bool inside = false;
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (line.substr(0, 3) == "```") {
      if (!inside) blocks.push_back({std::string(line.substr(3)), "", number});
      inside = !inside;
    } else if (inside) {
      absl::StrAppend(&blocks.back().text, blocks.back().text.empty() ? "" : "\n", line);
    }
  }
  return blocks;
}

void ExpectResult(const Block& block, const JsonValue& event, const std::string& result) {
  SCOPED_TRACE(absl::StrCat(kDocument, ":", block.line));
  const auto compiled = Template::Compile(block.text, TemplateDialect::kJson, DefaultLimits());
  ASSERT_TRUE(compiled.ok()) << compiled.status();
  const auto body = compiled->Render(event, {});
  ASSERT_TRUE(body.ok()) << body.status();
  EXPECT_EQ(*body, result);
}

TEST(TemplateDocument, ExamplesGiveWhatItSays) {
  std::vector<Block> blocks;
  for (Block& block : Blocks()) {
    if (block.language == "json" || block.language == "handlebars") blocks.push_back(std::move(block));
  }
  ASSERT_GT(blocks.size(), 10U);
  const auto event = JsonDocument::Parse(blocks[0].text);
  ASSERT_TRUE(event.ok()) << event.status();
  std::vector<Block> templates;
  for (size_t i = 1; i < blocks.size(); ++i) {
    if (blocks[i].language == "handlebars") {
      templates.push_back(blocks[i]);
      continue;
    }
    EXPECT_FALSE(templates.empty()) << "no template stands before " << kDocument << ":" << blocks[i].line;
    for (const Block& one : templates) ExpectResult(one, event->root(), blocks[i].text);
    templates.clear();
  }
  EXPECT_TRUE(templates.empty()) << "no result stands behind the last template";
}

}  // namespace
}  // namespace herald
