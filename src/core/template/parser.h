// The second step: tokens as a tree of texts, tags and blocks.

#ifndef HERALD_CORE_TEMPLATE_PARSER_H_
#define HERALD_CORE_TEMPLATE_PARSER_H_

#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "src/core/template/lexer.h"
#include "src/core/template/syntax.h"

namespace herald::templates {

// The tree of `source`; blocks and sub-expressions stand at most `depth_max` deep. On failure `error` is set.
std::vector<Node> Parse(absl::string_view source, const LexerOptions& options, int depth_max,
                        std::optional<SyntaxError>& error);

}  // namespace herald::templates

#endif  // HERALD_CORE_TEMPLATE_PARSER_H_
