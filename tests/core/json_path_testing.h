// What the tests of JSONPath share.

#ifndef HERALD_TESTS_CORE_JSON_PATH_TESTING_H_
#define HERALD_TESTS_CORE_JSON_PATH_TESTING_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/base/json.h"
#include "src/core/json_path.h"

namespace herald {

// The nodelist as a JSON array without blanks, or the reason why there is none.
inline std::string Selected(absl::string_view query, absl::string_view text, const JsonPathLimits& limits = {}) {
  const auto document = JsonDocument::Parse(text, {.depth_max = 100});
  if (!document.ok()) return absl::StrCat("document: ", document.status().message());
  const auto path = JsonPath::Compile(query, limits);
  if (!path.ok()) return std::string(path.status().message());
  const auto nodes = path->Select(document->root());
  return nodes.ok() ? ToJson(JsonValue::Array(*nodes)) : std::string(nodes.status().message());
}

// The normalized paths, joined by blanks.
inline std::string SelectedPaths(absl::string_view query, absl::string_view text) {
  const auto document = JsonDocument::Parse(text);
  const auto nodes = JsonPath::Compile(query)->SelectWithPaths(document->root());
  std::string paths;
  for (const auto& node : *nodes) absl::StrAppend(&paths, paths.empty() ? "" : " ", node.path);
  return paths;
}

}  // namespace herald

#endif  // HERALD_TESTS_CORE_JSON_PATH_TESTING_H_
