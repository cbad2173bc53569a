#include "src/core/template/expression_parser.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/base/ascii.h"
#include "src/base/time_zone.h"
#include "src/base/utf8.h"
#include "src/core/json_number.h"

namespace herald::templates {
namespace {

bool IsNameCharacter(char c) {
  return IsAlphanumeric(c) || c == '_' || c == '-' || c == '$' || c == ':' ||
         (static_cast<unsigned char>(c) & 0x80) != 0;
}

class ExpressionParser {
 public:
  ExpressionParser(absl::string_view content, size_t offset, int depth_max, std::optional<SyntaxError>& error)
      : text_(content), offset_(offset), depth_max_(depth_max), error_(error) {}

  ParsedTag Run() {
    ParsedTag tag;
    tag.expression = CallOrValue(0);
    if (!Failed() && ConsumeAs()) tag.parameters = Parameters();
    if (!Failed() && !AtEnd()) Fail(at_, absl::StrCat("\"", Rest(), "\" is not expected here"));
    return tag;
  }

 private:
  bool Failed() const { return error_.has_value(); }
  void Fail(size_t at, std::string message) {
    if (!Failed()) error_ = SyntaxError{offset_ + at, std::move(message)};
  }
  void SkipSpace() {
    while (at_ < text_.size() && IsSpace(text_[at_])) ++at_;
  }
  bool AtEnd() {
    SkipSpace();
    return at_ == text_.size();
  }
  char Peek() {
    SkipSpace();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool Consume(char c) {
    if (Peek() != c) return false;
    ++at_;
    return true;
  }
  std::string Rest() const { return Shortened(text_.substr(at_), 40); }

  bool ConsumeAs() {
    SkipSpace();
    if (!absl::StartsWith(text_.substr(at_), "as")) return false;
    const size_t before = at_;
    at_ += 2;
    if (Consume('|')) return true;
    at_ = before;
    return false;
  }

  std::vector<std::string> Parameters() {
    std::vector<std::string> names;
    while (!Failed() && !Consume('|')) {
      const std::string name = Name();
      if (name.empty()) Fail(at_, "want names between | and |, as in {{#each xs as |item i|}}");
      names.push_back(name);
    }
    if (names.empty() || names.size() > 2) Fail(at_, "want one or two names between | and |");
    return names;
  }

  std::string Name() {
    SkipSpace();
    const size_t begin = at_;
    while (at_ < text_.size() && IsNameCharacter(text_[at_])) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  bool AtArgument() {
    const char c = Peek();
    if (c == '\0' || c == ')' || c == '|') return false;
    return !(absl::StartsWith(text_.substr(at_), "as") && text_.substr(at_ + 2).find('|') != absl::string_view::npos &&
             absl::StartsWith(absl::StripLeadingAsciiWhitespace(text_.substr(at_ + 2)), "|"));
  }

  // A value, or a helper's name with arguments.
  Expression CallOrValue(int depth) {
    const size_t begin = (SkipSpace(), at_);
    Expression value = Value(depth);
    if (Failed() || !AtArgument()) return value;
    const std::string name(text_.substr(begin, at_ - begin));
    return Call(value, std::string(absl::StripTrailingAsciiWhitespace(name)), begin, depth);
  }

  Expression Call(const Expression& named, const std::string& name, size_t begin, int depth) {
    Expression call;
    call.kind = Expression::Kind::kCall;
    call.offset = offset_ + begin;
    call.helper = named.kind == Expression::Kind::kPath ? FindHelper(name) : nullptr;
    if (call.helper == nullptr) {
      const bool is_index = begin + name.size() == at_ && text_[at_] == '[';
      Fail(begin, is_index ? NoPointBeforeIndex(name) : NoSuchHelper(name));
      return call;
    }
    std::vector<std::optional<Expression>> arguments;
    while (!Failed() && AtArgument()) Argument(*call.helper, arguments, depth);
    for (std::optional<Expression>& argument : arguments) {
      if (!argument.has_value())
        Fail(begin, absl::StrCat(name, ": an argument is missing; want ", Usage(*call.helper)));
      if (argument.has_value()) call.arguments.push_back(*std::move(argument));
    }
    CheckArguments(call, begin);
    return call;
  }

  static std::string Usage(const Helper& helper) {
    std::string usage = helper.name;
    for (size_t i = 0; i < helper.parameters.size(); ++i) {
      const bool optional = static_cast<int>(i) >= helper.arguments_min;
      absl::StrAppend(&usage, optional ? " [" : " ", helper.parameters[i], optional ? "]" : "");
    }
    return usage;
  }

  void Argument(const Helper& helper, std::vector<std::optional<Expression>>& arguments, int depth) {
    const size_t begin = (SkipSpace(), at_);
    const std::string name = Name();
    if (!name.empty() && at_ < text_.size() && text_[at_] == '=') {
      ++at_;
      const auto parameter = std::find_if(helper.parameters.begin(), helper.parameters.end(),
                                          [&](const char* one) { return one == name && name != "…"; });
      if (parameter == helper.parameters.end()) {
        return Fail(begin, absl::StrCat(helper.name, " takes no ", Shortened(name, 40), "=; want ", Usage(helper)));
      }
      const auto index = static_cast<size_t>(parameter - helper.parameters.begin());
      if (arguments.size() <= index) arguments.resize(index + 1);
      if (arguments[index].has_value()) return Fail(begin, absl::StrCat(name, "= is given twice"));
      arguments[index] = Value(depth);
      return;
    }
    at_ = begin;
    arguments.emplace_back(Value(depth));
  }

  void CheckArguments(const Expression& call, size_t begin) {
    if (Failed()) return;
    const Helper& helper = *call.helper;
    const bool any_number = absl::string_view(helper.parameters.back()) == "…";
    const int count = static_cast<int>(call.arguments.size());
    if (count < helper.arguments_min || (!any_number && count > static_cast<int>(helper.parameters.size()))) {
      return Fail(begin, absl::StrCat(helper.name, " is given ", count, " arguments; want ", Usage(helper)));
    }
    const absl::string_view name = helper.name;
    absl::TimeZone zone;
    if (name == "date" && count > 2 && call.arguments[2].kind == Expression::Kind::kLiteral &&
        !LoadZone(call.arguments[2].text, &zone)) {
      Fail(begin, absl::StrCat("date: there is no time zone \"", Shortened(call.arguments[2].text, 40),
                               "\"; want a name such as \"Europe/Berlin\""));
    }
    if (name == "truncate" && call.arguments[1].kind == Expression::Kind::kLiteral &&
        call.arguments[1].literal != Expression::Literal::kNumber) {
      Fail(begin, "truncate: the length is a number, as in {{truncate text 100}}");
    }
  }

  // A path, a literal or a sub-expression.
  Expression Value(int depth) {
    const char c = Peek();
    if (c == '(') return SubExpression(depth);
    if (c == '"' || c == '\'') return StringLiteral();
    if (c == '-' || IsDigit(c)) return NumberLiteral();
    return Path();
  }

  Expression SubExpression(int depth) {
    const size_t begin = at_;
    ++at_;
    if (depth + 1 > depth_max_) {
      Fail(begin, absl::StrCat("more than ", depth_max_, " sub-expressions one in another"));
      return {};
    }
    Expression inner = CallOrValue(depth + 1);
    if (!Failed() && !Consume(')')) Fail(begin, "this \"(\" has no \")\"");
    return inner;
  }

  Expression Literal(Expression::Literal literal, std::string text, size_t begin) const {
    Expression expression;
    expression.kind = Expression::Kind::kLiteral;
    expression.literal = literal;
    expression.text = std::move(text);
    expression.offset = offset_ + begin;
    return expression;
  }

  Expression StringLiteral() {
    const size_t begin = at_;
    const char quote = text_[at_++];
    std::string out;
    while (at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] == '\\') {
        Escape(out);
        if (Failed()) return {};
      } else {
        out.push_back(text_[at_++]);
      }
    }
    if (at_ >= text_.size()) {
      Fail(begin, "this string has no end");
      return {};
    }
    ++at_;
    return Literal(Expression::Literal::kString, std::move(out), begin);
  }

