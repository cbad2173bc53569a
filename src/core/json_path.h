// JSONPath, RFC 9535 whole: text -> Compile -> program -> Select -> nodes.
//
// Compiled once, evaluated any number of times. Thread rule: const calls only.

#ifndef HERALD_CORE_JSON_PATH_H_
#define HERALD_CORE_JSON_PATH_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/base/json.h"
#include "src/core/work_budget.h"

namespace herald {

struct JsonPathLimits {
  int query_bytes_max = 1024;
  // Nodes that one evaluation visits, those in filter expressions included; long texts, large objects and regular
  // expressions count as work_budget.h says.
  int nodes_max = 100'000;
  // Memory of one compiled regular expression of match() or search().
  int regex_bytes_max = 1 << 20;
};

class JsonPath {
 public:
  // INVALID_ARGUMENT: "position 7: expected a selector …", positions in bytes from 1.
  static absl::StatusOr<JsonPath> Compile(absl::string_view query, const JsonPathLimits& limits = {});

  JsonPath(JsonPath&&) noexcept;
  JsonPath& operator=(JsonPath&&) noexcept;
  ~JsonPath();

  // The nodelist, in the order of the RFC. The values live as long as `root`'s. RESOURCE_EXHAUSTED: more than nodes_max
  // were visited.
  absl::StatusOr<std::vector<JsonValue>> Select(const JsonValue& root) const;

  struct LocatedNode {
    std::string path;  // normalized: "$['a'][0]"
    JsonValue value;
  };
  absl::StatusOr<std::vector<LocatedNode>> SelectWithPaths(const JsonValue& root) const;

  // Calls `visit` for each node, in order, until it answers false. When `budget` is exhausted afterwards, nothing that
  // was visited counts.
  void Visit(const JsonValue& root, WorkBudget& budget, absl::FunctionRef<bool(const JsonValue&)> visit) const;

  // The name when the first segment is a child segment with one name selector ("$.data.x", "$['data']"), else empty.
  absl::string_view first_name() const;
  // The first literal given to match() or search() that is no I-Regexp, and hence matches nothing: a path as the RFC
  // has it, but hardly what somebody meant.
  const std::optional<std::string>& invalid_regex() const;
  const std::string& text() const;

 private:
  struct Program;
  explicit JsonPath(std::unique_ptr<const Program> program);
  absl::Status WorkLimitError() const;

  std::unique_ptr<const Program> program_;
};

}  // namespace herald

#endif  // HERALD_CORE_JSON_PATH_H_
