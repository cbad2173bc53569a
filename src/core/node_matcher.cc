#include "src/core/node_matcher.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/base/utf8.h"
#include "src/core/json_number.h"

namespace herald {
namespace {

using Operator = v1::Filter::Operator;

constexpr size_t kShownBytesMax = 60;

bool TakesNoValues(Operator op) { return op == v1::Filter::EXISTS || op == v1::Filter::NOT_EXISTS; }
bool IsComparison(Operator op) {
  return op == v1::Filter::LESS_THAN || op == v1::Filter::AT_MOST || op == v1::Filter::GREATER_THAN ||
         op == v1::Filter::AT_LEAST;
}

bool IsTextual(Operator op) {
  return op == v1::Filter::CONTAINS || op == v1::Filter::STARTS_WITH || op == v1::Filter::ENDS_WITH ||
         op == v1::Filter::MATCHES;
}

// In linear time, which absl::StrContains does not promise.
bool Contains(absl::string_view text, absl::string_view part) {
  return memmem(text.data(), text.size(), part.data(), part.size()) != nullptr;
}

// `compared` is the order of the node and the bound.
bool IsWithin(Operator op, int compared) {
  switch (op) {
    case v1::Filter::LESS_THAN:
      return compared < 0;
    case v1::Filter::AT_MOST:
      return compared <= 0;
    case v1::Filter::GREATER_THAN:
      return compared > 0;
    default:
      return compared >= 0;
  }
}

}  // namespace

NodeMatcher::NodeMatcher(Operator op, std::vector<std::string> values, const v1::Limits& limits,
                         absl::string_view field, FieldViolations& violations)
    : op_(op), values_(std::move(values)) {
  CheckCount(limits, field, violations);
  if (op_ == v1::Filter::MATCHES) {
    CompileRegexes(limits, field, violations);
  } else if (IsComparison(op_)) {
    CompileComparison(field, violations);
  } else {
    for (const std::string& value : values_) {
      if (IsJsonNumber(value)) numbers_.push_back(JsonValue::Number(NearestDouble(value), value));
    }
  }
}

void NodeMatcher::CheckCount(const v1::Limits& limits, absl::string_view field, FieldViolations& violations) const {
  const std::string& name = v1::Filter::Operator_Name(op_);
  const size_t count = values_.size();
  if (TakesNoValues(op_)) {
    if (count > 0) violations.Add(field, absl::StrCat(name, " takes no values; IN compares with values"));
  } else if (IsComparison(op_)) {
    if (count != 1) violations.Add(field, absl::StrCat(name, " takes exactly one value, not ", count));
  } else if (count == 0) {
    violations.Add(field, absl::StrCat(name, " takes 1 to ", limits.values_max(),
                                       " values; EXISTS asks only whether the path selects something"));
  } else if (count > static_cast<size_t>(limits.values_max())) {
    violations.Add(field, absl::StrCat("at most ", limits.values_max(), " values; these are ", count));
  }
}

void NodeMatcher::CompileRegexes(const v1::Limits& limits, absl::string_view field, FieldViolations& violations) {
  // Those past the limit are one violation already, and are not worth the work.
  const size_t count = std::min(values_.size(), static_cast<size_t>(limits.values_max()));
  for (size_t i = 0; i < count; ++i) {
    absl::StatusOr<Regex> regex = Regex::Compile(values_[i], limits.regex_bytes_max());
    if (regex.ok()) {
      regexes_.push_back(*std::move(regex));
    } else {
      violations.Add(FieldOfIndex(field, static_cast<int>(i)),
                     absl::StrCat("not an RE2 expression: ", regex.status().message()));
    }
  }
}

void NodeMatcher::CompileComparison(absl::string_view field, FieldViolations& violations) {
  if (values_.size() != 1) return;
  const std::string& value = values_.front();
  if (IsJsonNumber(value)) {
    bound_ = JsonValue::Number(NearestDouble(value), value);
  } else if (const auto time = ParseRfc3339(value)) {
    bound_ = *time;
  } else {
    violations.Add(FieldOfIndex(field, 0),
                   absl::StrCat("a number such as 3600 or an RFC 3339 time such as 2023-10-02T16:14:25Z, not \"",
                                Shortened(value, kShownBytesMax), "\""));
  }
}

bool NodeMatcher::LooksAt(const JsonValue& node) const {
  if (TakesNoValues(op_)) return true;
  if (IsTextual(op_)) return node.is_string();
  if (!IsComparison(op_)) return !node.is_array() && !node.is_object();
  return ComparesNumbers() ? node.is_number() : node.is_string() && ParseRfc3339(node.string()).has_value();
}

absl::string_view NodeMatcher::LooksAtWhat() const {
  if (TakesNoValues(op_)) return "everything";
  if (IsTextual(op_)) return "strings";
  if (!IsComparison(op_)) return "strings, numbers, true, false and null";
  return ComparesNumbers() ? "numbers when its value is one" : "RFC 3339 times when its value is one";
}

bool NodeMatcher::Matches(const JsonValue& node, WorkBudget& budget) const {
  if (TakesNoValues(op_)) return true;
  if (IsTextual(op_)) return node.is_string() && TextMatchesAny(node.string(), budget);
  return IsComparison(op_) ? Compares(node, budget) : EqualsAny(node, budget);
}

bool NodeMatcher::EqualsAny(const JsonValue& node, WorkBudget& budget) const {
  const auto equals_text = [&](absl::string_view text) {
    return std::any_of(values_.begin(), values_.end(), [&](const std::string& value) {
      return value.size() == text.size() && budget.Spend(text.size() / kTextBytesPerUnit) && value == text;
    });
  };
  const auto equals_number = [&](const JsonValue& number) {
    const size_t bytes = node.number_text().size() + number.number_text().size();
    return budget.Spend(bytes / kTextBytesPerUnit) && CompareNumbers(node, number) == 0;
  };
  switch (node.kind()) {
    case JsonValue::Kind::kString:
      return equals_text(node.string());
    case JsonValue::Kind::kNumber:
      return std::any_of(numbers_.begin(), numbers_.end(), equals_number);
    case JsonValue::Kind::kBool:
      return equals_text(node.bool_value() ? "true" : "false");
    case JsonValue::Kind::kNull:
      return equals_text("null");
    case JsonValue::Kind::kArray:
    case JsonValue::Kind::kObject:
      break;
  }
  return false;
}

bool NodeMatcher::TextMatchesAny(absl::string_view text, WorkBudget& budget) const {
  if (op_ == v1::Filter::MATCHES) {
    return std::any_of(regexes_.begin(), regexes_.end(),
                       [&](const Regex& regex) { return regex.MatchesPart(text, budget); });
  }
  return std::any_of(values_.begin(), values_.end(), [&](const std::string& value) {
    if (value.size() > text.size()) return false;
    if (!budget.Spend((op_ == v1::Filter::CONTAINS ? text.size() : value.size()) / kTextBytesPerUnit)) return false;
    return op_ == v1::Filter::CONTAINS      ? Contains(text, value)
           : op_ == v1::Filter::STARTS_WITH ? absl::StartsWith(text, value)
                                            : absl::EndsWith(text, value);
  });
}

bool NodeMatcher::Compares(const JsonValue& node, WorkBudget& budget) const {
  if (!budget.Spend((node.string().size() + node.number_text().size()) / kTextBytesPerUnit)) return false;
  if (const auto* number = std::get_if<JsonValue>(&bound_)) {
    return node.is_number() && IsWithin(op_, CompareNumbers(node, *number));
  }
  const auto* bound = std::get_if<Rfc3339Time>(&bound_);
  const auto time = node.is_string() ? ParseRfc3339(node.string()) : std::nullopt;
  return bound != nullptr && time.has_value() && IsWithin(op_, CompareTimes(*time, *bound));
}

}  // namespace herald
