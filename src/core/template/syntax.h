// A template as a tree: text, tags, blocks and the expressions in them.

#ifndef HERALD_CORE_TEMPLATE_SYNTAX_H_
#define HERALD_CORE_TEMPLATE_SYNTAX_H_

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/core/template/helpers.h"

namespace herald::templates {

// What is wrong, and where in the template's source.
struct SyntaxError {
  size_t offset = 0;
  std::string message;
};

// Fixed text as it will be written, which remembers where in the source each part of it stands.
struct Text {
  std::string characters;
  // (position in `characters`, offset in the source), where a part begins that is one piece in the source.
  std::vector<std::pair<size_t, size_t>> parts;

  // What is written has one backslash less at its end than what is analysed: stock Handlebars' rule, see LexerOptions.
  bool drops_backslash = false;

  size_t OffsetOf(size_t position) const {
    auto part = std::upper_bound(parts.begin(), parts.end(), std::pair<size_t, size_t>(position, SIZE_MAX));
    if (part == parts.begin()) return 0;
    --part;
    return part->second + (position - part->first);
  }
  void Append(const std::string& more, size_t offset) {
    parts.emplace_back(characters.size(), offset);
    characters += more;
  }
};

struct Expression {
  enum class Kind { kPath, kLiteral, kCall };
  // Where a path begins.
  enum class Root { kContext, kRoot, kSecret, kIndex, kKey, kFirst, kLast };
  enum class Literal { kString, kNumber, kTrue, kFalse, kNull };

  Kind kind = Kind::kPath;
  size_t offset = 0;

  Root root = Root::kContext;  // kPath
  int up = 0;                  // how many "../"
  bool from_this = false;      // began with "this", "." or "../": never a block parameter
  std::vector<std::string> segments;

  Literal literal = Literal::kNull;  // kLiteral
  std::string text;                  // a string's characters, a number's
  double number = 0;

  const Helper* helper = nullptr;  // kCall
  std::vector<Expression> arguments;
};

struct Node {
  enum class Kind { kText, kTag, kBlock };
  enum class Block { kIf, kUnless, kWith, kEach };

  Kind kind = Kind::kText;
  size_t offset = 0;

  Text text;  // kText

  std::string source;  // kTag, kBlock: as written
  bool raw = false;    // kTag: {{{x}}} or {{&x}}
  Expression expression;

  Block block = Block::kIf;  // kBlock
  std::vector<std::string> parameters;
  std::vector<Node> body;
  std::vector<Node> otherwise;
  size_t else_offset = 0;  // of {{else}}, or of the closing tag when there is none
};

}  // namespace herald::templates

#endif  // HERALD_CORE_TEMPLATE_SYNTAX_H_
