#include "src/core/template/json_analyser.h"

#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "src/base/ascii.h"
#include "src/base/json.h"
#include "src/base/utf8.h"
#include "src/core/json_number.h"
#include "src/core/template/json_state.h"
#include "src/core/template/json_string.h"

namespace herald::templates {
namespace {

constexpr int kDocumentLevelsMax = 4;
constexpr size_t kContainersMax = 500;

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
    if (out.empty() || out.back().kind != Operation::Kind::kText) out.emplace_back().offset = offset_;
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
          if (nodes[i].text.drops_backslash && absl::EndsWith(FixedText(out), "\\")) FixedText(out).pop_back();
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
      offset_ = text.OffsetOf(position);
      end_offset_ = offset_ + 1;
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
    if (state.frames.size() >= kContainersMax) {
      return Fail(offset, absl::StrCat("more than ", kContainersMax, " arrays and objects one in another"));
    }
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
    while (end < text.characters.size() &&
           (IsAlphanumeric(text.characters[end]) || absl::StrContains("+-.", text.characters[end]))) {
      ++end;
    }
    if (end == begin) end += std::max<size_t>(CodePointBytes(absl::string_view(text.characters).substr(begin)), 1);
    const std::string word = text.characters.substr(begin, end - begin);
    const size_t offset = text.OffsetOf(begin);
    if (word != "true" && word != "false" && word != "null" && !IsJsonNumber(word)) {
      return Fail(offset, absl::StrCat("\"", Shortened(word, 40), "\" is not JSON; texts stand in quotes"));
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
    // An object that a branch leaves open gets names that are not compared with those of the branch.
    if (!SameContainers(state, body) || !SameContainers(state, otherwise)) analysis_.parse_again = true;
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
    const std::optional<StringInside> inside = InsideOfString(nodes, node, position);
    if (!inside.has_value()) return false;
    const std::string beginning = BeginningOf(inside->nodes);
    if (beginning.empty() || (beginning[0] != '{' && beginning[0] != '[')) return false;
    std::optional<SyntaxError> why;
    Analyser analyser(level_ + 1, why);
    JsonAnalysis document = analyser.Run(inside->nodes);
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
    node = inside->end_node;
    position = inside->end_position + 1;
    offset_ = nodes[node].text.OffsetOf(inside->end_position);
    Write(out, '"');
    CloseString(offset_, state);
    return true;
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
  size_t offset_ = 0;  // of the character at hand
  size_t end_offset_ = 0;
  bool saw_string_ = false;
};

}  // namespace

JsonAnalysis AnalyseJson(const std::vector<Node>& nodes, std::optional<SyntaxError>& error) {
  return Analyser(0, error).Run(nodes);
}

}  // namespace herald::templates
