#include "src/core/json_path_parser.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/ascii.h"
#include "src/base/status_macros.h"
#include "src/base/utf8.h"
#include "src/core/i_regexp.h"
#include "src/core/json_number.h"
#include "src/core/json_path_scanner.h"

namespace herald::json_path {
namespace {

// Parentheses, filters and functions, one in another; keeps the parser's and the evaluator's stacks small.
constexpr int kNestingMax = 50;

// The types of RFC 9535, 2.4.1.
enum class Type : uint8_t { kValue, kNodes, kLogical };

struct Signature {
  absl::string_view name;
  Function function;
  Type result;
  std::vector<Type> parameters;
};

const Signature* FindSignature(absl::string_view name) {
  static const auto* const kSignatures = new std::vector<Signature>{
      {"length", Function::kLength, Type::kValue, {Type::kValue}},
      {"count", Function::kCount, Type::kValue, {Type::kNodes}},
      {"match", Function::kMatch, Type::kLogical, {Type::kValue, Type::kValue}},
      {"search", Function::kSearch, Type::kLogical, {Type::kValue, Type::kValue}},
      {"value", Function::kValue, Type::kValue, {Type::kNodes}},
  };
  for (const Signature& signature : *kSignatures) {
    if (signature.name == name) return &signature;
  }
  return nullptr;
}

bool IsLogical(Function function) { return function == Function::kMatch || function == Function::kSearch; }

bool IsSingular(const Segment& segment) {
  return !segment.descendant && segment.selectors.size() == 1 &&
         (std::holds_alternative<NameSelector>(segment.selectors.front()) ||
          std::holds_alternative<IndexSelector>(segment.selectors.front()));
}

class Parser {
 public:
  Parser(absl::string_view text, int regex_bytes_max) : scanner_(text), regex_bytes_max_(regex_bytes_max) {}

  absl::StatusOr<Program> Parse() {
    if (!scanner_.Take("$")) return scanner_.Expected("$, with which every path starts");
    HERALD_ASSIGN_OR_RETURN(Query query, Segments(/*absolute=*/true));
    if (!scanner_.AtEnd()) return scanner_.Expected(". or [ or the end (names with other characters: ['…'])");
    return Program{std::move(query), std::move(invalid_regex_)};
  }

 private:
  absl::StatusOr<Query> Segments(bool absolute) {
    Query query;
    query.absolute = absolute;
    while (true) {
      const size_t before = scanner_.offset();
      scanner_.SkipBlanks();
      if (scanner_.Peek() != '.' && scanner_.Peek() != '[') {
        scanner_.GoTo(before);
        return query;
      }
      HERALD_ASSIGN_OR_RETURN(Segment segment, ParseSegment());
      query.singular = query.singular && IsSingular(segment);
      query.segments.push_back(std::move(segment));
    }
  }

  absl::StatusOr<Segment> ParseSegment() {
    Segment segment;
    segment.descendant = scanner_.Take("..");
    if (segment.descendant && scanner_.Peek() == '[') {
      HERALD_RETURN_IF_ERROR(Bracketed(segment.selectors));
    } else if (segment.descendant || scanner_.Take(".")) {
      HERALD_ASSIGN_OR_RETURN(Selector selector, Shorthand());
      segment.selectors.push_back(std::move(selector));
    } else {
      HERALD_RETURN_IF_ERROR(Bracketed(segment.selectors));
    }
    return segment;
  }

  absl::StatusOr<Selector> Shorthand() {
    if (scanner_.Take("*")) return WildcardSelector{};
    HERALD_ASSIGN_OR_RETURN(std::string name, scanner_.Name());
    return NameSelector{std::move(name)};
  }

  absl::Status Bracketed(std::vector<Selector>& selectors) {
    scanner_.Take("[");
    do {
      scanner_.SkipBlanks();
      HERALD_ASSIGN_OR_RETURN(Selector selector, ParseSelector());
      selectors.push_back(std::move(selector));
      scanner_.SkipBlanks();
    } while (scanner_.Take(","));
    return scanner_.Take("]") ? absl::OkStatus() : scanner_.Expected(", or ]");
  }

  absl::StatusOr<Selector> ParseSelector() {
    if (scanner_.PeekQuote()) {
      HERALD_ASSIGN_OR_RETURN(std::string name, scanner_.String());
      return NameSelector{std::move(name)};
    }
    if (scanner_.Take("*")) return WildcardSelector{};
    if (scanner_.Take("?")) return Filter();
    if (scanner_.PeekNumber() || scanner_.Peek() == ':') return IndexOrSlice();
    return scanner_.Expected("a selector: 'name', *, an index, a slice or ?filter");
  }

