#include "src/core/template/json_analyser.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "src/base/json.h"
#include "src/base/utf8.h"
#include "src/core/json_number.h"

namespace herald::templates {
namespace {

constexpr int kDocumentLevelsMax = 4;

// Between which things the next character of the text stands.
enum class Place {
  kValue,    // a value must come: the whole body, or what follows a colon
  kItems,    // in an array, between items
  kMembers,  // in an object, between members
  kColon,    // after a name
  kDone,     // after the whole body
};

// What is known of the neighbour on the left in the innermost container.
enum class Left {
  kNothing,      // the container has just been opened
  kItem,         // an item or member
  kComma,        // a comma after one
  kBorder,       // a block begins or ends: commas are free
  kBorderComma,  // the same, and a comma was read
};

struct Frame {
  bool is_array = false;
  Left left = Left::kNothing;
  int id = 0;
  int block_depth = 0;  // of the block that it was opened in
};

struct State {
  std::vector<Frame> frames;
  Place place = Place::kValue;
  bool in_string = false;
  bool is_name = false;      // the string is a member's name
  bool name_varies = false;  // the name holds a tag or a block
  std::string name;          // the name so far, when it does not vary
};

bool SamePosition(const State& a, const State& b) {
  const bool same_frames = std::equal(a.frames.begin(), a.frames.end(), b.frames.begin(), b.frames.end(),
                                      [](const Frame& x, const Frame& y) { return x.is_array == y.is_array; });
  return same_frames && a.place == b.place && a.in_string == b.in_string && a.is_name == b.is_name;
}

std::string Describe(const State& state) {
  if (state.in_string) return state.is_name ? "in a member's name" : "in a string";
  switch (state.place) {
    case Place::kValue:
      return "where a value must come";
    case Place::kItems:
      return "between the items of an array";
    case Place::kMembers:
      return "between the members of an object";
    case Place::kColon:
      return "after a member's name";
    case Place::kDone:
      return "after the end of the body";
  }
  return "";
}

bool IsJsonSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// The text of `text`, unescaped once as a JSON string's inside; nothing when an escape is malformed.
std::optional<Text> Unescaped(const Text& text, size_t begin, size_t end);

class Analyser {
 public:
  Analyser(int level, std::optional<SyntaxError>& error) : level_(level), error_(error) {}

  JsonAnalysis Run(const std::vector<Node>& nodes) {
    State state;
    Walk(nodes, state, analysis_.operations);
    if (!Failed() && (state.place != Place::kDone || state.in_string)) {
      Fail(end_offset_, absl::StrCat("the body ends ", Describe(state), "; it must be one complete JSON value"));
    }
    return std::move(analysis_);
  }
  // Whether some string stood in it, as rule 7 asks of a document.
  bool saw_string() const { return saw_string_; }

 private:
  bool Failed() const { return error_.has_value(); }
  void Fail(size_t offset, std::string message) {
    if (!Failed()) error_ = SyntaxError{offset, std::move(message)};
  }

  // ---- Writing.

  std::string& FixedText(Operations& out) {
    if (out.empty() || out.back().kind != Operation::Kind::kText) out.emplace_back();
    return out.back().text;
  }
  void Write(Operations& out, char c) { FixedText(out).push_back(c); }
  void WriteComma(Operations& out, size_t offset) {
    Operation comma;
    comma.kind = Operation::Kind::kComma;
    comma.offset = offset;
    out.push_back(std::move(comma));
  }

  // ---- Walking.

  void Walk(const std::vector<Node>& nodes, State& state, Operations& out) {
    for (size_t i = 0; i < nodes.size() && !Failed(); ++i) {
      switch (nodes[i].kind) {
        case Node::Kind::kText: {
          size_t next = i;
          size_t position = 0;
          WalkText(nodes, i, position, next, state, out);
          // A document inside a string may have taken several nodes; the text that ends it goes on behind its quote.
          while (!Failed() && next != i) {
            i = next;
            WalkText(nodes, i, position, next, state, out);
          }
          break;
        }
        case Node::Kind::kTag:
          Tag(nodes[i], state, out);
          break;
        case Node::Kind::kBlock:
          Block(nodes[i], state, out);
          break;
      }
    }
  }

