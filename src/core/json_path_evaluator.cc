#include "src/core/json_path_evaluator.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "src/base/utf8.h"
#include "src/core/i_regexp.h"
#include "src/core/json_path_values.h"

namespace herald::json_path {
namespace {

using Visit = absl::FunctionRef<bool(const JsonValue&)>;

// The item that `index` (from the end when negative) names, or nothing.
std::optional<size_t> PositionOf(int64_t index, size_t size) {
  if (index < 0) index += static_cast<int64_t>(size);
  if (index < 0 || index >= static_cast<int64_t>(size)) return std::nullopt;
  return static_cast<size_t>(index);
}

// What holds for one evaluation: the document, the work left, and the regular expressions found in the document.
class Evaluation {
 public:
  Evaluation(const JsonValue& root, int regex_bytes_max, WorkBudget& budget)
      : root_(root), regex_bytes_max_(regex_bytes_max), budget_(budget) {}

  WorkBudget& budget() { return budget_; }
  const JsonValue& root() const { return root_; }

  bool Holds(const Expression& expression, const JsonValue& current);
  // The node of a singular query, or nullptr.
  const JsonValue* SingularNode(const Query& query, const JsonValue& current);
  // Calls `visit` for each node of a query inside a filter.
  void VisitNodes(const Query& query, const JsonValue& current, Visit visit);

 private:
  using Value = std::optional<JsonValue>;

  bool Exists(const Query& query, const JsonValue& current);
  Value ValueOf(const Operand& operand, const JsonValue& current);
  Value ValueOf(const FunctionCall& call, const JsonValue& current);
  bool Matches(const FunctionCall& call, const JsonValue& current);
  Value Length(const Value& value);
  Value Count(const Query& query, const JsonValue& current);
  Value OnlyValue(const Query& query, const JsonValue& current);
  const Regex* RegexFor(const FunctionCall& call, const JsonValue& current);
  const Regex* RegexFromDocument(const FunctionCall& call, absl::string_view pattern);

  struct CompiledRegex {
    const FunctionCall* call;
    absl::string_view pattern;
    std::optional<Regex> regex;
  };

  const JsonValue& root_;
  const int regex_bytes_max_;
  WorkBudget& budget_;
  std::vector<CompiledRegex> regexes_;  // the last one of each call
};

// Takes one query through one document. Every function answers false when the walk is over.
class Walk {
 public:
  Walk(Evaluation& evaluation, const Query& query, Location* location, Visit visit)
      : evaluation_(evaluation), query_(query), location_(location), visit_(visit) {}

  // Goes on from `node`, which the segments before `index` selected.
  bool From(size_t index, const JsonValue& node) {
    if (index == query_.segments.size()) return visit_(node);
    const Segment& segment = query_.segments[index];
    for (const Selector& selector : segment.selectors) {
      const bool goes_on = std::visit([&](const auto& form) { return Select(form, index, node); }, selector);
      if (!goes_on) return false;
    }
    return !segment.descendant || Descend(index, node);
  }

 private:
  // Applies the segment to the descendants of `node`, too; those of a child come before the next child.
  bool Descend(size_t index, const JsonValue& node) {
    return EachChild(node, [&](Step step, const JsonValue& child) {
      if (!evaluation_.budget().Spend(1)) return false;
      return (!child.is_array() && !child.is_object()) || To(index, step, child);
    });
  }

  bool Select(const NameSelector& selector, size_t index, const JsonValue& node) {
    if (!node.is_object()) return true;
    const JsonValue* member = FindMember(node, selector.name, evaluation_.budget());
    if (member == nullptr) return !evaluation_.budget().exhausted();
    return To(index + 1, {false, 0, selector.name}, *member);
  }

  bool Select(const WildcardSelector&, size_t index, const JsonValue& node) {
    return EachChild(node, [&](Step step, const JsonValue& child) { return SelectChild(index, step, child); });
  }

  bool Select(const IndexSelector& selector, size_t index, const JsonValue& node) {
    const std::optional<size_t> position = PositionOf(selector.index, node.items().size());
    return !position.has_value() || SelectItem(index, node, static_cast<int64_t>(*position));
  }

