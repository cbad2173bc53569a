// The JSONPath compliance test suite, as far as it lies beside the repository.

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "src/base/json.h"
#include "src/core/json_path.h"
#include "tests/support/shared_data.h"

namespace herald {
namespace {

constexpr char kFile[] = "jsonpath/cts.json";

std::string Canonical(const JsonValue& value) {
  std::string out;
  AppendCanonicalJson(value, &out);
  return out;
}

// The one of `one`, or those in `several`, as text.
std::vector<std::string> Accepted(const JsonValue& test, const char* one, const char* several) {
  if (const JsonValue* value = test.Find(one)) return {Canonical(*value)};
  std::vector<std::string> accepted;
  const JsonValue* values = test.Find(several);
  if (values == nullptr) return accepted;
  for (const JsonValue& value : values->items()) accepted.push_back(Canonical(value));
  return accepted;
}

void ExpectSelects(const JsonPath& path, const JsonValue& test) {
  const auto nodes = path.SelectWithPaths(*test.Find("document"));
  ASSERT_TRUE(nodes.ok()) << nodes.status();
  std::vector<JsonValue> values;
  std::vector<JsonValue> paths;
  for (const auto& node : *nodes) {
    values.push_back(node.value);
    paths.push_back(JsonValue::String(node.path));
  }
  const std::string selected = Canonical(JsonValue::Array(values));
  EXPECT_EQ(selected, Canonical(JsonValue::Array(*path.Select(*test.Find("document")))));
  const auto results = Accepted(test, "result", "results");
  EXPECT_NE(std::find(results.begin(), results.end(), selected), results.end()) << selected << " not " << results[0];
  const auto all_paths = Accepted(test, "result_paths", "results_paths");
  const std::string selected_paths = Canonical(JsonValue::Array(paths));
  EXPECT_NE(std::find(all_paths.begin(), all_paths.end(), selected_paths), all_paths.end()) << selected_paths;
}

TEST(JsonPathCompliance, EveryCase) {
  const std::optional<JsonDocument> suite = SharedData(kFile);
  if (!suite.has_value()) GTEST_SKIP() << NoSharedData(kFile);
  for (const JsonValue& test : suite->root().Find("tests")->items()) {
    SCOPED_TRACE(std::string(test.Find("name")->string()));
    const auto path = JsonPath::Compile(test.Find("selector")->string());
    if (test.Find("invalid_selector") != nullptr) {
      EXPECT_FALSE(path.ok()) << test.Find("selector")->string();
      continue;
    }
    EXPECT_TRUE(path.ok()) << path.status();
    if (path.ok()) ExpectSelects(*path, test);
  }
}

}  // namespace
}  // namespace herald
