#include "src/core/json_path.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/core/json_path_evaluator.h"
#include "src/core/json_path_parser.h"
#include "src/core/json_path_program.h"

namespace herald {
namespace {

using json_path::Location;
using json_path::Step;

// Appends `name` as RFC 9535, 2.7 writes it in a normalized path, quotes included.
void AppendNormalizedName(absl::string_view name, std::string* out) {
  static constexpr absl::string_view kControls = "\b\t\n\f\r";
  static constexpr absl::string_view kEscapes = "btnfr";
  static constexpr char kHex[] = "0123456789abcdef";
  out->push_back('\'');
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const size_t control = kControls.find(c);
    if (c == '\'' || c == '\\') {
      absl::StrAppend(out, "\\", absl::string_view(&c, 1));
    } else if (control != absl::string_view::npos) {
      absl::StrAppend(out, "\\", kEscapes.substr(control, 1));
    } else if (byte < 0x20) {
      const char escape[] = {'\\', 'u', '0', '0', kHex[byte >> 4], kHex[byte & 15]};
      out->append(escape, sizeof(escape));
    } else {
      out->push_back(c);
    }
  }
  out->push_back('\'');
}

std::string NormalizedPath(const Location& location) {
  std::string path = "$";
  for (const Step& step : location) {
    path.push_back('[');
    if (step.is_index) {
      absl::StrAppend(&path, step.index);
    } else {
      AppendNormalizedName(step.name, &path);
    }
    path.push_back(']');
  }
  return path;
}

absl::string_view FirstName(const json_path::Query& query) {
  if (query.segments.empty()) return "";
  const json_path::Segment& segment = query.segments.front();
  if (segment.descendant || segment.selectors.size() != 1) return "";
  const auto* name = std::get_if<json_path::NameSelector>(&segment.selectors.front());
  return name == nullptr ? "" : absl::string_view(name->name);
}

}  // namespace

struct JsonPath::Program {
  std::string text;
  JsonPathLimits limits;
  json_path::Program parsed;
};

absl::StatusOr<JsonPath> JsonPath::Compile(absl::string_view query, const JsonPathLimits& limits) {
  if (query.size() > static_cast<size_t>(limits.query_bytes_max)) {
    return absl::InvalidArgumentError(
        absl::StrCat("a path has at most ", limits.query_bytes_max, " bytes; this one has ", query.size()));
  }
  auto program = std::make_unique<Program>();
  HERALD_ASSIGN_OR_RETURN(program->parsed, json_path::Parse(query, limits.regex_bytes_max));
  program->text = std::string(query);
  program->limits = limits;
  return JsonPath(std::move(program));
}

JsonPath::JsonPath(std::unique_ptr<const Program> program) : program_(std::move(program)) {}
JsonPath::JsonPath(JsonPath&&) noexcept = default;
JsonPath& JsonPath::operator=(JsonPath&&) noexcept = default;
JsonPath::~JsonPath() = default;

void JsonPath::Visit(const JsonValue& root, WorkBudget& budget, absl::FunctionRef<bool(const JsonValue&)> visit) const {
  json_path::Evaluate(program_->parsed.query, root, program_->limits.regex_bytes_max, budget, nullptr, visit);
}

absl::Status JsonPath::WorkLimitError() const {
  return absl::ResourceExhaustedError(
      absl::StrCat("the path needs more work than visiting ", program_->limits.nodes_max, " nodes"));
}

absl::StatusOr<std::vector<JsonValue>> JsonPath::Select(const JsonValue& root) const {
  WorkBudget budget(program_->limits.nodes_max);
  std::vector<JsonValue> nodes;
  Visit(root, budget, [&](const JsonValue& node) {
    nodes.push_back(node);
    return true;
  });
  if (budget.exhausted()) return WorkLimitError();
  return nodes;
}

absl::StatusOr<std::vector<JsonPath::LocatedNode>> JsonPath::SelectWithPaths(const JsonValue& root) const {
  WorkBudget budget(program_->limits.nodes_max);
  std::vector<LocatedNode> nodes;
  Location location;
  json_path::Evaluate(program_->parsed.query, root, program_->limits.regex_bytes_max, budget, &location,
                      [&](const JsonValue& node) {
                        nodes.push_back({NormalizedPath(location), node});
                        return true;
                      });
  if (budget.exhausted()) return WorkLimitError();
  return nodes;
}

absl::string_view JsonPath::first_name() const { return FirstName(program_->parsed.query); }

const std::optional<std::string>& JsonPath::invalid_regex() const { return program_->parsed.invalid_regex; }

const std::string& JsonPath::text() const { return program_->text; }

}  // namespace herald