  // Reads nodes[index] from `position`. When a document in a string ends in a later node, `next` is that node and
  // `position` where to go on in it; else `next` is `index`.
  void WalkText(const std::vector<Node>& nodes, size_t index, size_t& position, size_t& next, State& state,
                Operations& out) {
    const Text& text = nodes[index].text;
    next = index;
    while (position < text.characters.size() && !Failed()) {
      end_offset_ = text.OffsetOf(position) + 1;
      if (state.in_string) {
        StringCharacter(text, position, state, out);
        continue;
      }
      const char c = text.characters[position];
      if (c == '"') {
        const size_t opened = position;
        if (!OpenString(text, position, state, out)) return;
        if (state.is_name) continue;
        size_t end_node = index;
        size_t end_position = opened + 1;
        if (!Document(nodes, end_node, end_position, state, out)) continue;
        position = end_position;
        if (end_node == index) continue;
        next = end_node;
        return;
      }
      Structure(text, position, state, out);
    }
    if (next == index) position = 0;
  }

  // ---- Outside of strings.

  void Structure(const Text& text, size_t& position, State& state, Operations& out) {
    const char c = text.characters[position];
    const size_t offset = text.OffsetOf(position);
    if (IsJsonSpace(c)) {
      // In a document inside a string a line break would have to be escaped, and is not needed.
      if (level_ == 0 || c == ' ') Write(out, c);
      ++position;
    } else if (c == ',') {
      Comma(offset, state, out);
      ++position;
    } else if (c == ':') {
      if (state.place != Place::kColon) return Fail(offset, absl::StrCat("a \":\" cannot stand ", Describe(state)));
      Write(out, c);
      state.place = Place::kValue;
      ++position;
    } else if (c == '{' || c == '[') {
      Open(c, offset, state, out);
      ++position;
    } else if (c == '}' || c == ']') {
      Close(c, offset, state, out);
      ++position;
    } else {
      Scalar(text, position, state, out);
    }
  }

  void Comma(size_t offset, State& state, Operations& out) {
    if (state.place != Place::kItems && state.place != Place::kMembers) {
      return Fail(offset, absl::StrCat("a comma cannot stand ", Describe(state)));
    }
    Left& left = state.frames.back().left;
    switch (left) {
      case Left::kNothing:
        return Fail(offset, "a comma stands before the first item");
      case Left::kItem:
        left = Left::kComma;
        comma_index_ = FixedText(out).size();  // where it is written if an item follows
        comma_offset_ = offset;
        return;
      case Left::kBorder:
        left = Left::kBorderComma;
        return;
      case Left::kComma:
      case Left::kBorderComma:
        return Fail(offset, "two commas in a row");
    }
  }

  // An item or a value begins here; writes the comma that it needs.
  bool BeginItem(size_t offset, State& state, Operations& out, const char* what) {
    if (state.place == Place::kValue) return true;
    if (state.place != Place::kItems && !(state.place == Place::kMembers && what == kNameOfMember)) {
      if (state.place == Place::kMembers) {
        Fail(offset, "between the members of an object only a name in quotes may stand");
      } else {
        Fail(offset, absl::StrCat(what, " cannot stand ", Describe(state), "; to join texts put quotes around them"));
      }
      return false;
    }
    Frame& frame = state.frames.back();
    switch (frame.left) {
      case Left::kNothing:
        break;
      case Left::kItem:
        Fail(offset, absl::StrCat("a comma is missing before ", what, "; to join texts put quotes around them"));
        return false;
      case Left::kComma:
        FixedText(out).insert(comma_index_, 1, ',');
        break;
      case Left::kBorder:
      case Left::kBorderComma:
        WriteComma(out, offset);
        break;
    }
    frame.left = Left::kItem;
    return true;
  }

  // A value has ended.
  void EndValue(State& state) {
    if (state.frames.empty()) {
      state.place = Place::kDone;
    } else {
      state.place = state.frames.back().is_array ? Place::kItems : Place::kMembers;
    }
  }

