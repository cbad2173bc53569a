// A condition on a JSON document: JSONPath, operator, values. Filters and response validators are both conditions; this
// is their one matcher. The operators' meaning is stated at herald.v1.Filter.Operator.
//
// Thread rule: const calls only.

#ifndef HERALD_CORE_CONDITION_H_
#define HERALD_CORE_CONDITION_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "herald/v1/filter.pb.h"
#include "herald/v1/limits.pb.h"
#include "src/base/json.h"
#include "src/core/errors.h"

namespace herald {

class Condition {
 public:
  // Nothing when something is wrong, and then `violations` has everything that is: "<prefix>.path" (or json_path) with
  // the position,
  // "<prefix>.values[2]" (or expected_values) with RE2's reason, "<prefix>.operator".
  static std::optional<Condition> CompileFilter(const v1::Filter& filter, const v1::Limits& limits,
                                                absl::string_view prefix, FieldViolations& violations);
  // Beside that, the path must start with $.data, $.status or $.headers.
  static std::optional<Condition> CompileValidator(const v1::ResponseValidator& validator, const v1::Limits& limits,
                                                   absl::string_view prefix, FieldViolations& violations);

  Condition(Condition&&) noexcept;
  Condition& operator=(Condition&&) noexcept;
  ~Condition();

  // Whether it holds. Past the work limit it does not, whatever the operator: conditions fail closed.
  bool Match(const JsonValue& document) const;

  struct Explanation {
    bool holds = false;
    bool past_work_limit = false;   // and therefore does not hold
    std::vector<std::string> seen;  // what the path selected, as text: at most 16 values of 256 bytes
    std::string message;            // one sentence: "$.data.environment is \"staging\", not one of \"production\""
  };
  Explanation Explain(const JsonValue& document) const;

  // With the default filled in.
  v1::Filter::Operator op() const;
  const std::string& path() const;
  // The name that its path selects of the document, when it begins with one, else empty.
  absl::string_view first_name() const;

 private:
  struct Impl;
  explicit Condition(std::unique_ptr<const Impl> impl);
  std::unique_ptr<const Impl> impl_;
};

}  // namespace herald

#endif  // HERALD_CORE_CONDITION_H_
