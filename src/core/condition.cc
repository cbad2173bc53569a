#include "src/core/condition.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/base/utf8.h"
#include "src/core/condition_explanation.h"
#include "src/core/json_path.h"
#include "src/core/limits.h"
#include "src/core/node_matcher.h"

namespace herald {
namespace {

using Operator = v1::Filter::Operator;

// One condition as a message gives it, with the paths of its fields.
struct Source {
  absl::string_view path;
  int op;
  std::vector<std::string> values;
  std::string path_field;
  std::string op_field;
  std::string values_field;
  bool is_validator;
};

std::vector<std::string> ToVector(const google::protobuf::RepeatedPtrField<std::string>& values) {
  return {values.begin(), values.end()};
}

constexpr absl::string_view kResponseNames[] = {"data", "status", "headers"};

bool StartsInResponse(const JsonPath& path) { return absl::c_linear_search(kResponseNames, path.first_name()); }

// `path` selects from the root of a response document and should from what is in it.
std::string ValidatorHint(absl::string_view path) {
  constexpr absl::string_view kRule = "start with $.data, $.status or $.headers";
  constexpr size_t kSuggestionBytesMax = 120;
  if (path.size() > kSuggestionBytesMax) return std::string(kRule);
  return absl::StrCat(kRule, "; did you mean $.data", path.substr(1), "?");
}

// What to say of a path that `status` tells is none.
std::string InvalidPath(const Source& source, const JsonPathLimits& limits, const absl::Status& status) {
  if (source.path.empty()) {
    return absl::StrCat("required: a JSONPath such as ", source.is_validator ? "$.data.ok" : "$.data.requester.email");
  }
  const std::string rooted = absl::StrCat("$.", source.path);
  const absl::StatusOr<JsonPath> meant = JsonPath::Compile(rooted, limits);
  if (absl::StartsWith(source.path, "$") || !meant.ok()) return std::string(status.message());
  if (source.is_validator && !StartsInResponse(*meant)) return ValidatorHint(rooted);
  return absl::StrCat("position 1: every path starts with $; did you mean ", rooted, "?");
}

std::string InvalidRegex(absl::string_view regex) {
  return absl::StrCat(
      "\"", Shortened(regex, 60),
      "\" is no I-Regexp (RFC 9485), so match() and search() never hold; \\d is written [0-9], \\w [A-Za-z0-9_]");
}

std::optional<JsonPath> CompilePath(const Source& source, const v1::Limits& limits, FieldViolations& violations) {
  const JsonPathLimits path_limits = {.query_bytes_max = limits.json_path_bytes_max(),
                                      .nodes_max = limits.json_path_nodes_max(),
                                      .regex_bytes_max = limits.regex_bytes_max()};
  absl::StatusOr<JsonPath> path = JsonPath::Compile(source.path, path_limits);
  if (!path.ok()) {
    violations.Add(source.path_field, InvalidPath(source, path_limits, path.status()));
    return std::nullopt;
  }
  if (source.is_validator && !StartsInResponse(*path)) violations.Add(source.path_field, ValidatorHint(source.path));
  if (path->invalid_regex().has_value()) violations.Add(source.path_field, InvalidRegex(*path->invalid_regex()));
  return *std::move(path);
}

// The operator with the default filled in; nothing when there is no such one.
std::optional<Operator> CheckOperator(const Source& source, FieldViolations& violations) {
  if (!v1::Filter::Operator_IsValid(source.op)) {
    violations.Add(source.op_field,
                   absl::StrCat(source.op,
                                " is no operator; use IN, NOT_IN, CONTAINS, STARTS_WITH, ENDS_WITH, MATCHES, EXISTS, "
                                "NOT_EXISTS, LESS_THAN, AT_MOST, GREATER_THAN or AT_LEAST"));
    return std::nullopt;
  }
  const auto op = static_cast<Operator>(source.op);
  if (op != v1::Filter::OPERATOR_UNSPECIFIED) return op;
  return source.is_validator && source.values.empty() ? v1::Filter::EXISTS : v1::Filter::IN;
}

bool IsNegation(Operator op) { return op == v1::Filter::NOT_IN || op == v1::Filter::NOT_EXISTS; }

}  // namespace

struct Condition::Impl {
  enum class Outcome : uint8_t { kHolds, kDoesNotHold, kPastTheLimit };

