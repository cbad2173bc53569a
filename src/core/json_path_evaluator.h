// The evaluator of JSONPath: program and document -> nodes, in the order of RFC 9535 (parents before children, children
// in the document's order).
//
// Walks depth first and hands each node out as it is found, so nothing is gathered that nobody asked for. Its stack
// grows with the depth of the document and of the filters, both of which are bounded. Pure function.

#ifndef HERALD_CORE_JSON_PATH_EVALUATOR_H_
#define HERALD_CORE_JSON_PATH_EVALUATOR_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "src/base/json.h"
#include "src/core/json_path_program.h"
#include "src/core/work_budget.h"

namespace herald::json_path {

// A step of a normalized path.
struct Step {
  bool is_index = false;
  int64_t index = 0;
  absl::string_view name;
};
using Location = std::vector<Step>;

// Calls `visit` for each node until it answers false. Stops when `budget` is exhausted, and what was visited until then
// means nothing. `location`, unless it is nullptr, is the node's while `visit` runs. `regex_bytes_max` bounds each
// regular expression that comes from the document.
void Evaluate(const Query& query, const JsonValue& root, int regex_bytes_max, WorkBudget& budget, Location* location,
              absl::FunctionRef<bool(const JsonValue&)> visit);

}  // namespace herald::json_path

#endif  // HERALD_CORE_JSON_PATH_EVALUATOR_H_
