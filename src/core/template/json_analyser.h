// The third step for JSON: follows the body's JSON grammar through the fixed text, so that it is known of every tag
// where it stands, and turns the tree into operations on the way.

#ifndef HERALD_CORE_TEMPLATE_JSON_ANALYSER_H_
#define HERALD_CORE_TEMPLATE_JSON_ANALYSER_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/core/template/program.h"
#include "src/core/template/syntax.h"

namespace herald::templates {

struct JsonAnalysis {
  Operations operations;
  // (offset of the tag, "JSON string"), in any order.
  std::vector<std::pair<size_t, std::string>> positions;
  bool parse_again = false;
};

// The operations for a body that is one JSON value, or `error` is set.
JsonAnalysis AnalyseJson(const std::vector<Node>& nodes, std::optional<SyntaxError>& error);

}  // namespace herald::templates

#endif  // HERALD_CORE_TEMPLATE_JSON_ANALYSER_H_