  bool Select(const SliceSelector& slice, size_t index, const JsonValue& node) {
    const auto size = static_cast<int64_t>(node.items().size());
    const auto from_front = [&](int64_t position) { return position < 0 ? position + size : position; };
    if (slice.step > 0) {
      const int64_t first = std::clamp<int64_t>(from_front(slice.start.value_or(0)), 0, size);
      const int64_t end = std::clamp<int64_t>(from_front(slice.end.value_or(size)), 0, size);
      for (int64_t i = first; i < end; i += slice.step) {
        if (!SelectItem(index, node, i)) return false;
      }
    } else if (slice.step < 0) {
      const int64_t first = std::clamp<int64_t>(from_front(slice.start.value_or(size - 1)), -1, size - 1);
      const int64_t end = std::clamp<int64_t>(from_front(slice.end.value_or(-size - 1)), -1, size - 1);
      for (int64_t i = first; i > end; i += slice.step) {
        if (!SelectItem(index, node, i)) return false;
      }
    }
    return true;
  }

  bool Select(const FilterSelector& selector, size_t index, const JsonValue& node) {
    return EachChild(node, [&](Step step, const JsonValue& child) {
      const bool holds = evaluation_.Holds(*selector.expression, child);
      if (!evaluation_.budget().Spend(1)) return false;
      return !holds || To(index + 1, step, child);
    });
  }

  bool SelectItem(size_t index, const JsonValue& node, int64_t position) {
    return SelectChild(index, {true, position, ""}, node.items()[static_cast<size_t>(position)]);
  }

  bool SelectChild(size_t index, Step step, const JsonValue& child) {
    return evaluation_.budget().Spend(1) && To(index + 1, step, child);
  }

  bool To(size_t index, Step step, const JsonValue& child) {
    if (location_ == nullptr) return From(index, child);
    location_->push_back(step);
    const bool goes_on = From(index, child);
    location_->pop_back();
    return goes_on;
  }

  template <typename Visitor>
  static bool EachChild(const JsonValue& node, const Visitor& visit) {
    int64_t position = 0;
    for (const JsonValue& item : node.items()) {
      if (!visit(Step{true, position++, ""}, item)) return false;
    }
    for (const JsonMember& member : node.members()) {
      if (!visit(Step{false, 0, member.name}, member.value)) return false;
    }
    return true;
  }

