// The inside of JSON strings in a template: escapes, where a string ends, and its text unescaped once, which may be a
// document of its own.

#ifndef HERALD_CORE_TEMPLATE_JSON_STRING_H_
#define HERALD_CORE_TEMPLATE_JSON_STRING_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "src/core/template/syntax.h"

namespace herald::templates {

bool IsJsonSpace(char c);

// The length of the \u escape at `position`: 6, or 12 for a surrogate pair; 0 for what is neither.
size_t UnicodeEscapeLength(const std::string& characters, size_t position);

struct StringInside {
  std::vector<Node> nodes;  // their texts unescaped once
  size_t end_node = 0;      // where the closing quote stands
  size_t end_position = 0;
};

// What stands in the string that was opened in nodes[node] just before `position`. Nothing when it closes in a block or
// not at all, or holds a malformed escape.
std::optional<StringInside> InsideOfString(const std::vector<Node>& nodes, size_t node, size_t position);

// The first characters, at most three, of the first text, white space left out; empty when a tag stands before it.
std::string BeginningOf(const std::vector<Node>& nodes);

}  // namespace herald::templates

#endif  // HERALD_CORE_TEMPLATE_JSON_STRING_H_
