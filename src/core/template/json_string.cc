#include "src/core/template/json_string.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "src/base/ascii.h"
#include "src/base/json.h"

namespace herald::templates {
namespace {

std::optional<uint32_t> HexUnit(const std::string& characters, size_t position) {
  uint32_t unit = 0;
  if (position + 6 > characters.size() || characters.compare(position, 2, "\\u") != 0) return std::nullopt;
  for (size_t i = position + 2; i < position + 6; ++i) {
    if (!IsHexDigit(characters[i])) return std::nullopt;
  }
  return absl::SimpleHexAtoi(characters.substr(position + 2, 4), &unit) ? std::optional<uint32_t>(unit) : std::nullopt;
}

// Whether a quote that is not escaped stands in the texts of `nodes`.
bool HoldsQuote(const std::vector<Node>& nodes) {
  return std::any_of(nodes.begin(), nodes.end(), [](const Node& node) {
    if (node.kind == Node::Kind::kBlock) return HoldsQuote(node.body) || HoldsQuote(node.otherwise);
    if (node.kind != Node::Kind::kText) return false;
    for (size_t i = 0; i < node.text.characters.size(); ++i) {
      if (node.text.characters[i] == '\\') {
        ++i;
      } else if (node.text.characters[i] == '"') {
        return true;
      }
    }
    return false;
  });
}

// Moves to the string's closing quote; false when it closes in a block or not at all.
bool FindClosingQuote(const std::vector<Node>& nodes, size_t& node, size_t& position) {
  for (; node < nodes.size(); ++node, position = 0) {
    if (nodes[node].kind == Node::Kind::kBlock && (HoldsQuote(nodes[node].body) || HoldsQuote(nodes[node].otherwise)))
      return false;
    if (nodes[node].kind != Node::Kind::kText) continue;
    const std::string& characters = nodes[node].text.characters;
    for (; position < characters.size(); ++position) {
      if (characters[position] == '\\') {
        ++position;
      } else if (characters[position] == '"') {
        return true;
      }
    }
  }
  return false;
}

std::optional<Text> Unescaped(const Text& text, size_t begin, size_t end) {
  Text out;
  size_t position = begin;
  while (position < end) {
    const size_t slash = std::min(text.characters.find('\\', position), end);
    // Each piece of the source is its own part, so that places stay exact.
    size_t piece = position;
    while (piece < slash) {
      const auto next =
          std::upper_bound(text.parts.begin(), text.parts.end(), std::pair<size_t, size_t>(piece, SIZE_MAX));
      const size_t piece_end = next == text.parts.end() ? slash : std::min(slash, next->first);
      out.Append(text.characters.substr(piece, piece_end - piece), text.OffsetOf(piece));
      piece = piece_end;
    }
    if (slash == end) break;
    size_t length = 2;
    if (slash + 1 < end && text.characters[slash + 1] == 'u') length = 6;
    if (length == 6 && slash + 8 <= end && text.characters.compare(slash + 6, 2, "\\u") == 0) {
      const std::string high = text.characters.substr(slash + 2, 2);
      if (absl::EqualsIgnoreCase(high.substr(0, 1), "d") && high[1] >= '8') length = 12;
    }
    if (slash + length > end) return std::nullopt;
    const auto decoded = JsonDocument::Parse(absl::StrCat("\"", text.characters.substr(slash, length), "\""));
    if (!decoded.ok()) return std::nullopt;
    out.Append(std::string(decoded->root().string()), text.OffsetOf(slash));
    position = slash + length;
  }
  return out;
}

std::optional<Node> UnescapedNode(const Node& node, size_t begin, size_t end) {
  Node copy = node;
  if (node.kind == Node::Kind::kText) {
    std::optional<Text> text = Unescaped(node.text, begin, end);
    if (!text.has_value()) return std::nullopt;
    copy.text = *std::move(text);
  }
  for (std::vector<Node>* nodes : {&copy.body, &copy.otherwise}) {
    for (Node& one : *nodes) {
      std::optional<Node> inner = UnescapedNode(one, 0, one.text.characters.size());
      if (!inner.has_value()) return std::nullopt;
      one = *std::move(inner);
    }
  }
  return copy;
}

// The nodes between two places, their texts unescaped once.
std::optional<std::vector<Node>> Inside(const std::vector<Node>& nodes, size_t node, size_t position, size_t end_node,
                                        size_t end_position) {
  std::vector<Node> inside;
  for (size_t i = node; i <= end_node; ++i) {
    const size_t begin = i == node ? position : 0;
    const size_t end = i == end_node ? end_position : nodes[i].text.characters.size();
    std::optional<Node> copy = UnescapedNode(nodes[i], begin, end);
    if (!copy.has_value()) return std::nullopt;
    inside.push_back(*std::move(copy));
  }
  return inside;
}

}  // namespace

bool IsJsonSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

size_t UnicodeEscapeLength(const std::string& characters, size_t position) {
  const std::optional<uint32_t> unit = HexUnit(characters, position);
  if (!unit.has_value() || (*unit >= 0xDC00 && *unit < 0xE000)) return 0;
  if (*unit < 0xD800 || *unit >= 0xE000) return 6;
  const std::optional<uint32_t> low = HexUnit(characters, position + 6);
  return low.has_value() && *low >= 0xDC00 && *low < 0xE000 ? 12 : 0;
}

std::optional<StringInside> InsideOfString(const std::vector<Node>& nodes, size_t node, size_t position) {
  StringInside out;
  out.end_node = node;
  out.end_position = position;
  if (!FindClosingQuote(nodes, out.end_node, out.end_position)) return std::nullopt;
  std::optional<std::vector<Node>> inside = Inside(nodes, node, position, out.end_node, out.end_position);
  if (!inside.has_value()) return std::nullopt;
  out.nodes = *std::move(inside);
  return out;
}

std::string BeginningOf(const std::vector<Node>& nodes) {
  for (const Node& node : nodes) {
    if (node.kind == Node::Kind::kTag) return "";
    if (node.kind == Node::Kind::kBlock) {
      std::string beginning = BeginningOf(node.body);
      return beginning.empty() ? BeginningOf(node.otherwise) : beginning;
    }
    std::string beginning;
    for (const char c : node.text.characters) {
      if (!IsJsonSpace(c)) beginning.push_back(c);
      if (beginning.size() == 3) break;
    }
    if (!beginning.empty()) return beginning;
  }
  return "";
}

}  // namespace herald::templates