  void Escape(std::string& out) {
    const size_t begin = at_++;
    const char c = at_ < text_.size() ? text_[at_] : '\0';
    ++at_;
    if (c == '"' || c == '\'' || c == '\\') {
      out.push_back(c);
    } else if (c == 'n') {
      out.push_back('\n');
    } else if (c == 't') {
      out.push_back('\t');
    } else if (c == 'u') {
      UnicodeEscape(begin, out);
    } else {
      Fail(begin, "a string knows the escapes \\\" \\' \\\\ \\n \\t \\uXXXX");
    }
  }

  std::optional<uint32_t> FourHexDigits() {
    uint32_t unit = 0;
    if (at_ + 4 > text_.size() || !absl::SimpleHexAtoi(text_.substr(at_, 4), &unit) ||
        !std::all_of(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                     text_.begin() + static_cast<std::ptrdiff_t>(at_ + 4), IsHexDigit)) {
      return std::nullopt;
    }
    at_ += 4;
    return unit;
  }

  void UnicodeEscape(size_t begin, std::string& out) {
    std::optional<uint32_t> unit = FourHexDigits();
    if (unit.has_value() && *unit >= 0xD800 && *unit < 0xDC00 && absl::StartsWith(text_.substr(at_), "\\u")) {
      at_ += 2;
      const std::optional<uint32_t> low = FourHexDigits();
      if (low.has_value() && *low >= 0xDC00 && *low < 0xE000) {
        return AppendCodePoint(0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00), &out);
      }
      unit.reset();
    }
    if (!unit.has_value() || (*unit >= 0xD800 && *unit < 0xE000))
      return Fail(begin, "\\u wants four hexadecimal digits of a character");
    AppendCodePoint(*unit, &out);
  }

