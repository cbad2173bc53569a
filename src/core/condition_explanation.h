// The words for what a condition saw: sentences that a person can mend a filter by.
//
// Pure functions.

#ifndef HERALD_CORE_CONDITION_EXPLANATION_H_
#define HERALD_CORE_CONDITION_EXPLANATION_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/base/json.h"
#include "src/core/node_matcher.h"

namespace herald {

// A node as text of at most kSeenValueBytesMax bytes: a string's characters, the JSON of anything else.
std::string SeenText(const JsonValue& node);

struct SeenNodes {
  std::vector<JsonValue> nodes;      // the first ones
  bool more = false;                 // whether there are more
  std::optional<JsonValue> matched;  // the first one that matches, which may be none of `nodes`
};

// "$.data.environment is "staging", not one of "production""
std::string ConditionSentence(absl::string_view path, const NodeMatcher& matcher, const SeenNodes& seen);

// Why a condition whose work passed `nodes_max` does not hold.
std::string WorkLimitSentence(absl::string_view path, int nodes_max);

}  // namespace herald

#endif  // HERALD_CORE_CONDITION_EXPLANATION_H_
