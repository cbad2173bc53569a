// The first step: a template's source as fixed texts and tags. Backslashes before tags, comments, "~" and standalone
// lines are dealt with here, so that the next steps see the text as it will be written.

#ifndef HERALD_CORE_TEMPLATE_LEXER_H_
#define HERALD_CORE_TEMPLATE_LEXER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "src/core/template/syntax.h"

namespace herald::templates {

struct Token {
  enum class Kind { kText, kTag, kRaw, kOpen, kElse, kClose, kComment };
  Kind kind = Kind::kText;
  Text text;                  // kText
  size_t offset = 0;          // of the tag in the source
  absl::string_view source;   // the tag as written; into the template's source
  absl::string_view content;  // inside the braces, without #, /, &, ~, else; into the template's source
  bool trim_before = false;
  bool trim_after = false;
};

struct LexerOptions {
  // For a test that proves another test's teeth: stock Handlebars' rule, which drops one of two backslashes before a
  // tag from what is written, while the analyser reads the source's.
  bool handlebars_backslashes = false;
};

// The tokens, or `error` is set. Neighbouring texts are one token.
std::vector<Token> Lex(absl::string_view source, const LexerOptions& options, std::optional<SyntaxError>& error);

}  // namespace herald::templates

#endif  // HERALD_CORE_TEMPLATE_LEXER_H_