  void Open(char c, size_t offset, State& state, Operations& out) {
    if (!BeginItem(offset, state, out, c == '[' ? "an array" : "an object")) return;
    Write(out, c);
    Frame frame;
    frame.is_array = c == '[';
    frame.id = ++last_frame_;
    frame.block_depth = block_depth_;
    state.frames.push_back(frame);
    state.place = frame.is_array ? Place::kItems : Place::kMembers;
  }

  void Close(char c, size_t offset, State& state, Operations& out) {
    const bool fits = !state.frames.empty() && state.frames.back().is_array == (c == ']') &&
                      (state.place == Place::kItems || state.place == Place::kMembers);
    if (!fits) return Fail(offset, absl::StrCat("a \"", std::string(1, c), "\" cannot stand ", Describe(state)));
    if (state.frames.back().left == Left::kComma) return Fail(comma_offset_, "a comma stands after the last item");
    Write(out, c);
    state.frames.pop_back();
    EndValue(state);
  }

  void Scalar(const Text& text, size_t& position, State& state, Operations& out) {
    const size_t begin = position;
    size_t end = begin;
    while (end < text.characters.size() && (absl::ascii_isalnum(static_cast<unsigned char>(text.characters[end])) ||
                                            absl::StrContains("+-.", text.characters[end]))) {
      ++end;
    }
    const std::string word = text.characters.substr(begin, std::max<size_t>(end - begin, 1));
    const size_t offset = text.OffsetOf(begin);
    if (word != "true" && word != "false" && word != "null" && !IsJsonNumber(word)) {
      return Fail(offset, absl::StrCat("\"", IsValidUtf8(word) ? Shortened(word, 40) : "?",
                                       "\" is not JSON; texts stand in quotes"));
    }
    if (!BeginItem(offset, state, out, "a value")) return;
    FixedText(out) += word;
    position = end;
    EndValue(state);
  }

  // ---- Strings.

  bool OpenString(const Text& text, size_t& position, State& state, Operations& out) {
    const size_t offset = text.OffsetOf(position);
    state.is_name = state.place == Place::kMembers;
    if (!BeginItem(offset, state, out, state.is_name ? kNameOfMember : "a string")) return false;
    Write(out, '"');
    ++position;
    state.in_string = true;
    state.name.clear();
    state.name_varies = false;
    saw_string_ = true;
    return true;
  }

  void StringCharacter(const Text& text, size_t& position, State& state, Operations& out) {
    const char c = text.characters[position];
    const size_t offset = text.OffsetOf(position);
    if (c == '"') {
      Write(out, c);
      ++position;
      CloseString(offset, state);
    } else if (c == '\\') {
      Escape(text, position, state, out);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      Fail(offset, c == '\n' || c == '\r' ? "a line break stands in a string; write \\n"
                                          : "a control character stands in a string; write it as \\u00XX");
    } else {
      Write(out, c);
      if (state.is_name) state.name.push_back(c);
      ++position;
    }
  }