  Expression NumberLiteral() {
    const size_t begin = at_;
    while (at_ < text_.size() && (IsAlphanumeric(text_[at_]) || absl::StrContains("+-.", text_[at_]))) {
      ++at_;
    }
    const absl::string_view number = text_.substr(begin, at_ - begin);
    if (!IsJsonNumber(number)) Fail(begin, absl::StrCat("\"", Shortened(number, 40), "\" is no number"));
    Expression literal = Literal(Expression::Literal::kNumber, std::string(number), begin);
    literal.number = NearestDouble(number);
    return literal;
  }

  Expression Path() {
    const size_t begin = at_;
    Expression path;
    path.offset = offset_ + begin;
    if (Peek() == '@') {
      ++at_;
      while (absl::StartsWith(text_.substr(at_), "../")) {
        at_ += 3;
        ++path.up;
      }
      return DataPath(std::move(path), begin);
    }
    bool wants_segment = true;
    while (absl::StartsWith(text_.substr(at_), "..")) {
      at_ += 2;
      ++path.up;
      path.from_this = true;
      wants_segment = at_ < text_.size() && (text_[at_] == '/' || text_[at_] == '.');
      if (!wants_segment) return path;
      ++at_;
    }
    if (path.up == 0) {
      const absl::string_view rest = text_.substr(at_);
      if (absl::StartsWith(rest, "this") && (rest.size() == 4 || !IsNameCharacter(rest[4]))) {
        at_ += 4;
        path.from_this = true;
      } else if (absl::StartsWith(rest, ".")) {
        ++at_;
        path.from_this = true;
        if (at_ < text_.size() && text_[at_] == '/') {
          ++at_;
          path.segments.push_back(Segment(begin));
          return Segments(std::move(path), begin);
        }
        return path;
      }
      if (path.from_this) return Segments(std::move(path), begin);
    }
    path.segments.push_back(Segment(begin));
    path = Segments(std::move(path), begin);
    return AsWord(std::move(path), begin);
  }

  // true, false and null are literals.
  Expression AsWord(Expression path, size_t begin) const {
    const absl::string_view word = text_.substr(begin, at_ - begin);
    if (word == "true") return Literal(Expression::Literal::kTrue, "", begin);
    if (word == "false") return Literal(Expression::Literal::kFalse, "", begin);
    if (word == "null") return Literal(Expression::Literal::kNull, "", begin);
    return path;
  }

  Expression DataPath(Expression path, size_t begin) {
    const std::string name = Name();
    const std::pair<const char*, Expression::Root> kRoots[] = {
        {"root", Expression::Root::kRoot}, {"secret", Expression::Root::kSecret}, {"index", Expression::Root::kIndex},
        {"key", Expression::Root::kKey},   {"first", Expression::Root::kFirst},   {"last", Expression::Root::kLast},
    };
    const auto root =
        std::find_if(std::begin(kRoots), std::end(kRoots), [&](const auto& one) { return one.first == name; });
    if (root == std::end(kRoots)) {
      Fail(begin,
           absl::StrCat("there is no @", Shortened(name, 40), "; want @root, @secret, @index, @key, @first or @last"));
      return path;
    }
    path.root = root->second;
    path = Segments(std::move(path), begin);
    const bool is_secret = path.root == Expression::Root::kSecret;
    if (is_secret && path.segments.size() != 1) Fail(begin, "want {{@secret.name}}, with the name of one secret");
    if (!is_secret && path.root != Expression::Root::kRoot && !path.segments.empty()) {
      Fail(begin, absl::StrCat("@", name, " has no members"));
    }
    if (path.up > 0 && (is_secret || path.root == Expression::Root::kRoot))
      Fail(begin, absl::StrCat("write @", name, " without ../"));
    return path;
  }

  // What follows the first segment: ".b", "/b", ".[b c]", ".0".
  Expression Segments(Expression path, size_t begin) {
    while (!Failed() && at_ < text_.size() && (text_[at_] == '.' || text_[at_] == '/')) {
      ++at_;
      path.segments.push_back(Segment(begin));
    }
    return path;
  }

  std::string Segment(size_t begin) {
    if (at_ < text_.size() && text_[at_] == '[') {
      const size_t close = text_.find(']', at_);
      if (close == absl::string_view::npos) {
        Fail(at_, "this \"[\" has no \"]\"");
        return "";
      }
      std::string segment(text_.substr(at_ + 1, close - at_ - 1));
      at_ = close + 1;
      return segment;
    }
    const size_t start = at_;
    while (at_ < text_.size() && IsNameCharacter(text_[at_])) ++at_;
    if (at_ == start) {
      Fail(at_ < text_.size() ? at_ : begin, at_ < text_.size()
                                                 ? absl::StrCat("\"", Rest(), "\" is no path")
                                                 : std::string("want a path, as in {{data.requester.name}}"));
    }
    return std::string(text_.substr(start, at_ - start));
  }

  const absl::string_view text_;
  const size_t offset_;
  const int depth_max_;
  std::optional<SyntaxError>& error_;
  size_t at_ = 0;
};

}  // namespace

ParsedTag ParseTag(absl::string_view content, size_t offset, int depth_max, std::optional<SyntaxError>& error) {
  return ExpressionParser(content, offset, depth_max, error).Run();
}

}  // namespace herald::templates