  absl::StatusOr<Selector> IndexOrSlice() {
    std::optional<int64_t> start;
    if (scanner_.PeekNumber()) {
      HERALD_ASSIGN_OR_RETURN(start, scanner_.Integer());
    }
    if (!scanner_.TakeAfterBlanks(":")) return IndexSelector{*start};
    SliceSelector slice;
    slice.start = start;
    scanner_.SkipBlanks();
    if (scanner_.PeekNumber()) {
      HERALD_ASSIGN_OR_RETURN(slice.end, scanner_.Integer());
    }
    if (scanner_.TakeAfterBlanks(":")) {
      scanner_.SkipBlanks();
      if (scanner_.PeekNumber()) {
        HERALD_ASSIGN_OR_RETURN(slice.step, scanner_.Integer());
      }
    }
    return slice;
  }

  absl::StatusOr<Selector> Filter() {
    scanner_.SkipBlanks();
    HERALD_ASSIGN_OR_RETURN(Expression expression, Nested(&Parser::Or));
    return FilterSelector{std::make_unique<const Expression>(std::move(expression))};
  }

  // Runs `parse` one level deeper.
  template <typename Result>
  Result Nested(Result (Parser::*parse)()) {
    if (nesting_ == kNestingMax) {
      return Scanner::ErrorAt(scanner_.offset(), absl::StrCat("more than ", kNestingMax, " levels of nesting"));
    }
    ++nesting_;
    Result result = (this->*parse)();
    --nesting_;
    return result;
  }

  absl::StatusOr<Expression> Or() { return Chain<OrExpression>("||", &Parser::And); }
  absl::StatusOr<Expression> And() { return Chain<AndExpression>("&&", &Parser::Basic); }

  // One or more of what `parse` takes, joined by `joint`.
  template <typename Form>
  absl::StatusOr<Expression> Chain(absl::string_view joint, absl::StatusOr<Expression> (Parser::*parse)()) {
    HERALD_ASSIGN_OR_RETURN(Expression first, (this->*parse)());
    if (!scanner_.TakeAfterBlanks(joint)) return first;
    Form form;
    form.operands.push_back(std::move(first));
    do {
      scanner_.SkipBlanks();
      HERALD_ASSIGN_OR_RETURN(Expression next, (this->*parse)());
      form.operands.push_back(std::move(next));
    } while (scanner_.TakeAfterBlanks(joint));
    return Expression{std::move(form)};
  }

  absl::StatusOr<Expression> Basic() {
    if (!scanner_.Take("!")) return scanner_.Peek() == '(' ? Parenthesized() : ComparisonOrTest();
    scanner_.SkipBlanks();
    HERALD_ASSIGN_OR_RETURN(Expression operand, scanner_.Peek() == '(' ? Parenthesized() : TestAlone());
    return Expression{NotExpression{std::make_unique<const Expression>(std::move(operand))}};
  }

  absl::StatusOr<Expression> Parenthesized() {
    scanner_.Take("(");
    scanner_.SkipBlanks();
    HERALD_ASSIGN_OR_RETURN(Expression expression, Nested(&Parser::Or));
    if (!scanner_.TakeAfterBlanks(")")) return scanner_.Expected("&&, || or )");
    return expression;
  }

  absl::StatusOr<Expression> TestAlone() {
    const size_t start = scanner_.offset();
    HERALD_ASSIGN_OR_RETURN(Operand operand, ParseOperand());
    return Test(std::move(operand), start);
  }

  absl::StatusOr<Expression> ComparisonOrTest() {
    const size_t left_start = scanner_.offset();
    HERALD_ASSIGN_OR_RETURN(Operand left, ParseOperand());
    const std::optional<Comparison> comparison = TakeComparison();
    if (!comparison.has_value()) return Test(std::move(left), left_start);
    HERALD_RETURN_IF_ERROR(CheckIsValue(left, left_start));
    scanner_.SkipBlanks();
    const size_t right_start = scanner_.offset();
    HERALD_ASSIGN_OR_RETURN(Operand right, ParseOperand());
    HERALD_RETURN_IF_ERROR(CheckIsValue(right, right_start));
    return Expression{ComparisonExpression{*comparison, std::move(left), std::move(right)}};
  }

  std::optional<Comparison> TakeComparison() {
    static constexpr std::pair<absl::string_view, Comparison> kComparisons[] = {
        {"==", Comparison::kEqual},   {"!=", Comparison::kNotEqual}, {"<=", Comparison::kAtMost},
        {">=", Comparison::kAtLeast}, {"<", Comparison::kLess},      {">", Comparison::kGreater},
    };
    for (const auto& [token, comparison] : kComparisons) {
      if (scanner_.TakeAfterBlanks(token)) return comparison;
    }
    return std::nullopt;
  }

  absl::StatusOr<Expression> Test(Operand operand, size_t start) {
    if (auto* query = std::get_if<Query>(&operand)) return Expression{ExistenceTest{std::move(*query)}};
    if (std::holds_alternative<Literal>(operand)) {
      return Scanner::ErrorAt(start, "a literal must be compared with something");
    }
    auto& call = std::get<std::unique_ptr<const FunctionCall>>(operand);
    if (!IsLogical(call->function)) return Scanner::ErrorAt(start, "the result of this function must be compared");
    return Expression{FunctionTest{std::move(call)}};
  }

