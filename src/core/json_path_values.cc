#include "src/core/json_path_values.h"

#include <algorithm>

#include "src/core/json_number.h"

namespace herald::json_path {
namespace {

bool Equal(const JsonValue& a, const JsonValue& b, WorkBudget& budget);

bool NumbersEqual(const JsonValue& a, const JsonValue& b, WorkBudget& budget) {
  return budget.Spend((a.number_text().size() + b.number_text().size()) / kTextBytesPerUnit) &&
         CompareNumbers(a, b) == 0;
}

bool StringsEqual(absl::string_view a, absl::string_view b, WorkBudget& budget) {
  return a.size() == b.size() && budget.Spend(a.size() / kTextBytesPerUnit) && a == b;
}

bool ArraysEqual(absl::Span<const JsonValue> a, absl::Span<const JsonValue> b, WorkBudget& budget) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!Equal(a[i], b[i], budget)) return false;
  }
  return true;
}

bool ObjectsEqual(const JsonValue& a, const JsonValue& b, WorkBudget& budget) {
  if (a.members().size() != b.members().size()) return false;
  for (size_t i = 0; i < a.members().size(); ++i) {
    const JsonMember& member = a.members()[i];
    const JsonMember& opposite = b.members()[i];  // most often the one of the same name
    const JsonValue* other = opposite.name == member.name ? &opposite.value : FindMember(b, member.name, budget);
    if (other == nullptr || !Equal(member.value, *other, budget)) return false;
  }
  return true;
}

bool Equal(const JsonValue& a, const JsonValue& b, WorkBudget& budget) {
  if (a.kind() != b.kind() || !budget.Spend(1)) return false;
  switch (a.kind()) {
    case JsonValue::Kind::kNull:
      return true;
    case JsonValue::Kind::kBool:
      return a.bool_value() == b.bool_value();
    case JsonValue::Kind::kNumber:
      return NumbersEqual(a, b, budget);
    case JsonValue::Kind::kString:
      return StringsEqual(a.string(), b.string(), budget);
    case JsonValue::Kind::kArray:
      return ArraysEqual(a.items(), b.items(), budget);
    case JsonValue::Kind::kObject:
      return ObjectsEqual(a, b, budget);
  }
  return false;
}

bool EqualOrBothNothing(const std::optional<JsonValue>& a, const std::optional<JsonValue>& b, WorkBudget& budget) {
  if (!a.has_value() || !b.has_value()) return a.has_value() == b.has_value();
  return Equal(*a, *b, budget);
}

// Only two numbers or two strings have an order.
bool Less(const std::optional<JsonValue>& a, const std::optional<JsonValue>& b, WorkBudget& budget) {
  if (!a.has_value() || !b.has_value() || a->kind() != b->kind()) return false;
  if (a->is_number()) {
    const size_t bytes = a->number_text().size() + b->number_text().size();
    return budget.Spend(bytes / kTextBytesPerUnit) && CompareNumbers(*a, *b) < 0;
  }
  if (!a->is_string()) return false;
  // The order of UTF-8's bytes is that of code points.
  return budget.Spend(std::min(a->string().size(), b->string().size()) / kTextBytesPerUnit) &&
         a->string() < b->string();
}

}  // namespace

const JsonValue* FindMember(const JsonValue& object, absl::string_view name, WorkBudget& budget) {
  return budget.Spend(1 + object.members().size() / kMembersPerUnit) ? object.Find(name) : nullptr;
}

bool Compare(Comparison comparison, const std::optional<JsonValue>& left, const std::optional<JsonValue>& right,
             WorkBudget& budget) {
  switch (comparison) {
    case Comparison::kEqual:
      return EqualOrBothNothing(left, right, budget);
    case Comparison::kNotEqual:
      return !EqualOrBothNothing(left, right, budget);
    case Comparison::kLess:
      return Less(left, right, budget);
    case Comparison::kAtMost:
      return Less(left, right, budget) || EqualOrBothNothing(left, right, budget);
    case Comparison::kGreater:
      return Less(right, left, budget);
    case Comparison::kAtLeast:
      return Less(right, left, budget) || EqualOrBothNothing(left, right, budget);
  }
  return false;
}

}  // namespace herald::json_path
