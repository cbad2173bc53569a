// Conditions on any text. Input: a path, an operator's name and its values, one a line, an empty line, a JSON document.
// Whatever compiles matches as it explains, negations negate, and a validator agrees with the filter of the same
// content.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "src/base/json.h"
#include "src/base/utf8.h"
#include "src/core/condition.h"
#include "src/core/limits.h"

namespace herald {
namespace {

void Require(bool holds, absl::string_view what) {
  if (holds) return;
  std::cerr << what << "\n";
  std::abort();
}

v1::Limits FuzzLimits() {
  v1::Limits limits = DefaultLimits();
  limits.set_json_path_nodes_max(5'000);
  limits.set_regex_bytes_max(1 << 16);
  return limits;
}

v1::Filter::Operator Negated(v1::Filter::Operator op) {
  switch (op) {
    case v1::Filter::OPERATOR_UNSPECIFIED:
    case v1::Filter::IN:
      return v1::Filter::NOT_IN;
    case v1::Filter::EXISTS:
      return v1::Filter::NOT_EXISTS;
    default:
      return op;
  }
}

void CheckNegation(v1::Filter filter, const JsonValue& document, bool holds, const v1::Limits& limits) {
  if (Negated(filter.operator_()) == filter.operator_()) return;
  filter.set_operator_(Negated(filter.operator_()));
  FieldViolations violations;
  const auto negation = Condition::CompileFilter(filter, limits, "f", violations);
  Require(negation.has_value(), "the negation does not compile");
  const bool past_limit = negation->Explain(document).past_work_limit;
  Require(past_limit ? !holds : negation->Match(document) != holds, "a negation does not negate");
}

void CheckValidator(const v1::Filter& filter, const JsonValue& document, bool holds, const v1::Limits& limits) {
  v1::ResponseValidator validator;
  validator.set_json_path(filter.path());
  validator.set_operator_(filter.operator_());
  *validator.mutable_expected_values() = filter.values();
  FieldViolations violations;
  const auto condition = Condition::CompileValidator(validator, limits, "v", violations);
  Require(!condition.has_value() || condition->Match(document) == holds, "a validator differs from its filter");
}

void Run(const v1::Filter& filter, absl::string_view text) {
  static const v1::Limits limits = FuzzLimits();
  FieldViolations violations;
  const auto condition = Condition::CompileFilter(filter, limits, "f", violations);
  Require(condition.has_value() == violations.empty(), "violations and result disagree");
  const auto document = JsonDocument::Parse(text);
  if (!condition.has_value() || !document.ok()) return;
  const bool holds = condition->Match(document->root());
  const Condition::Explanation explanation = condition->Explain(document->root());
  Require(explanation.holds == holds, "the explanation differs from the match");
  Require(explanation.seen.size() <= static_cast<size_t>(kSeenValuesMax), "too many values are seen");
  for (const std::string& seen : explanation.seen) {
    Require(seen.size() <= static_cast<size_t>(kSeenValueBytesMax) && IsValidUtf8(seen),
            "a seen value is no short text");
  }
  Require(IsValidUtf8(explanation.message), "the message is not UTF-8");
  CheckNegation(filter, document->root(), holds, limits);
  CheckValidator(filter, document->root(), holds, limits);
}

}  // namespace
}  // namespace herald

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t border = input.find("\n\n");
  // Values that are not UTF-8 cannot arrive in a message.
  if (border == absl::string_view::npos || !herald::IsValidUtf8(input.substr(0, border))) return 0;
  const std::vector<std::string> lines = absl::StrSplit(input.substr(0, border), '\n');
  herald::v1::Filter filter;
  filter.set_path(lines[0]);
  herald::v1::Filter::Operator op = herald::v1::Filter::OPERATOR_UNSPECIFIED;
  if (lines.size() > 1) herald::v1::Filter::Operator_Parse(lines[1], &op);
  filter.set_operator_(op);
  for (size_t i = 2; i < lines.size(); ++i) filter.add_values(lines[i]);
  herald::Run(filter, input.substr(border + 2));
  return 0;
}