  void Escape(const Text& text, size_t& position, State& state, Operations& out) {
    const std::string& characters = text.characters;
    const size_t offset = text.OffsetOf(position);
    size_t length = 2;
    if (position + 1 >= characters.size())
      return Fail(offset, "a \"\\\" stands before a tag; write \\\\ for a backslash");
    const char c = characters[position + 1];
    if (c == 'u') {
      length = UnicodeEscapeLength(characters, position);
      if (length == 0) return Fail(offset, "\\u wants four hexadecimal digits, two such in a row for a surrogate pair");
    } else if (!absl::StrContains("\"\\/bfnrt", c)) {
      return Fail(offset, "JSON knows the escapes \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
    }
    FixedText(out).append(characters, position, length);
    if (state.is_name) state.name.append(characters, position, length);
    position += length;
  }

  static std::optional<uint32_t> HexUnit(const std::string& characters, size_t position) {
    uint32_t unit = 0;
    if (position + 6 > characters.size() || characters.compare(position, 2, "\\u") != 0) return std::nullopt;
    for (size_t i = position + 2; i < position + 6; ++i) {
      if (!absl::ascii_isxdigit(static_cast<unsigned char>(characters[i]))) return std::nullopt;
    }
    return absl::SimpleHexAtoi(characters.substr(position + 2, 4), &unit) ? std::optional<uint32_t>(unit)
                                                                          : std::nullopt;
  }

  // 6, or 12 for a surrogate pair; 0 for what is neither.
  static size_t UnicodeEscapeLength(const std::string& characters, size_t position) {
    const std::optional<uint32_t> unit = HexUnit(characters, position);
    if (!unit.has_value() || (*unit >= 0xDC00 && *unit < 0xE000)) return 0;
    if (*unit < 0xD800 || *unit >= 0xE000) return 6;
    const std::optional<uint32_t> low = HexUnit(characters, position + 6);
    return low.has_value() && *low >= 0xDC00 && *low < 0xE000 ? 12 : 0;
  }

  void CloseString(size_t offset, State& state) {
    state.in_string = false;
    if (!state.is_name) return EndValue(state);
    state.is_name = false;
    state.place = Place::kColon;
    const Frame& frame = state.frames.back();
    if (state.name_varies || block_depth_ > frame.block_depth) analysis_.parse_again = true;
    if (state.name_varies) return;
    std::string decoded = state.name;
    if (const auto document = JsonDocument::Parse(absl::StrCat("\"", state.name, "\"")); document.ok()) {
      decoded = std::string(document->root().string());
    }
    const std::pair<int, std::string> name(frame.id, decoded);
    if (!names_.insert(name).second) {
      return Fail(offset, absl::StrCat("the name \"", Shortened(decoded, 40), "\" comes twice in one object"));
    }
    names_added_.push_back(name);
  }

  // ---- Tags.

  void Record(const Node& node, const char* what) {
    std::string position = what;
    for (int i = 0; i < level_; ++i) position += " in a JSON string";
    analysis_.positions.emplace_back(node.offset, std::move(position));
  }

  void Tag(const Node& node, State& state, Operations& out) {
    end_offset_ = node.offset + node.source.size();
    Operation operation;
    operation.offset = node.offset;
    operation.expression = node.expression;
    if (node.raw) analysis_.parse_again = true;
    if (state.in_string) {
      operation.kind = node.raw ? Operation::Kind::kRawJsonText : Operation::Kind::kJsonText;
      state.name_varies = true;
      Record(node, state.is_name ? "JSON key" : node.raw ? "raw text in a JSON string" : "JSON string");
    } else {
      if (!BeginItem(node.offset, state, out, "a tag")) return;
      operation.kind = node.raw ? Operation::Kind::kRawJsonValue : Operation::Kind::kJsonValue;
      Record(node, node.raw ? "raw JSON" : "JSON value");
      EndValue(state);
    }
    out.push_back(std::move(operation));
  }

  // ---- Blocks.

  static void ToBorder(State& state) {
    if (!state.in_string && !state.frames.empty()) state.frames.back().left = Left::kBorder;
    if (state.in_string) state.name_varies = true;
  }

  // Analyses one branch; names that it adds hold in it only.
  void Branch(const std::vector<Node>& nodes, State& state, Operations& out) {
    const size_t names_before = names_added_.size();
    ++block_depth_;
    Walk(nodes, state, out);
    --block_depth_;
    for (size_t i = names_before; i < names_added_.size(); ++i) names_.erase(names_added_[i]);
    names_added_.resize(names_before);
  }

  void Block(const Node& node, State& state, Operations& out) {
    Operation operation;
    operation.kind = Operation::Kind::kBlock;
    operation.offset = node.offset;
    operation.block = node.block;
    operation.expression = node.expression;
    operation.parameters = node.parameters;
    ToBorder(state);
    State body = state;
    State otherwise = state;
    Branch(node.body, body, operation.body);
    if (!Failed()) Branch(node.otherwise, otherwise, operation.otherwise);
    if (Failed()) return;
    Compare(node, state, body, otherwise);
    out.push_back(std::move(operation));
    state = std::move(body);
    ToBorder(state);
  }

  void Compare(const Node& node, const State& before, const State& body, const State& otherwise) {
    if (node.block == Node::Block::kEach) {
      if (!SamePosition(before, body)) {
        return Fail(node.offset, absl::StrCat("the each begins ", Describe(before), " and ends ", Describe(body),
                                              "; put [ ] around the each, or close in it what it opens"));
      }
      if (!SamePosition(before, otherwise)) {
        Fail(node.else_offset,
             absl::StrCat("the each begins ", Describe(before), " and its else ends ", Describe(otherwise)));
      }
      return;
    }
    if (SamePosition(body, otherwise)) return;
    if (node.otherwise.empty()) {
      return Fail(
          node.offset,
          absl::StrCat("the block begins ", Describe(before), " and ends ", Describe(body),
                       ", but writes nothing otherwise; add {{else}}null, or put the whole member into the block"));
    }
    Fail(node.else_offset, absl::StrCat("the block ends ", Describe(body), ", its else ", Describe(otherwise),
                                        "; both must end at the same place"));
  }

  // ---- Documents inside strings (rule 7).

  // A string value was opened in nodes[node] just before `position`. When it is a document, writes it and its closing
  // quote, moves to behind it and returns true. Else nothing is changed, and the string is text.
  bool Document(const std::vector<Node>& nodes, size_t& node, size_t& position, State& state, Operations& out) {
    if (level_ >= kDocumentLevelsMax) return false;
    size_t end_node = node;
    size_t end_position = position;
    if (!FindClosingQuote(nodes, end_node, end_position)) return false;
    const std::optional<std::vector<Node>> inside = Inside(nodes, node, position, end_node, end_position);
    if (!inside.has_value()) return false;
    const std::string beginning = Beginning(*inside);
    if (beginning.empty() || (beginning[0] != '{' && beginning[0] != '[')) return false;
    std::optional<SyntaxError> why;
    Analyser analyser(level_ + 1, why);
    JsonAnalysis document = analyser.Run(*inside);
    if (why.has_value()) {
      if (absl::StartsWith(beginning, "{\"") || absl::StartsWith(beginning, "[{\"")) {
        Fail(why->offset,
             absl::StrCat("the text of this string begins like a JSON document and is none: ", why->message));
      }
      return false;
    }
    if (!analyser.saw_string()) return false;
    Operation operation;
    operation.kind = Operation::Kind::kDocument;
    operation.offset = nodes[node].text.OffsetOf(position);
    operation.body = std::move(document.operations);
    operation.parse_again = document.parse_again;
    out.push_back(std::move(operation));
    for (auto& one : document.positions) analysis_.positions.push_back(std::move(one));
    Write(out, '"');
    CloseString(0, state);
    node = end_node;
    position = end_position + 1;
    return true;
  }

  // Moves to the string's closing quote; false when it closes in a block or not at all.
  static bool FindClosingQuote(const std::vector<Node>& nodes, size_t& node, size_t& position) {
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

  // Whether a quote that is not escaped stands in the texts of `nodes`.
  static bool HoldsQuote(const std::vector<Node>& nodes) {
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

  // The nodes between two places, their texts unescaped once.
  static std::optional<std::vector<Node>> Inside(const std::vector<Node>& nodes, size_t node, size_t position,
                                                 size_t end_node, size_t end_position) {
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

  static std::optional<Node> UnescapedNode(const Node& node, size_t begin, size_t end) {
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

  // The first characters of the first text, white space left out.
  static std::string Beginning(const std::vector<Node>& nodes) {
    for (const Node& node : nodes) {
      if (node.kind == Node::Kind::kTag) return "";
      if (node.kind == Node::Kind::kBlock) {
        std::string beginning = Beginning(node.body);
        return beginning.empty() ? Beginning(node.otherwise) : beginning;
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

  static constexpr const char* kNameOfMember = "a member's name";

  const int level_;
  std::optional<SyntaxError>& error_;
  JsonAnalysis analysis_;
  std::set<std::pair<int, std::string>> names_;
  std::vector<std::pair<int, std::string>> names_added_;
  int last_frame_ = 0;
  int block_depth_ = 0;
  size_t comma_index_ = 0;
  size_t comma_offset_ = 0;
  size_t end_offset_ = 0;
  bool saw_string_ = false;
};

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

}  // namespace

JsonAnalysis AnalyseJson(const std::vector<Node>& nodes, std::optional<SyntaxError>& error) {
  return Analyser(0, error).Run(nodes);
}

}  // namespace herald::templates
