#include "src/core/template/renderer.h"

#include <utility>

#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "src/core/template/escape.h"
#include "src/core/template/helpers.h"
#include "src/core/template/work.h"
#include "src/core/work_budget.h"

namespace herald::templates {
namespace {

// Levels of arrays and objects in what is parsed once more. The parser calls itself for each, and the text may be an
// event's.
constexpr int kLevelsMax = 1000;

// What names are looked up in: an each's or with's value, and the scope around it.
struct Scope {
  JsonValue value;
  const Scope* outer = nullptr;
  const std::vector<std::string>* parameters = nullptr;  // names for `value` and for the index or key
  bool is_each = false;
  size_t index = 0;
  std::string index_text;
  bool is_last = false;
  std::optional<absl::string_view> key;  // of an each over an object
};

class Renderer {
 public:
  Renderer(const JsonValue& event, const Template::Secrets& secrets, const RenderLimits& limits)
      : event_(event), secrets_(secrets), limits_(limits), pool_(limits.helper_bytes_max, work_) {}

  bool Run(const Operations& operations, const Scope& scope, std::string* out) {
    for (const Operation& operation : operations) {
      if (!Spend(operation.offset, 1) || !RunOne(operation, scope, out) || !Fits(operation.offset, out->size())) {
        return false;
      }
    }
    return true;
  }

  std::optional<SyntaxError> error() { return std::move(error_); }

 private:
  bool Fail(size_t offset, std::string message) {
    if (!error_.has_value()) error_ = SyntaxError{offset, std::move(message)};
    return false;
  }

  bool Fits(size_t offset, size_t bytes) {
    return bytes <= limits_.output_bytes_max ||
           Fail(offset, absl::StrCat("the output passes ", limits_.output_bytes_max, " bytes"));
  }

  bool Spend(size_t offset, size_t units) {
    return work_.Spend(units) ||
           Fail(offset, absl::StrCat("the template does too much work: more than ", kWorkUnitsMax,
                                     " steps in one rendering; put fewer tags and helpers into the each, or give them "
                                     "shorter texts"));
  }

  bool RunOne(const Operation& operation, const Scope& scope, std::string* out) {
    switch (operation.kind) {
      case Operation::Kind::kText:
        out->append(operation.text);
        return Spend(operation.offset, operation.text.size() / kBytesCopiedPerUnit);
      case Operation::Kind::kComma:
        WriteComma(out);
        return true;
      case Operation::Kind::kDocument:
        return Document(operation, scope, out);
      case Operation::Kind::kBlock:
        return Block(operation, scope, out);
      default:
        return Value(operation, scope, out);
    }
  }

  // The container is empty exactly when its bracket is the last thing written.
  static void WriteComma(std::string* out) {
    const size_t last = out->find_last_not_of(" \t\r\n");
    if (last != std::string::npos && (*out)[last] != '[' && (*out)[last] != '{') out->push_back(',');
  }

  bool Document(const Operation& operation, const Scope& scope, std::string* out) {
    std::string document;
    if (!Run(operation.body, scope, &document)) return false;
    if (operation.parse_again) {
      if (!Spend(operation.offset, document.size() / kBytesParsedPerUnit)) return false;
      const std::optional<SyntaxError> why = WhyNotJson(document, limits_.quotes_names);
      if (why.has_value())
        return Fail(operation.offset, absl::StrCat("the document in this string is not valid: ", why->message));
    }
    if (!Spend(operation.offset, document.size() / kBytesWrittenPerUnit)) return false;
    AppendJsonEscaped(document, out);
    return true;
  }

  bool Value(const Operation& operation, const Scope& scope, std::string* out) {
    const bool as_value =
        operation.kind == Operation::Kind::kJsonValue || operation.kind == Operation::Kind::kRawJsonValue;
    JsonValue value;
    if (!Evaluate(operation.expression, scope, !as_value, &value)) return false;
    if (!Fits(operation.offset, out->size() + value.string().size())) return false;
    const size_t before = out->size();
    return Write(operation, value, out) && Spend(operation.offset, (out->size() - before) / kBytesWrittenPerUnit);
  }

  bool Write(const Operation& operation, const JsonValue& value, std::string* out) {
    switch (operation.kind) {
      case Operation::Kind::kJsonValue:
        AppendJson(value, out);
        return true;
      case Operation::Kind::kRawJsonValue:
        return RawValue(operation, value, out);
      case Operation::Kind::kRawJsonText:
        return RawText(operation, value, out);
      case Operation::Kind::kJsonText:
        value.is_string() ? AppendJsonEscaped(value.string(), out) : AppendJsonEscaped(TextOf(value), out);
        return true;
      case Operation::Kind::kForm:
      case Operation::Kind::kUrl:
        AppendPercentEncoded(TextOf(value), out);
        return true;
      case Operation::Kind::kXml:
        AppendXmlEscaped(TextOf(value), out);
        return true;
      case Operation::Kind::kHeader:
        return Header(operation, TextOf(value), out);
      default:
        AppendTextOf(value, out);
        return true;
    }
  }

