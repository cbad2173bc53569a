// JSONPath on any text. Input: a query, an empty line, a JSON document. Whatever compiles selects the same nodes with
// and without paths, and every normalized path selects exactly its own node.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>

#include "absl/strings/string_view.h"
#include "src/base/json.h"
#include "src/core/json_path.h"

namespace herald {
namespace {

constexpr JsonPathLimits kLimits = {.query_bytes_max = 1 << 20, .nodes_max = 5'000, .regex_bytes_max = 1 << 16};

void Require(bool holds, absl::string_view what) {
  if (holds) return;
  std::cerr << what << "\n";
  std::abort();
}

void CheckPaths(const std::vector<JsonPath::LocatedNode>& nodes, const JsonValue& root) {
  for (const JsonPath::LocatedNode& node : nodes) {
    const auto path = JsonPath::Compile(node.path, kLimits);
    Require(path.ok(), "a normalized path does not compile");
    const auto again = path->SelectWithPaths(root);
    if (!again.ok()) return;  // a large object: the look-up alone is past the limit
    Require(again->size() == 1 && again->front().path == node.path, "a normalized path selects something else");
    Require(ToJson(again->front().value) == ToJson(node.value), "a normalized path selects another value");
  }
}

void Run(absl::string_view query, absl::string_view text) {
  const auto path = JsonPath::Compile(query, kLimits);
  const auto document = JsonDocument::Parse(text);
  if (!path.ok() || !document.ok()) return;
  const auto nodes = path->Select(document->root());
  const auto located = path->SelectWithPaths(document->root());
  if (!nodes.ok() || !located.ok()) return;
  Require(nodes->size() == located->size(), "paths change what is selected");
  if (located->size() <= 20) CheckPaths(*located, document->root());
}

}  // namespace
}  // namespace herald

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t border = input.find("\n\n");
  if (border == absl::string_view::npos) return 0;
  herald::Run(input.substr(0, border), input.substr(border + 2));
  return 0;
}
