// The inside of a tag as an expression: a path, a literal, or a helper with arguments.

#ifndef HERALD_CORE_TEMPLATE_EXPRESSION_PARSER_H_
#define HERALD_CORE_TEMPLATE_EXPRESSION_PARSER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "src/core/template/syntax.h"

namespace herald::templates {

struct ParsedTag {
  Expression expression;
  std::vector<std::string> parameters;  // as |item i|
};

// `content` stands in the source at `offset`. Sub-expressions stand at most `depth_max` deep. On failure `error` is
// set.
ParsedTag ParseTag(absl::string_view content, size_t offset, int depth_max, std::optional<SyntaxError>& error);

}  // namespace herald::templates

#endif  // HERALD_CORE_TEMPLATE_EXPRESSION_PARSER_H_