  bool RawValue(const Operation& operation, const JsonValue& value, std::string* out) {
    if (!value.is_string()) {
      AppendJson(value, out);
      return true;
    }
    if (!Spend(operation.offset, value.string().size() / kBytesParsedPerUnit)) return false;
    const std::optional<SyntaxError> why = WhyNotJson(value.string(), false);
    if (why.has_value())
      return Fail(operation.offset,
                  "the text of this raw tag is not exactly one JSON value; leave out one brace to quote it");
    absl::StrAppend(out, value.string());
    return true;
  }

  bool RawText(const Operation& operation, const JsonValue& value, std::string* out) {
    if (!value.is_string()) {
      AppendJsonEscaped(TextOf(value), out);
      return true;
    }
    const auto parsed = JsonDocument::Parse(absl::StrCat("\"", value.string(), "\""));
    if (!parsed.ok() || !parsed->root().is_string()) {
      return Fail(operation.offset,
                  "the text of this raw tag is not the inside of a JSON string; leave out one brace to escape it");
    }
    absl::StrAppend(out, value.string());
    return true;
  }

  bool Header(const Operation& operation, const std::string& text, std::string* out) {
    if (text.find_first_of(absl::string_view("\r\n\0", 3).data(), 0, 3) != std::string::npos) {
      return Fail(operation.offset, "the value holds a line break or NUL, which a header cannot");
    }
    out->append(text);
    return true;
  }

  // ---- Blocks.

  bool Block(const Operation& operation, const Scope& scope, std::string* out) {
    JsonValue value;
    if (!Evaluate(operation.expression, scope, false, &value)) return false;
    switch (operation.block) {
      case Node::Block::kIf:
        return Run(IsTrue(value) ? operation.body : operation.otherwise, scope, out);
      case Node::Block::kUnless:
        return Run(IsTrue(value) ? operation.otherwise : operation.body, scope, out);
      case Node::Block::kWith: {
        if (!IsTrue(value)) return Run(operation.otherwise, scope, out);
        Scope inner;
        inner.value = value;
        inner.outer = &scope;
        inner.parameters = &operation.parameters;
        return Run(operation.body, inner, out);
      }
      case Node::Block::kEach:
        return Each(operation, value, scope, out);
    }
    return false;
  }

  bool Each(const Operation& operation, const JsonValue& value, const Scope& scope, std::string* out) {
    const size_t count = value.is_object() ? value.members().size() : value.items().size();
    if (count == 0) return Run(operation.otherwise, scope, out);
    Scope inner;
    inner.outer = &scope;
    inner.parameters = &operation.parameters;
    inner.is_each = true;
    for (size_t i = 0; i < count; ++i) {
      if (++iterations_ > limits_.iterations_max) {
        return Fail(operation.offset, absl::StrCat("more than ", limits_.iterations_max, " iterations of each in all"));
      }
      inner.index = i;
      inner.index_text = absl::StrCat(i);
      inner.is_last = i + 1 == count;
      if (value.is_object()) {
        inner.value = value.members()[i].value;
        inner.key = value.members()[i].name;
      } else {
        inner.value = value.items()[i];
      }
      if (!Run(operation.body, inner, out)) return false;
    }
    return true;
  }

  // ---- Expressions.

  // `as_text`: `json x` gives x's compact text.
  bool Evaluate(const Expression& expression, const Scope& scope, bool as_text, JsonValue* value) {
    switch (expression.kind) {
      case Expression::Kind::kLiteral:
        *value = LiteralOf(expression);
        return true;
      case Expression::Kind::kPath:
        return Path(expression, scope, value);
      case Expression::Kind::kCall:
        return Call(expression, scope, as_text, value);
    }
    return false;
  }

  static JsonValue LiteralOf(const Expression& expression) {
    switch (expression.literal) {
      case Expression::Literal::kString:
        return JsonValue::String(expression.text);
      case Expression::Literal::kNumber:
        return JsonValue::Number(expression.number, expression.text);
      case Expression::Literal::kTrue:
        return JsonValue::Bool(true);
      case Expression::Literal::kFalse:
        return JsonValue::Bool(false);
      case Expression::Literal::kNull:
        return {};
    }
    return {};
  }

  bool Call(const Expression& expression, const Scope& scope, bool as_text, JsonValue* value) {
    absl::InlinedVector<JsonValue, 4> arguments;
    for (const Expression& argument : expression.arguments) {
      if (!Evaluate(argument, scope, !expression.helper->is_json && WantsText(*expression.helper),
                    &arguments.emplace_back())) {
        return false;
      }
    }
    if (expression.helper->is_json && as_text) {
      return Keep(expression, ToJson(arguments[0]), value);
    }
    const absl::StatusOr<JsonValue> result = expression.helper->call(arguments, pool_);
    if (!Spend(expression.offset, 1 + arguments.size())) return false;
    if (!result.ok()) return Fail(expression.offset, std::string(result.status().message()));
    *value = *result;
    return true;
  }

