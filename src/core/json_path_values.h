// How JSONPath compares values (RFC 9535, 2.3.5.2.2). Nothing, the value of a query that selects no node, is no value.
//
// Pure functions; what they compare is charged to `budget`, and when that does not suffice the result means nothing.

#ifndef HERALD_CORE_JSON_PATH_VALUES_H_
#define HERALD_CORE_JSON_PATH_VALUES_H_

#include <optional>

#include "src/base/json.h"
#include "src/core/json_path_program.h"
#include "src/core/work_budget.h"

namespace herald::json_path {

// The member of an object, or nullptr.
const JsonValue* FindMember(const JsonValue& object, absl::string_view name, WorkBudget& budget);

bool Compare(Comparison comparison, const std::optional<JsonValue>& left, const std::optional<JsonValue>& right,
             WorkBudget& budget);

}  // namespace herald::json_path

#endif  // HERALD_CORE_JSON_PATH_VALUES_H_
