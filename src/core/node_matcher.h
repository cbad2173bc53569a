// Whether one node satisfies a condition's operator and values. The operators' meaning is stated at
// herald.v1.Filter.Operator; NOT_IN and NOT_EXISTS match what IN and EXISTS do, and the condition negates them.
//
// Thread rule: const calls only.

#ifndef HERALD_CORE_NODE_MATCHER_H_
#define HERALD_CORE_NODE_MATCHER_H_

#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "herald/v1/filter.pb.h"
#include "herald/v1/limits.pb.h"
#include "src/base/json.h"
#include "src/core/errors.h"
#include "src/core/regex.h"
#include "src/core/rfc3339.h"
#include "src/core/work_budget.h"

namespace herald {

class NodeMatcher {
 public:
  // `op` is a known one. Adds to `violations` what is wrong with the values; `field` is "webhook.filters[1].values".
  NodeMatcher(v1::Filter::Operator op, std::vector<std::string> values, const v1::Limits& limits,
              absl::string_view field, FieldViolations& violations);

  // Only moved: what is prepared points into the values.
  NodeMatcher(NodeMatcher&&) = default;
  NodeMatcher& operator=(NodeMatcher&&) = default;

  // False when `budget` does not suffice.
  bool Matches(const JsonValue& node, WorkBudget& budget) const;

  // Whether a node of that type can match at all, and what can: "strings", "numbers", …
  bool LooksAt(const JsonValue& node) const;
  absl::string_view LooksAtWhat() const;

  v1::Filter::Operator op() const { return op_; }
  const std::vector<std::string>& values() const { return values_; }

 private:
  void CheckCount(const v1::Limits& limits, absl::string_view field, FieldViolations& violations) const;
  void CompileRegexes(const v1::Limits& limits, absl::string_view field, FieldViolations& violations);
  void CompileComparison(absl::string_view field, FieldViolations& violations);

  bool ComparesNumbers() const { return std::holds_alternative<JsonValue>(bound_); }
  bool EqualsAny(const JsonValue& node, WorkBudget& budget) const;
  bool TextMatchesAny(absl::string_view text, WorkBudget& budget) const;
  bool Compares(const JsonValue& node, WorkBudget& budget) const;

  v1::Filter::Operator op_;
  std::vector<std::string> values_;
  std::vector<JsonValue> numbers_;  // of IN: the values that are JSON numbers
  std::vector<Regex> regexes_;      // of MATCHES
  // Of the comparisons.
  std::variant<std::monostate, JsonValue, Rfc3339Time> bound_;
};

}  // namespace herald

#endif  // HERALD_CORE_NODE_MATCHER_H_
