// What the tests of conditions share: filters in one line.

#ifndef HERALD_TESTS_CORE_CONDITION_TESTING_H_
#define HERALD_TESTS_CORE_CONDITION_TESTING_H_

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "src/base/json.h"
#include "src/core/condition.h"
#include "src/core/limits.h"
#include "tests/core/sentences.h"

namespace herald {

inline v1::Filter MakeFilter(absl::string_view path, v1::Filter::Operator op, const std::vector<std::string>& values) {
  v1::Filter filter;
  filter.set_path(std::string(path));
  filter.set_operator_(op);
  for (const std::string& value : values) filter.add_values(value);
  return filter;
}

inline v1::ResponseValidator MakeValidator(absl::string_view path, v1::Filter::Operator op,
                                           const std::vector<std::string>& values) {
  v1::ResponseValidator validator;
  validator.set_json_path(std::string(path));
  validator.set_operator_(op);
  for (const std::string& value : values) validator.add_expected_values(value);
  return validator;
}

// One line a violation, "field: sentence".
inline std::string Lines(const FieldViolations& violations) { return absl::StrJoin(Sentences(violations), "\n"); }

inline Condition CompileOrDie(const v1::Filter& filter, const v1::Limits& limits = DefaultLimits()) {
  FieldViolations violations;
  std::optional<Condition> condition = Condition::CompileFilter(filter, limits, "f", violations);
  if (!condition.has_value()) throw std::invalid_argument(Lines(violations));
  return *std::move(condition);
}

}  // namespace herald

#endif  // HERALD_TESTS_CORE_CONDITION_TESTING_H_
