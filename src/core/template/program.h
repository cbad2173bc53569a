// A compiled template: operations that write the output in order.

#ifndef HERALD_CORE_TEMPLATE_PROGRAM_H_
#define HERALD_CORE_TEMPLATE_PROGRAM_H_

#include <memory>
#include <string>
#include <vector>

#include "src/core/template/syntax.h"

namespace herald::templates {

struct Operation {
  enum class Kind {
    kText,          // fixed text
    kComma,         // a comma, unless the container is empty: what stands before is its bracket
    kJsonValue,     // a value as JSON
    kJsonText,      // a value as text inside a JSON string
    kRawJsonValue,  // {{{x}}} at a value
    kRawJsonText,   // {{{x}}} in a string
    kForm,
    kXml,
    kPlain,  // a value as it is
    kUrl,
    kHeader,
    kDocument,  // a JSON document inside a JSON string: `body`, escaped once
    kBlock,
  };
  Kind kind = Kind::kText;
  size_t offset = 0;  // in the source
  std::string text;   // kText

  Expression expression;

  Node::Block block = Node::Block::kIf;
  std::vector<std::string> parameters;
  std::vector<Operation> body;
  std::vector<Operation> otherwise;
  bool parse_again =
      false;  // kDocument: raw values or names that events give: the document is parsed before it is written
};

using Operations = std::vector<Operation>;

}  // namespace herald::templates

#endif  // HERALD_CORE_TEMPLATE_PROGRAM_H_