  static std::unique_ptr<const Impl> Compile(Source source, const v1::Limits& limits, FieldViolations& violations);
  Outcome Judge(const JsonValue& document) const;
  SeenNodes See(const JsonValue& document) const;

  JsonPath path;
  NodeMatcher matcher;
  int nodes_max;
};

std::unique_ptr<const Condition::Impl> Condition::Impl::Compile(Source source, const v1::Limits& limits,
                                                                FieldViolations& violations) {
  const size_t before = violations.size();
  std::optional<JsonPath> path = CompilePath(source, limits, violations);
  const std::optional<Operator> op = CheckOperator(source, violations);
  std::optional<NodeMatcher> matcher;
  if (op.has_value()) matcher.emplace(*op, std::move(source.values), limits, source.values_field, violations);
  if (violations.size() > before) return nullptr;
  return std::unique_ptr<const Impl>(new Impl{*std::move(path), *std::move(matcher), limits.json_path_nodes_max()});
}

Condition::Impl::Outcome Condition::Impl::Judge(const JsonValue& document) const {
  WorkBudget budget(nodes_max);
  bool matched = false;
  path.Visit(document, budget, [&](const JsonValue& node) {
    matched = matcher.Matches(node, budget);
    return !matched;
  });
  if (budget.exhausted()) return Outcome::kPastTheLimit;
  return matched != IsNegation(matcher.op()) ? Outcome::kHolds : Outcome::kDoesNotHold;
}

SeenNodes Condition::Impl::See(const JsonValue& document) const {
  WorkBudget budget(nodes_max);
  SeenNodes seen;
  path.Visit(document, budget, [&](const JsonValue& node) {
    seen.more = seen.nodes.size() == static_cast<size_t>(kSeenValuesMax);
    if (!seen.more) seen.nodes.push_back(node);
    if (!seen.matched.has_value() && matcher.Matches(node, budget)) seen.matched = node;
    return !seen.more || !seen.matched.has_value();
  });
  return seen;
}

Condition::Condition(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
Condition::Condition(Condition&&) noexcept = default;
Condition& Condition::operator=(Condition&&) noexcept = default;
Condition::~Condition() = default;

std::optional<Condition> Condition::CompileFilter(const v1::Filter& filter, const v1::Limits& limits,
                                                  absl::string_view prefix, FieldViolations& violations) {
  auto impl = Impl::Compile({.path = filter.path(),
                             .op = filter.operator_(),
                             .values = ToVector(filter.values()),
                             .path_field = absl::StrCat(prefix, ".path"),
                             .op_field = absl::StrCat(prefix, ".operator"),
                             .values_field = absl::StrCat(prefix, ".values"),
                             .is_validator = false},
                            limits, violations);
  if (impl == nullptr) return std::nullopt;
  return Condition(std::move(impl));
}

std::optional<Condition> Condition::CompileValidator(const v1::ResponseValidator& validator, const v1::Limits& limits,
                                                     absl::string_view prefix, FieldViolations& violations) {
  auto impl = Impl::Compile({.path = validator.json_path(),
                             .op = validator.operator_(),
                             .values = ToVector(validator.expected_values()),
                             .path_field = absl::StrCat(prefix, ".json_path"),
                             .op_field = absl::StrCat(prefix, ".operator"),
                             .values_field = absl::StrCat(prefix, ".expected_values"),
                             .is_validator = true},
                            limits, violations);
  if (impl == nullptr) return std::nullopt;
  return Condition(std::move(impl));
}

bool Condition::Match(const JsonValue& document) const { return impl_->Judge(document) == Impl::Outcome::kHolds; }

Condition::Explanation Condition::Explain(const JsonValue& document) const {
  const Impl::Outcome outcome = impl_->Judge(document);
  const SeenNodes seen = impl_->See(document);
  Explanation explanation;
  explanation.holds = outcome == Impl::Outcome::kHolds;
  explanation.past_work_limit = outcome == Impl::Outcome::kPastTheLimit;
  for (const JsonValue& node : seen.nodes) explanation.seen.push_back(SeenText(node));
  explanation.message = explanation.past_work_limit ? WorkLimitSentence(impl_->path.text(), impl_->nodes_max)
                                                    : ConditionSentence(impl_->path.text(), impl_->matcher, seen);
  return explanation;
}

v1::Filter::Operator Condition::op() const { return impl_->matcher.op(); }

const std::string& Condition::path() const { return impl_->path.text(); }

absl::string_view Condition::first_name() const { return impl_->path.first_name(); }

}  // namespace herald
