// A compiled JSONPath: the syntax tree of RFC 9535, checked for types, with all that can be prepared prepared.
//
//   Program > Query > Segment > Selector > Expression > Operand > Query, FunctionCall
//
// Immutable once built; thread rule: const calls only.

#ifndef HERALD_CORE_JSON_PATH_PROGRAM_H_
#define HERALD_CORE_JSON_PATH_PROGRAM_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "src/base/json.h"
#include "src/core/regex.h"

namespace herald::json_path {

struct Expression;
struct FunctionCall;

struct NameSelector {
  std::string name;
};
struct WildcardSelector {};
struct IndexSelector {
  int64_t index = 0;
};
struct SliceSelector {
  std::optional<int64_t> start;
  std::optional<int64_t> end;
  int64_t step = 1;
};
struct FilterSelector {
  std::unique_ptr<const Expression> expression;
};
using Selector = std::variant<NameSelector, WildcardSelector, IndexSelector, SliceSelector, FilterSelector>;

struct Segment {
  bool descendant = false;
  std::vector<Selector> selectors;
};

struct Query {
  bool absolute = true;  // "$", else "@"
  bool singular = true;  // selects one node at most: names and indexes only
  std::vector<Segment> segments;
};

struct Literal {
  JsonValue::Kind kind = JsonValue::Kind::kNull;
  bool boolean = false;
  double number = 0;
  std::string text;  // a string's, or a number's characters
};

// What is compared, or given to a function.
using Operand = std::variant<Literal, Query, std::unique_ptr<const FunctionCall>>;

enum class Function : uint8_t { kLength, kCount, kMatch, kSearch, kValue };

struct FunctionCall {
  Function function = Function::kLength;
  std::vector<Operand> arguments;
  // Of match and search whose expression is a literal: that expression, unless it is not valid.
  bool has_fixed_regex = false;
  std::optional<Regex> regex;
};

enum class Comparison : uint8_t { kEqual, kNotEqual, kLess, kAtMost, kGreater, kAtLeast };

struct OrExpression {
  std::vector<Expression> operands;
};
struct AndExpression {
  std::vector<Expression> operands;
};
struct NotExpression {
  std::unique_ptr<const Expression> operand;
};
struct ComparisonExpression {
  Comparison comparison = Comparison::kEqual;
  Operand left;
  Operand right;
};
struct ExistenceTest {
  Query query;
};
struct FunctionTest {
  std::unique_ptr<const FunctionCall> call;
};

struct Expression {
  std::variant<OrExpression, AndExpression, NotExpression, ComparisonExpression, ExistenceTest, FunctionTest> form;
};

struct Program {
  Query query;
  // The first literal that match() or search() takes as regular expression and that is none: it matches nothing.
  std::optional<std::string> invalid_regex;
};

}  // namespace herald::json_path

#endif  // HERALD_CORE_JSON_PATH_PROGRAM_H_
