#include "src/core/template/template.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/base/utf8.h"
#include "src/core/template/escape.h"
#include "src/core/template/json_analyser.h"
#include "src/core/template/parser.h"
#include "src/core/template/renderer.h"

namespace herald {

using templates::Expression;
using templates::Node;
using templates::Operation;
using templates::Operations;
using templates::SyntaxError;

struct Template::Program {
  std::string source;
  TemplateDialect dialect = TemplateDialect::kJson;
  Operations operations;
  bool parse_again = false;
  templates::RenderLimits limits;
  std::vector<std::string> secret_names;
  std::vector<TopName> top_names;
  std::vector<Position> positions;
};

namespace {

// Line and column, from 1, of an offset.
std::pair<int, int> PlaceOf(absl::string_view source, size_t offset) {
  const absl::string_view before = source.substr(0, std::min(offset, source.size()));
  const size_t line_start = before.rfind('\n') == absl::string_view::npos ? 0 : before.rfind('\n') + 1;
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  return {static_cast<int>(line), static_cast<int>(before.size() - line_start) + 1};
}

std::string At(absl::string_view source, const SyntaxError& error) {
  const auto [line, column] = PlaceOf(source, error.offset);
  return absl::StrCat("line ", line, ", column ", column, ": ", error.message);
}

// ---- What is in a tree.

void CollectSecrets(const Expression& expression, std::vector<std::string>& names) {
  if (expression.kind == Expression::Kind::kPath && expression.root == Expression::Root::kSecret &&
      std::find(names.begin(), names.end(), expression.segments[0]) == names.end()) {
    names.push_back(expression.segments[0]);
  }
  for (const Expression& argument : expression.arguments) CollectSecrets(argument, names);
}

void CollectSecrets(const std::vector<Node>& nodes, std::vector<std::string>& names) {
  for (const Node& node : nodes) {
    if (node.kind != Node::Kind::kText) CollectSecrets(node.expression, names);
    CollectSecrets(node.body, names);
    CollectSecrets(node.otherwise, names);
  }
}

// `at_top`: no block around it has another context.
void CollectTopNames(const Expression& expression, bool at_top, std::vector<std::pair<std::string, size_t>>& names) {
  const bool starts_at_top = expression.root == Expression::Root::kRoot ||
                             (at_top && expression.root == Expression::Root::kContext && expression.up == 0);
  if (expression.kind == Expression::Kind::kPath && starts_at_top && !expression.segments.empty()) {
    names.emplace_back(expression.segments[0], expression.offset);
  }
  for (const Expression& argument : expression.arguments) CollectTopNames(argument, at_top, names);
}

void CollectTopNames(const std::vector<Node>& nodes, bool at_top, std::vector<std::pair<std::string, size_t>>& names) {
  for (const Node& node : nodes) {
    if (node.kind != Node::Kind::kText) CollectTopNames(node.expression, at_top, names);
    const bool keeps_context = node.block == Node::Block::kIf || node.block == Node::Block::kUnless;
    CollectTopNames(node.body, at_top && keeps_context, names);
    CollectTopNames(node.otherwise, at_top, names);
  }
}

std::vector<Template::TopName> TopNamesOf(absl::string_view source, const std::vector<Node>& nodes) {
  std::vector<std::pair<std::string, size_t>> found;
  CollectTopNames(nodes, /*at_top=*/true, found);
  std::sort(found.begin(), found.end());
  std::vector<Template::TopName> names;
  for (const auto& [name, offset] : found) {
    if (!names.empty() && names.back().name == name) continue;
    const auto [line, column] = PlaceOf(source, offset);
    names.push_back({name, line, column});
  }
  return names;
}

void CollectTags(const std::vector<Node>& nodes, std::vector<std::pair<size_t, std::string>>& tags) {
  for (const Node& node : nodes) {
    if (node.kind == Node::Kind::kTag) tags.emplace_back(node.offset, node.source);
    CollectTags(node.body, tags);
    CollectTags(node.otherwise, tags);
  }
}

// Every tag and its place, in order; `described` as the analysis found them. One pass over the source for all.
std::vector<Template::Position> PositionsOf(absl::string_view source, const std::vector<Node>& nodes,
                                            std::vector<std::pair<size_t, std::string>> described,
                                            const char* otherwise) {
  std::vector<std::pair<size_t, std::string>> tags;
  CollectTags(nodes, tags);
  std::sort(tags.begin(), tags.end());
  std::sort(described.begin(), described.end());
  std::vector<Template::Position> positions;
  int line = 1;
  size_t line_start = 0;
  size_t at = 0;
  for (size_t i = 0; i < tags.size(); ++i) {
    for (; at < tags[i].first; ++at) {
      if (source[at] != '\n') continue;
      ++line;
      line_start = at + 1;
    }
    Template::Position& position = positions.emplace_back();
    position.line = line;
    position.column = static_cast<int>(at - line_start) + 1;
    position.tag = std::move(tags[i].second);
    position.position = i < described.size() ? std::move(described[i].second) : otherwise;
  }
  return positions;
}

// ---- Dialects in which a value is escaped alike wherever it stands.

Operation::Kind KindOf(TemplateDialect dialect) {
  switch (dialect) {
    case TemplateDialect::kForm:
      return Operation::Kind::kForm;
    case TemplateDialect::kXml:
      return Operation::Kind::kXml;
    case TemplateDialect::kUrl:
      return Operation::Kind::kUrl;
    case TemplateDialect::kHeader:
      return Operation::Kind::kHeader;
    default:
      return Operation::Kind::kPlain;
  }
}

const char* DescriptionOf(TemplateDialect dialect) {
  switch (dialect) {
    case TemplateDialect::kForm:
      return "form";
    case TemplateDialect::kXml:
      return "XML";
    case TemplateDialect::kUrl:
      return "URL";
    case TemplateDialect::kHeader:
      return "header";
    default:
      return "text";
  }
}

Operations Plainly(const std::vector<Node>& nodes, TemplateDialect dialect, std::optional<SyntaxError>& error) {
  Operations operations;
  for (const Node& node : nodes) {
    Operation& operation = operations.emplace_back();
    operation.offset = node.offset;
    operation.expression = node.expression;
    if (node.kind == Node::Kind::kText) {
      operation.text = node.text.characters;
    } else if (node.kind == Node::Kind::kTag) {
      const bool no_raw = dialect == TemplateDialect::kUrl || dialect == TemplateDialect::kHeader;
      if (node.raw && no_raw && !error.has_value()) {
        error = SyntaxError{node.offset, "no raw tags here: write two braces, {{x}}"};
      }
      operation.kind = node.raw ? Operation::Kind::kPlain : KindOf(dialect);
    } else {
      operation.kind = Operation::Kind::kBlock;
      operation.block = node.block;
      operation.parameters = node.parameters;
      operation.body = Plainly(node.body, dialect, error);
      operation.otherwise = Plainly(node.otherwise, dialect, error);
    }
  }
  return operations;
}

}  // namespace

absl::StatusOr<Template> Template::CompileWith(absl::string_view text, TemplateDialect dialect,
                                               const v1::Limits& limits, bool handlebars_backslashes) {
  if (text.size() > static_cast<size_t>(limits.template_bytes_max())) {
    return absl::InvalidArgumentError(
        absl::StrCat("holds ", text.size(), " bytes; want at most ", limits.template_bytes_max()));
  }
  if (const size_t valid = ValidUtf8Bytes(text); valid < text.size()) {
    return absl::InvalidArgumentError(At(text, {valid, "this is not UTF-8; save the template as UTF-8"}));
  }
  auto program = std::make_unique<Program>();
  program->source = std::string(text);
  program->dialect = dialect;
  std::optional<SyntaxError> error;
  const std::vector<Node> nodes =
      templates::Parse(program->source, {handlebars_backslashes}, limits.template_depth_max(), error);
  if (error.has_value()) return absl::InvalidArgumentError(At(text, *error));

  std::vector<std::pair<size_t, std::string>> described;
  if (dialect == TemplateDialect::kJson) {
    templates::JsonAnalysis analysis = templates::AnalyseJson(nodes, error);
    program->operations = std::move(analysis.operations);
    program->parse_again = analysis.parse_again;
    described = std::move(analysis.positions);
  } else {
    program->operations = Plainly(nodes, dialect, error);
  }
  if (error.has_value()) return absl::InvalidArgumentError(At(text, *error));

  CollectSecrets(nodes, program->secret_names);
  program->top_names = TopNamesOf(text, nodes);
  program->positions = PositionsOf(text, nodes, std::move(described), DescriptionOf(dialect));
  program->limits.output_bytes_max = static_cast<size_t>(limits.rendered_body_bytes_max());
  program->limits.helper_bytes_max = static_cast<size_t>(limits.template_helper_bytes_max());
  program->limits.iterations_max = limits.template_iterations_max();
  program->limits.quotes_names = program->secret_names.empty();
  return Template(std::move(program));
}

absl::StatusOr<Template> Template::Compile(absl::string_view text, TemplateDialect dialect, const v1::Limits& limits) {
  return CompileWith(text, dialect, limits, /*handlebars_backslashes=*/false);
}

Template::Template(std::unique_ptr<const Program> program) : program_(std::move(program)) {}
Template::Template(Template&&) noexcept = default;
Template& Template::operator=(Template&&) noexcept = default;
Template::~Template() = default;

absl::StatusOr<std::string> Template::Render(const JsonValue& event, const Secrets& secrets) const {
  std::string out;
  out.reserve(program_->source.size() * 2);
  const std::optional<SyntaxError> error =
      templates::RenderOperations(program_->operations, event, secrets, program_->limits, &out);
  if (error.has_value()) return absl::FailedPreconditionError(At(program_->source, *error));
  if (program_->parse_again) {
    const std::optional<SyntaxError> why = templates::WhyNotJson(out, program_->limits.quotes_names);
    if (why.has_value()) {
      const SyntaxError at_its_source = {SourceOf(why->offset, event, secrets),
                                         absl::StrCat("the rendered body is not valid: ", why->message)};
      return absl::FailedPreconditionError(At(program_->source, at_its_source));
    }
  }
  if (program_->dialect == TemplateDialect::kUrl && templates::HasDotSegment(out) && !is_fixed_text()) {
    return absl::FailedPreconditionError("line 1, column 1: a value makes a path segment \".\" or \"..\"");
  }
  return out;
}

// Renders once more, up to that place.
size_t Template::SourceOf(size_t output_offset, const JsonValue& event, const Secrets& secrets) const {
  templates::RenderLimits limits = program_->limits;
  limits.output_bytes_max = output_offset;
  std::string out;
  const std::optional<SyntaxError> end =
      templates::RenderOperations(program_->operations, event, secrets, limits, &out);
  return end.has_value() ? end->offset : program_->source.size();
}

const std::vector<std::string>& Template::secret_names() const { return program_->secret_names; }

const std::vector<Template::TopName>& Template::top_names() const { return program_->top_names; }

const std::vector<Template::Position>& Template::positions() const { return program_->positions; }

bool Template::is_fixed_text() const { return program_->positions.empty() && program_->operations.size() <= 1; }

}  // namespace herald
