#include "src/core/template/parser.h"

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "src/base/ascii.h"
#include "src/base/utf8.h"
#include "src/core/template/expression_parser.h"

namespace herald::templates {
namespace {

absl::string_view NameOf(Node::Block block) {
  switch (block) {
    case Node::Block::kIf:
      return "if";
    case Node::Block::kUnless:
      return "unless";
    case Node::Block::kWith:
      return "with";
    case Node::Block::kEach:
      return "each";
  }
  return "";
}

// The block that `content` opens ("if x"), the rest of it left; nothing when it is none.
std::optional<Node::Block> ConsumeBlockName(absl::string_view& content) {
  for (const Node::Block block : {Node::Block::kIf, Node::Block::kUnless, Node::Block::kWith, Node::Block::kEach}) {
    const absl::string_view name = NameOf(block);
    const bool named = content.substr(0, name.size()) == name &&
                       (content.size() == name.size() || IsSpace(content[name.size()]) || content[name.size()] == '(');
    if (!named) continue;
    content.remove_prefix(name.size());
    return block;
  }
  return std::nullopt;
}

class Parser {
 public:
  Parser(absl::string_view source, std::vector<Token> tokens, int depth_max, std::optional<SyntaxError>& error)
      : source_(source), tokens_(std::move(tokens)), depth_max_(depth_max), error_(error) {}

  std::vector<Node> Run() {
    std::vector<Node> nodes = Nodes(0);
    if (!Failed() && at_ < tokens_.size()) {
      const Token& token = tokens_[at_];
      Fail(token.offset, token.kind == Token::Kind::kElse
                             ? "this {{else}} stands in no block"
                             : absl::StrCat("{{/", token.content.substr(0, 40), "}} closes no block"));
    }
    return nodes;
  }

 private:
  bool Failed() const { return error_.has_value(); }
  void Fail(size_t offset, std::string message) {
    if (!Failed()) error_ = SyntaxError{offset, std::move(message)};
  }
  size_t OffsetOf(absl::string_view part) const { return static_cast<size_t>(part.data() - source_.data()); }

  // Up to the token that ends the block, which is left, or to the end.
  std::vector<Node> Nodes(int depth) {
    std::vector<Node> nodes;
    while (!Failed() && at_ < tokens_.size()) {
      Token& token = tokens_[at_];
      if (token.kind == Token::Kind::kElse || token.kind == Token::Kind::kClose) break;
      ++at_;
      Node node;
      node.offset = token.offset;
      if (token.kind == Token::Kind::kText) {
        if (token.text.characters.empty()) continue;
        node.text = std::move(token.text);
      } else if (token.kind == Token::Kind::kOpen) {
        node = OpenBlock(token, token.content, depth);
      } else {
        node.kind = Node::Kind::kTag;
        node.raw = token.kind == Token::Kind::kRaw;
        node.source = std::string(token.source);
        ParsedTag tag = ParseTag(token.content, OffsetOf(token.content), depth_max_, error_);
        if (!tag.parameters.empty()) Fail(token.offset, "as |…| belongs to {{#each}} and {{#with}}");
        node.expression = std::move(tag.expression);
      }
      nodes.push_back(std::move(node));
    }
    return nodes;
  }

  Node OpenBlock(const Token& token, absl::string_view content, int depth) {
    Node node;
    const std::optional<Node::Block> block = ConsumeBlockName(content);
    if (!block.has_value()) {
      const std::string name = Shortened(content, 40);
      Fail(token.offset, absl::StrCat("{{#", name, "}} is no block; write {{#if ", name, "}}, {{#with ", name,
                                      "}} or {{#each ", name, "}}"));
      return node;
    }
    node = BlockHead(token, *block, content, depth);
    if (!Failed()) Body(node, depth);
    if (!Failed()) CloseBlock(node);
    return node;
  }

  Node BlockHead(const Token& token, Node::Block block, absl::string_view content, int depth) {
    Node node;
    node.kind = Node::Kind::kBlock;
    node.block = block;
    node.offset = token.offset;
    node.source = std::string(token.source);
    if (depth + 1 > depth_max_) {
      Fail(token.offset, absl::StrCat("more than ", depth_max_, " blocks one in another"));
      return node;
    }
    content = absl::StripLeadingAsciiWhitespace(content);
    ParsedTag tag = ParseTag(content, OffsetOf(content), depth_max_, error_);
    node.expression = std::move(tag.expression);
    node.parameters = std::move(tag.parameters);
    const bool takes_parameters = block == Node::Block::kEach || block == Node::Block::kWith;
    if (!node.parameters.empty() && !takes_parameters) Fail(token.offset, "as |…| belongs to {{#each}} and {{#with}}");
    return node;
  }

  // The body and what else there is, up to the closing tag, which is left.
  void Body(Node& node, int depth) {
    node.body = Nodes(depth + 1);
    if (Failed()) return;
    if (at_ == tokens_.size()) {
      return Fail(node.offset, absl::StrCat("this block has no end: {{/", NameOf(node.block), "}} is missing"));
    }
    const Token& token = tokens_[at_];
    node.else_offset = token.offset;
    if (token.kind != Token::Kind::kElse) return;
    ++at_;
    absl::string_view content = token.content;
    if (content.empty()) {
      node.otherwise = Nodes(depth + 1);
      return CheckAtClose(node);
    }
    // {{else if x}}: a block in the else, closed by the same closing tag.
    const std::optional<Node::Block> block = ConsumeBlockName(content);
    if (!block.has_value()) return Fail(token.offset, "want {{else}} or {{else if x}}");
    Node chained = BlockHead(token, *block, content, depth + 1);
    if (!Failed()) Body(chained, depth + 1);
    node.otherwise.push_back(std::move(chained));
  }

  void CheckAtClose(const Node& node) {
    if (Failed()) return;
    if (at_ == tokens_.size()) {
      Fail(node.offset, absl::StrCat("this block has no end: {{/", NameOf(node.block), "}} is missing"));
    } else if (tokens_[at_].kind == Token::Kind::kElse) {
      Fail(tokens_[at_].offset, "this block has an {{else}} already");
    }
  }

  void CloseBlock(const Node& node) {
    const Token& token = tokens_[at_++];
    if (token.content == NameOf(node.block)) return;
    Fail(token.offset, absl::StrCat("{{/", Shortened(token.content, 40), "}} closes ", Shortened(node.source, 60),
                                    "; want {{/", NameOf(node.block), "}}"));
  }

  const absl::string_view source_;
  std::vector<Token> tokens_;
  const int depth_max_;
  std::optional<SyntaxError>& error_;
  size_t at_ = 0;
};

}  // namespace

std::vector<Node> Parse(absl::string_view source, const LexerOptions& options, int depth_max,
                        std::optional<SyntaxError>& error) {
  std::vector<Token> tokens = Lex(source, options, error);
  if (error.has_value()) return {};
  return Parser(source, std::move(tokens), depth_max, error).Run();
}

}  // namespace herald::templates