  // Whether `operand` has one value, as comparisons and most functions ask for.
  absl::Status CheckIsValue(const Operand& operand, size_t start) const {
    if (const auto* query = std::get_if<Query>(&operand); query != nullptr && !query->singular) {
      return Scanner::ErrorAt(start, "a query that may select several nodes has no one value");
    }
    const auto* call = std::get_if<std::unique_ptr<const FunctionCall>>(&operand);
    if (call != nullptr && IsLogical((*call)->function)) {
      return Scanner::ErrorAt(start, "match() and search() are tests and have no value to compare");
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Operand> ParseOperand() {
    if (scanner_.Take("$")) return QueryOperand(/*absolute=*/true);
    if (scanner_.Take("@")) return QueryOperand(/*absolute=*/false);
    if (scanner_.PeekQuote()) {
      HERALD_ASSIGN_OR_RETURN(std::string text, scanner_.String());
      return Literal{JsonValue::Kind::kString, false, 0, std::move(text)};
    }
    if (scanner_.PeekNumber()) {
      HERALD_ASSIGN_OR_RETURN(std::string text, scanner_.Number());
      const double number = NearestDouble(text);
      return Literal{JsonValue::Kind::kNumber, false, number, std::move(text)};
    }
    return WordOperand();
  }

  absl::StatusOr<Operand> QueryOperand(bool absolute) {
    HERALD_ASSIGN_OR_RETURN(Query query, Segments(absolute));
    return query;
  }

  // true, false, null or a function.
  absl::StatusOr<Operand> WordOperand() {
    const size_t start = scanner_.offset();
    const absl::string_view word = IsLower(scanner_.Peek()) ? scanner_.Word() : "";
    if (scanner_.Take("(")) return Call(word, start);
    if (word == "true" || word == "false") return Literal{JsonValue::Kind::kBool, word == "true", 0, ""};
    if (word == "null") return Literal{};
    scanner_.GoTo(start);
    return scanner_.Expected("@, $, a literal or a function");
  }

  absl::StatusOr<Operand> Call(absl::string_view name, size_t start) {
    const Signature* signature = FindSignature(name);
    if (signature == nullptr) {
      return Scanner::ErrorAt(start, "no such function; there are length, count, match, search and value");
    }
    FunctionCall call;
    call.function = signature->function;
    HERALD_RETURN_IF_ERROR(Arguments(*signature, start, call.arguments));
    PrepareRegex(call);
    return std::make_unique<const FunctionCall>(std::move(call));
  }

  absl::Status Arguments(const Signature& signature, size_t start, std::vector<Operand>& arguments) {
    scanner_.SkipBlanks();
    if (scanner_.Peek() != ')') {
      do {
        scanner_.SkipBlanks();
        const size_t argument_start = scanner_.offset();
        HERALD_ASSIGN_OR_RETURN(Operand argument, Nested(&Parser::ParseOperand));
        if (arguments.size() < signature.parameters.size()) {
          HERALD_RETURN_IF_ERROR(CheckArgument(argument, signature.parameters[arguments.size()], argument_start));
        }
        arguments.push_back(std::move(argument));
      } while (scanner_.TakeAfterBlanks(","));
    }
    if (!scanner_.TakeAfterBlanks(")")) return scanner_.Expected(", or )");
    if (arguments.size() == signature.parameters.size()) return absl::OkStatus();
    const size_t expected = signature.parameters.size();
    return Scanner::ErrorAt(
        start, absl::StrCat(signature.name, "() takes ", expected, expected == 1 ? " argument" : " arguments", ", not ",
                            arguments.size()));
  }

  absl::Status CheckArgument(const Operand& argument, Type type, size_t start) const {
    if (type == Type::kValue) return CheckIsValue(argument, start);
    if (std::holds_alternative<Query>(argument)) return absl::OkStatus();
    return Scanner::ErrorAt(start, "the argument of this function is a query");
  }

  void PrepareRegex(FunctionCall& call) {
    if (!IsLogical(call.function)) return;
    const auto* literal = std::get_if<Literal>(&call.arguments[1]);
    if (literal == nullptr) return;
    call.has_fixed_regex = true;
    if (literal->kind == JsonValue::Kind::kString) call.regex = CompileIRegexp(literal->text, regex_bytes_max_);
    if (!call.regex.has_value() && !invalid_regex_.has_value()) invalid_regex_ = literal->text;
  }

  Scanner scanner_;
  const int regex_bytes_max_;
  int nesting_ = 0;
  std::optional<std::string> invalid_regex_;
};

}  // namespace

absl::StatusOr<Program> Parse(absl::string_view text, int regex_bytes_max) {
  if (!IsValidUtf8(text)) return absl::InvalidArgumentError("a path is UTF-8 text");
  return Parser(text, regex_bytes_max).Parse();
}

}  // namespace herald::json_path