  Evaluation& evaluation_;
  const Query& query_;
  Location* const location_;
  const Visit visit_;
};

bool Evaluation::Holds(const Expression& expression, const JsonValue& current) {
  struct Visitor {
    Evaluation& self;
    const JsonValue& current;

    bool operator()(const OrExpression& form) const {
      return std::any_of(form.operands.begin(), form.operands.end(),
                         [&](const Expression& operand) { return self.Holds(operand, current); });
    }
    bool operator()(const AndExpression& form) const {
      return std::all_of(form.operands.begin(), form.operands.end(),
                         [&](const Expression& operand) { return self.Holds(operand, current); });
    }
    bool operator()(const NotExpression& form) const { return !self.Holds(*form.operand, current); }
    bool operator()(const ComparisonExpression& form) const {
      return Compare(form.comparison, self.ValueOf(form.left, current), self.ValueOf(form.right, current),
                     self.budget_);
    }
    bool operator()(const ExistenceTest& form) const { return self.Exists(form.query, current); }
    bool operator()(const FunctionTest& form) const { return self.Matches(*form.call, current); }
  };
  return std::visit(Visitor{*this, current}, expression.form);
}

const JsonValue* Evaluation::SingularNode(const Query& query, const JsonValue& current) {
  const JsonValue* node = query.absolute ? &root_ : &current;
  for (const Segment& segment : query.segments) {
    const Selector& selector = segment.selectors.front();
    if (const auto* name = std::get_if<NameSelector>(&selector)) {
      node = FindMember(*node, name->name, budget_);
    } else {
      const auto position = PositionOf(std::get<IndexSelector>(selector).index, node->items().size());
      node = position.has_value() && budget_.Spend(1) ? &node->items()[*position] : nullptr;
    }
    if (node == nullptr) return nullptr;
  }
  return node;
}

void Evaluation::VisitNodes(const Query& query, const JsonValue& current, Visit visit) {
  if (query.singular) {
    const JsonValue* node = SingularNode(query, current);
    if (node != nullptr) visit(*node);
    return;
  }
  Walk(*this, query, nullptr, visit).From(0, query.absolute ? root_ : current);
}

bool Evaluation::Exists(const Query& query, const JsonValue& current) {
  bool exists = false;
  VisitNodes(query, current, [&](const JsonValue&) {
    exists = true;
    return false;
  });
  return exists;
}

Evaluation::Value Evaluation::ValueOf(const Operand& operand, const JsonValue& current) {
  if (const auto* literal = std::get_if<Literal>(&operand)) {
    switch (literal->kind) {
      case JsonValue::Kind::kBool:
        return JsonValue::Bool(literal->boolean);
      case JsonValue::Kind::kNumber:
        return JsonValue::Number(literal->number, literal->text);
      case JsonValue::Kind::kString:
        return JsonValue::String(literal->text);
      default:
        return JsonValue();
    }
  }
  if (const auto* query = std::get_if<Query>(&operand)) {
    const JsonValue* node = SingularNode(*query, current);
    return node == nullptr ? Value() : Value(*node);
  }
  return ValueOf(*std::get<std::unique_ptr<const FunctionCall>>(operand), current);
}

Evaluation::Value Evaluation::ValueOf(const FunctionCall& call, const JsonValue& current) {
  const Operand& argument = call.arguments.front();
  switch (call.function) {
    case Function::kLength:
      return Length(ValueOf(argument, current));
    case Function::kCount:
      return Count(std::get<Query>(argument), current);
    case Function::kValue:
      return OnlyValue(std::get<Query>(argument), current);
    case Function::kMatch:
    case Function::kSearch:
      break;  // tests, which have no value
  }
  return std::nullopt;
}

JsonValue WholeNumber(size_t value) { return JsonValue::Number(static_cast<double>(value), ""); }

Evaluation::Value Evaluation::Length(const Value& value) {
  if (!value.has_value()) return std::nullopt;
  if (value->is_array()) return WholeNumber(value->items().size());
  if (value->is_object()) return WholeNumber(value->members().size());
  if (!value->is_string() || !budget_.Spend(value->string().size() / kTextBytesPerUnit)) return std::nullopt;
  return WholeNumber(CountCodePoints(value->string()));
}

Evaluation::Value Evaluation::Count(const Query& query, const JsonValue& current) {
  size_t count = 0;
  VisitNodes(query, current, [&](const JsonValue&) {
    ++count;
    return true;
  });
  return WholeNumber(count);
}

Evaluation::Value Evaluation::OnlyValue(const Query& query, const JsonValue& current) {
  Value only;
  size_t count = 0;
  VisitNodes(query, current, [&](const JsonValue& node) {
    only = node;
    return ++count < 2;
  });
  return count == 1 ? only : std::nullopt;
}

bool Evaluation::Matches(const FunctionCall& call, const JsonValue& current) {
  const Value text = ValueOf(call.arguments.front(), current);
  if (!text.has_value() || !text->is_string()) return false;
  const Regex* regex = RegexFor(call, current);
  if (regex == nullptr) return false;
  return call.function == Function::kMatch ? regex->MatchesAll(text->string(), budget_)
                                           : regex->MatchesPart(text->string(), budget_);
}

const Regex* Evaluation::RegexFor(const FunctionCall& call, const JsonValue& current) {
  if (call.has_fixed_regex) return call.regex.has_value() ? &*call.regex : nullptr;
  const Value pattern = ValueOf(call.arguments[1], current);
  return pattern.has_value() && pattern->is_string() ? RegexFromDocument(call, pattern->string()) : nullptr;
}

const Regex* Evaluation::RegexFromDocument(const FunctionCall& call, absl::string_view pattern) {
  if (!budget_.Spend(pattern.size() / kTextBytesPerUnit)) return nullptr;
  auto found = std::find_if(regexes_.begin(), regexes_.end(), [&](const CompiledRegex& r) { return r.call == &call; });
  if (found == regexes_.end() || found->pattern != pattern) {
    if (!budget_.Spend(kRegexCompileUnits)) return nullptr;
    if (found == regexes_.end()) found = regexes_.insert(found, CompiledRegex{&call, {}, std::nullopt});
    found->pattern = pattern;
    found->regex = CompileIRegexp(pattern, regex_bytes_max_);
  }
  return found->regex.has_value() ? &*found->regex : nullptr;
}

}  // namespace

void Evaluate(const Query& query, const JsonValue& root, int regex_bytes_max, WorkBudget& budget, Location* location,
              Visit visit) {
  Evaluation evaluation(root, regex_bytes_max, budget);
  if (location == nullptr) {
    evaluation.VisitNodes(query, root, visit);
  } else {
    Walk(evaluation, query, location, visit).From(0, root);
  }
}

}  // namespace herald::json_path
