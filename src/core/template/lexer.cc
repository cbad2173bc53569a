#include "src/core/template/lexer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "src/base/ascii.h"

namespace herald::templates {
namespace {

// Where the tag whose content begins at `at` ends: the offset of `close`, outside of string literals and [segments];
// npos: nowhere.
size_t FindClose(absl::string_view source, size_t at, absl::string_view close) {
  while (at < source.size()) {
    if (absl::StartsWith(source.substr(at), close)) return at;
    const char c = source[at];
    if (c == '"' || c == '\'') {
      ++at;
      while (at < source.size() && source[at] != c) at += source[at] == '\\' ? 2 : 1;
    } else if (c == '[') {
      while (at < source.size() && source[at] != ']') ++at;
    }
    ++at;
  }
  return absl::string_view::npos;
}

bool IsWordElse(absl::string_view content) {
  return absl::StartsWith(content, "else") &&
         (content.size() == 4 ||
          !(IsAlphanumeric(content[4]) || content[4] == '_' || content[4] == '.' || content[4] == '-'));
}

// Whether what follows "{{" makes it a tag that is not a plain value, so that "{{{" before it is a brace and a tag.
bool BeginsSpecial(absl::string_view after) {
  absl::ConsumePrefix(&after, "~");
  if (after.empty()) return false;
  if (absl::StrContains("#/^!", after[0])) return true;
  return IsWordElse(absl::StripLeadingAsciiWhitespace(after));
}

class Lexer {
 public:
  Lexer(absl::string_view source, const LexerOptions& options, std::optional<SyntaxError>& error)
      : source_(source), options_(options), error_(error) {}

  std::vector<Token> Run() {
    size_t at = 0;
    while (at < source_.size() && !error_.has_value()) {
      const size_t braces = source_.find("{{", at);
      if (braces == absl::string_view::npos) {
        AddText(at, source_.size());
        break;
      }
      at = BackslashesAndTag(at, braces);
    }
    return std::move(tokens_);
  }

 private:
  void AddText(size_t from, size_t to) {
    if (from >= to) return;
    if (tokens_.empty() || tokens_.back().kind != Token::Kind::kText) tokens_.emplace_back();
    tokens_.back().text.Append(std::string(source_.substr(from, to - from)), from);
  }

  size_t BackslashesAndTag(size_t text_begin, size_t braces) {
    size_t slashes = 0;
    while (braces - slashes > text_begin && source_[braces - slashes - 1] == '\\') ++slashes;
    if (slashes % 2 == 1) {  // a literal tag: the last backslash goes
      AddText(text_begin, braces - 1);
      AddText(braces, braces + 2);
      return braces + 2;
    }
    AddText(text_begin, braces);
    if (slashes > 0) tokens_.back().text.drops_backslash = options_.handlebars_backslashes;
    return Tag(braces);
  }

  size_t Fail(size_t offset, std::string message) {
    error_ = SyntaxError{offset, std::move(message)};
    return source_.size();
  }

  size_t Tag(size_t begin) {
    const absl::string_view rest = source_.substr(begin);
    if (absl::StartsWith(rest, "{{{{")) return Fail(begin, "\"{{{{\" is no tag; write {{ \"{{\" }} for braces as text");
    if (absl::StartsWith(rest, "{{{")) {
      if (!BeginsSpecial(rest.substr(3))) return Raw(begin);
      AddText(begin, begin + 1);
      return Tag(begin + 1);
    }
    const bool trims = absl::StartsWith(rest, "{{~");
    const size_t inside = begin + (trims ? 3 : 2);
    if (absl::StartsWith(source_.substr(inside), "!--")) return LongComment(begin, inside, trims);
    if (absl::StartsWith(source_.substr(inside), "!")) return ShortComment(begin, inside, trims);
    const size_t close = FindClose(source_, inside, "}}");
    if (close == absl::string_view::npos) return Fail(begin, "this tag has no end: }} is missing");
    Token token = NewTag(begin, close + 2, trims);
    absl::string_view content = source_.substr(inside, close - inside);
    token.trim_after = absl::ConsumeSuffix(&content, "~");
    return Classify(std::move(token), content) ? close + 2 : source_.size();
  }

  Token NewTag(size_t begin, size_t end, bool trim_before) {
    Token token;
    token.kind = Token::Kind::kTag;
    token.offset = begin;
    token.source = source_.substr(begin, end - begin);
    token.trim_before = trim_before;
    return token;
  }