  // Helpers that make texts take the text of `json x`.
  static bool WantsText(const Helper& helper) { return absl::string_view(helper.parameters[0]) == "text"; }

  bool Keep(const Expression& expression, std::string text, JsonValue* value) {
    const absl::StatusOr<absl::string_view> kept = pool_.Keep(std::move(text));
    if (!kept.ok()) return Fail(expression.offset, std::string(kept.status().message()));
    *value = JsonValue::String(*kept);
    return true;
  }

  bool Path(const Expression& path, const Scope& scope, JsonValue* value) {
    switch (path.root) {
      case Expression::Root::kSecret: {
        const auto secret = secrets_.find(path.segments[0]);
        if (secret == secrets_.end())
          return Fail(path.offset, absl::StrCat("there is no secret \"", path.segments[0], "\""));
        *value = JsonValue::String(secret->second);
        return true;
      }
      case Expression::Root::kRoot:
        *value = Descend(event_, path, 0);
        return true;
      case Expression::Root::kContext:
        *value = ContextPath(path, scope);
        return true;
      default:
        return LoopVariable(path, scope, value);
    }
  }

  JsonValue Descend(JsonValue value, const Expression& path, size_t first) {
    for (size_t i = first; i < path.segments.size(); ++i) {
      work_.Spend(1 + value.members().size() / kNamesPerUnit);
      value = Member(value, path.segments[i]);
    }
    return value;
  }

  JsonValue ContextPath(const Expression& path, const Scope& scope) {
    if (!path.from_this && !path.segments.empty()) {
      for (const Scope* one = &scope; one != nullptr; one = one->outer) {
        if (one->parameters == nullptr) continue;
        work_.Spend(one->parameters->size());
        for (size_t i = 0; i < one->parameters->size(); ++i) {
          if ((*one->parameters)[i] == path.segments[0])
            return Descend(i == 0 ? one->value : IndexOrKey(*one), path, 1);
        }
      }
    }
    const Scope* from = &scope;
    for (int i = 0; i < path.up && from != nullptr; ++i) from = from->outer;
    return from == nullptr ? JsonValue() : Descend(from->value, path, 0);
  }

  static JsonValue IndexOrKey(const Scope& scope) {
    if (!scope.is_each) return {};
    return scope.key.has_value() ? JsonValue::String(*scope.key) : Index(scope);
  }

  static JsonValue Index(const Scope& scope) {
    return JsonValue::Number(static_cast<double>(scope.index), scope.index_text);
  }

  // @index and its like belong to the innermost each.
  static bool LoopVariable(const Expression& path, const Scope& scope, JsonValue* value) {
    const Scope* each = &scope;
    for (int up = path.up;; each = each->outer) {
      while (each != nullptr && !each->is_each) each = each->outer;
      if (each == nullptr || up-- == 0) break;
    }
    *value = JsonValue();
    if (each == nullptr) return true;
    switch (path.root) {
      case Expression::Root::kIndex:
        *value = Index(*each);
        break;
      case Expression::Root::kKey:
        *value = IndexOrKey(*each);
        break;
      case Expression::Root::kFirst:
        *value = JsonValue::Bool(each->index == 0);
        break;
      default:
        *value = JsonValue::Bool(each->is_last);
    }
    return true;
  }

  const JsonValue event_;
  const Template::Secrets& secrets_;
  const RenderLimits& limits_;
  WorkBudget work_{kWorkUnitsMax};
  TextPool pool_;
  int iterations_ = 0;
  std::optional<SyntaxError> error_;
};

}  // namespace

std::optional<SyntaxError> RenderOperations(const Operations& operations, const JsonValue& event,
                                            const Template::Secrets& secrets, const RenderLimits& limits,
                                            std::string* out) {
  Renderer renderer(event, secrets, limits);
  Scope root;
  root.value = event;
  renderer.Run(operations, root, out);
  return renderer.error();
}

std::optional<SyntaxError> WhyNotJson(absl::string_view text, bool quotes_names) {
  JsonParseOptions options;
  options.depth_max = kLevelsMax;
  options.refuse_duplicate_names = true;
  size_t offset = 0;
  const auto document = JsonDocument::Parse(text, options, &offset);
  if (document.ok()) return std::nullopt;
  if (quotes_names) return SyntaxError{offset, std::string(document.status().message())};
  return SyntaxError{offset, "a name comes twice in one object, or it is not JSON of at most 1000 levels"};
}

}  // namespace herald::templates