  bool Classify(Token token, absl::string_view content) {
    content = absl::StripLeadingAsciiWhitespace(content);
    const char first = content.empty() ? '\0' : content[0];
    if (first == '>') return Fail(token.offset, "there are no partials: write the text here"), false;
    if (first == '*') return Fail(token.offset, "there are no decorators: leave out the \"*\""), false;
    if (first == '#') {
      token.kind = Token::Kind::kOpen;
      content.remove_prefix(1);
      if (absl::StartsWith(content, ">") || absl::StartsWith(content, "*")) {
        return Fail(token.offset,
                    "there are no partials and decorators: write {{#if x}}, {{#unless x}}, {{#with x}} or {{#each x}}"),
               false;
      }
    } else if (first == '/') {
      token.kind = Token::Kind::kClose;
      content.remove_prefix(1);
    } else if (first == '^') {
      token.kind = Token::Kind::kElse;
      content.remove_prefix(1);
      if (!absl::StripAsciiWhitespace(content).empty()) {
        return Fail(token.offset, absl::StrCat("write {{#unless ", absl::StripAsciiWhitespace(content).substr(0, 40),
                                               "}} instead of {{^…}}")),
               false;
      }
    } else if (first == '&') {
      token.kind = Token::Kind::kRaw;
      content.remove_prefix(1);
    } else if (IsWordElse(content)) {
      token.kind = Token::Kind::kElse;
      content.remove_prefix(4);
    }
    token.content = absl::StripAsciiWhitespace(content);
    tokens_.push_back(std::move(token));
    return true;
  }

  size_t Raw(size_t begin) {
    const bool trims = absl::StartsWith(source_.substr(begin + 3), "~");
    const size_t inside = begin + (trims ? 4 : 3);
    const size_t close = FindClose(source_, inside, "}}}");
    if (close == absl::string_view::npos) return Fail(begin, "this tag has no end: }}} is missing");
    Token token = NewTag(begin, close + 3, trims);
    token.kind = Token::Kind::kRaw;
    absl::string_view content = source_.substr(inside, close - inside);
    token.trim_after = absl::ConsumeSuffix(&content, "~");
    token.content = absl::StripAsciiWhitespace(content);
    tokens_.push_back(std::move(token));
    return close + 3;
  }

  size_t LongComment(size_t begin, size_t inside, bool trims) {
    const size_t plain = source_.find("--}}", inside + 3);
    const size_t trimming = source_.find("--~}}", inside + 3);
    const size_t close = std::min(plain, trimming);
    if (close == absl::string_view::npos) return Fail(begin, "this comment has no end: --}} is missing");
    return Comment(begin, close + (close == trimming ? 5 : 4), trims, close == trimming);
  }

  size_t ShortComment(size_t begin, size_t inside, bool trims) {
    const size_t close = source_.find("}}", inside);
    if (close == absl::string_view::npos) return Fail(begin, "this comment has no end: }} is missing");
    return Comment(begin, close + 2, trims, source_[close - 1] == '~');
  }

  size_t Comment(size_t begin, size_t end, bool trim_before, bool trim_after) {
    Token token = NewTag(begin, end, trim_before);
    token.kind = Token::Kind::kComment;
    token.trim_after = trim_after;
    tokens_.push_back(std::move(token));
    return end;
  }

  const absl::string_view source_;
  const LexerOptions& options_;
  std::optional<SyntaxError>& error_;
  std::vector<Token> tokens_;
};

bool MayStandAlone(Token::Kind kind) {
  return kind == Token::Kind::kOpen || kind == Token::Kind::kElse || kind == Token::Kind::kClose ||
         kind == Token::Kind::kComment;
}

// How many bytes at the end of `text` belong to the line on which a tag follows; nothing when there is more than white
// space on it. `first`: the text begins the template.
std::optional<size_t> BlankEnd(const std::string& text, bool first) {
  const size_t last = text.find_last_not_of(" \t");
  if (last == std::string::npos) return first ? std::optional<size_t>(text.size()) : std::nullopt;
  if (text[last] != '\n') return std::nullopt;
  return text.size() - last - 1;
}

// How many bytes at the beginning of `text` end the line of the tag before it, its line break included.
std::optional<size_t> BlankBeginning(const std::string& text, bool last) {
  const size_t end = text.find_first_not_of(" \t");
  if (end == std::string::npos) return last ? std::optional<size_t>(text.size()) : std::nullopt;
  if (text[end] == '\n') return end + 1;
  if (text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n') return end + 2;
  return std::nullopt;
}

// What is cut off a text, at both ends.
struct Cut {
  size_t front = 0;
  size_t back = 0;
};

void Trim(Text& text, const Cut& cut) {
  const size_t size = text.characters.size();
  const size_t front = std::min(cut.front, size);
  const size_t back = std::min(cut.back, size - front);
  if (front == 0 && back == 0) return;
  Text out;
  for (size_t i = 0; i < text.parts.size(); ++i) {
    const size_t begin = std::max(text.parts[i].first, front);
    const size_t end = std::min(i + 1 < text.parts.size() ? text.parts[i + 1].first : size, size - back);
    if (begin >= end) continue;
    out.Append(text.characters.substr(begin, end - begin), text.parts[i].second + (begin - text.parts[i].first));
  }
  text = std::move(out);
}

bool IsText(const std::vector<Token>& tokens, size_t index) {
  return index < tokens.size() && tokens[index].kind == Token::Kind::kText;
}

// A tag that is alone on its line takes the line with it.
void CutItsLine(const std::vector<Token>& tokens, size_t tag, std::vector<Cut>& cuts) {
  static const auto& nothing = *new std::string();
  const bool has_before = tag > 0 && IsText(tokens, tag - 1);
  const bool has_after = IsText(tokens, tag + 1);
  const bool begins = tag == 0 || (has_before && tag == 1);
  const bool ends = tag + 1 == tokens.size() || (has_after && tag + 2 == tokens.size());
  if ((tag > 0 && !has_before) || (tag + 1 < tokens.size() && !has_after)) return;
  const std::optional<size_t> before = BlankEnd(has_before ? tokens[tag - 1].text.characters : nothing, begins);
  const std::optional<size_t> after = BlankBeginning(has_after ? tokens[tag + 1].text.characters : nothing, ends);
  if (!before.has_value() || !after.has_value()) return;
  if (has_before) cuts[tag - 1].back = std::max(cuts[tag - 1].back, *before);
  if (has_after) cuts[tag + 1].front = std::max(cuts[tag + 1].front, *after);
}

// "~" takes away all white space on its side.
void CutAsTildesSay(const std::vector<Token>& tokens, size_t tag, std::vector<Cut>& cuts) {
  if (tokens[tag].trim_before && tag > 0 && IsText(tokens, tag - 1)) {
    const std::string& before = tokens[tag - 1].text.characters;
    cuts[tag - 1].back = before.size() - absl::StripTrailingAsciiWhitespace(before).size();
  }
  if (tokens[tag].trim_after && IsText(tokens, tag + 1)) {
    const std::string& after = tokens[tag + 1].text.characters;
    cuts[tag + 1].front = after.size() - absl::StripLeadingAsciiWhitespace(after).size();
  }
}

void ApplyWhiteSpaceControl(std::vector<Token>& tokens) {
  std::vector<Cut> cuts(tokens.size());
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (IsText(tokens, i)) continue;
    if (MayStandAlone(tokens[i].kind)) CutItsLine(tokens, i, cuts);
    CutAsTildesSay(tokens, i, cuts);
  }
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (IsText(tokens, i)) Trim(tokens[i].text, cuts[i]);
  }
}

// Comments go, and the texts around them become one.
std::vector<Token> WithoutComments(std::vector<Token> tokens) {
  std::vector<Token> out;
  for (Token& token : tokens) {
    if (token.kind == Token::Kind::kComment) continue;
    const bool joins = token.kind == Token::Kind::kText && !out.empty() && out.back().kind == Token::Kind::kText;
    if (!joins) {
      out.push_back(std::move(token));
      continue;
    }
    Text& text = out.back().text;
    for (const auto& [position, offset] : token.text.parts)
      text.parts.emplace_back(text.characters.size() + position, offset);
    text.characters += token.text.characters;
  }
  return out;
}

}  // namespace

std::vector<Token> Lex(absl::string_view source, const LexerOptions& options, std::optional<SyntaxError>& error) {
  std::vector<Token> tokens = Lexer(source, options, error).Run();
  if (error.has_value()) return {};
  ApplyWhiteSpaceControl(tokens);
  return WithoutComments(std::move(tokens));
}

}  // namespace herald::templates
