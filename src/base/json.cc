#include "src/base/json.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/strings/charconv.h"
#include "absl/strings/str_cat.h"

namespace herald {

namespace bj = boost::json;

JsonValue JsonValue::Bool(bool value) {
  JsonValue out;
  out.kind_ = Kind::kBool;
  out.bool_ = value;
  return out;
}

JsonValue JsonValue::Number(double value, absl::string_view text) {
  JsonValue out;
  out.kind_ = Kind::kNumber;
  out.number_ = value;
  out.data_ = text.data();
  out.size_ = static_cast<uint32_t>(text.size());
  return out;
}

JsonValue JsonValue::String(absl::string_view text) {
  JsonValue out;
  out.kind_ = Kind::kString;
  out.data_ = text.data();
  out.size_ = static_cast<uint32_t>(text.size());
  return out;
}

JsonValue JsonValue::Array(absl::Span<const JsonValue> items) {
  JsonValue out;
  out.kind_ = Kind::kArray;
  out.data_ = items.data();
  out.size_ = static_cast<uint32_t>(items.size());
  return out;
}

JsonValue JsonValue::Object(absl::Span<const JsonMember> members) {
  JsonValue out;
  out.kind_ = Kind::kObject;
  out.data_ = members.data();
  out.size_ = static_cast<uint32_t>(members.size());
  return out;
}

absl::string_view JsonValue::string() const {
  return is_string() ? absl::string_view(static_cast<const char*>(data_), size_) : absl::string_view();
}

absl::string_view JsonValue::number_text() const {
  return is_number() ? absl::string_view(static_cast<const char*>(data_), size_) : absl::string_view();
}

absl::Span<const JsonValue> JsonValue::items() const {
  if (!is_array()) return {};
  return {static_cast<const JsonValue*>(data_), size_};
}

absl::Span<const JsonMember> JsonValue::members() const {
  if (!is_object()) return {};
  return {static_cast<const JsonMember*>(data_), size_};
}

const JsonValue* JsonValue::Find(absl::string_view name) const {
  for (const JsonMember& member : members()) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

namespace {

absl::string_view ToAbsl(bj::string_view text) { return {text.data(), text.size()}; }

// Builds the tree bottom up: finished values wait on a stack until their container ends.
struct TreeBuilder {
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = UINT32_MAX;
  static constexpr std::size_t max_string_size = UINT32_MAX;
  using Error = bj::error_code;

  TreeBuilder(std::pmr::monotonic_buffer_resource& memory_in, bool refuse_duplicates_in)
      : memory(memory_in), refuse_duplicates(refuse_duplicates_in) {}

  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }
  bool on_array_begin(Error&) { return true; }
  bool on_object_begin(Error&) { return true; }
  bool on_comment_part(bj::string_view, Error&) { return true; }
  bool on_comment(bj::string_view, Error&) { return true; }

  bool on_array_end(std::size_t size, Error&) {
    auto* items = static_cast<JsonValue*>(memory.allocate(size * sizeof(JsonValue), alignof(JsonValue)));
    std::uninitialized_copy(values.end() - static_cast<std::ptrdiff_t>(size), values.end(), items);
    values.resize(values.size() - size);
    values.push_back(JsonValue::Array({items, size}));
    return true;
  }

  bool on_object_end(std::size_t size, Error& error) {
    auto* members = static_cast<JsonMember*>(memory.allocate(size * sizeof(JsonMember), alignof(JsonMember)));
    const std::size_t first_value = values.size() - size;
    const std::size_t first_name = names.size() - size;
    for (std::size_t i = 0; i < size; ++i) {
      new (members + i) JsonMember{names[first_name + i], values[first_value + i]};
    }
    values.resize(first_value);
    names.resize(first_name);
    const std::size_t kept = DropDuplicates(members, size, ordinals.data() + first_name);
    ordinals.resize(first_name);
    if (kept != size && refuse_duplicates) {
      error = bj::error::extra_data;  // any error stops the parser; `duplicate` says which it was
      return false;
    }
    values.push_back(JsonValue::Object({members, kept}));
    return true;
  }

  // Leaves each name once, with its last value, and returns how many there are. `numbers` are the names' own.
  std::size_t DropDuplicates(JsonMember* members, std::size_t size, const std::size_t* numbers) {
    std::vector<std::size_t>& order = scratch;
    order.resize(size);
    for (std::size_t i = 0; i < size; ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      const int compared = members[a].name.compare(members[b].name);
      return compared != 0 ? compared < 0 : a < b;
    });
    std::vector<bool> dropped;
    for (std::size_t i = 1; i < size; ++i) {
      if (members[order[i]].name != members[order[i - 1]].name) continue;
      if (dropped.empty() || numbers[order[i]] < duplicate_ordinal) {
        duplicate = std::string(members[order[i]].name);
        duplicate_ordinal = numbers[order[i]];
      }
      dropped.resize(size);
      dropped[order[i - 1]] = true;
    }
    if (dropped.empty()) return size;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < size; ++i) {
      if (!dropped[i]) members[kept++] = members[i];
    }
    return kept;
  }

  absl::string_view Keep(absl::string_view text) {
    auto* copy = static_cast<char*>(memory.allocate(text.size() + 1, 1));
    std::memcpy(copy, text.data(), text.size());
    return {copy, text.size()};
  }
  // The whole text of which `last` is the last part.
  absl::string_view Finish(bj::string_view last) {
    if (part.empty()) return Keep(ToAbsl(last));
    part.append(last.data(), last.size());
    const absl::string_view kept = Keep(part);
    part.clear();
    return kept;
  }
  bool AddPart(bj::string_view text) {
    part.append(text.data(), text.size());
    return true;
  }

  bool on_key_part(bj::string_view text, std::size_t, Error&) { return AddPart(text); }
  bool on_string_part(bj::string_view text, std::size_t, Error&) { return AddPart(text); }
  bool on_number_part(bj::string_view text, Error&) { return AddPart(text); }
  bool on_key(bj::string_view text, std::size_t, Error&) {
    names.push_back(Finish(text));
    ordinals.push_back(names_seen++);
    return true;
  }
  bool on_string(bj::string_view text, std::size_t, Error&) {
    values.push_back(JsonValue::String(Finish(text)));
    return true;
  }
  bool on_int64(int64_t value, bj::string_view text, Error&) {
    const absl::string_view characters = Finish(text);
    // "-0" arrives as the integer 0
    const double number = value == 0 && characters[0] == '-' ? -0.0 : static_cast<double>(value);
    values.push_back(JsonValue::Number(number, characters));
    return true;
  }
  bool on_uint64(uint64_t value, bj::string_view text, Error&) {
    values.push_back(JsonValue::Number(static_cast<double>(value), Finish(text)));
    return true;
  }
  bool on_double(double, bj::string_view text, Error&) {
    const absl::string_view characters = Finish(text);
    double value = 0;  // boost's own may be off by one unit in the last place
    absl::from_chars(characters.data(), characters.data() + characters.size(), value);
    values.push_back(JsonValue::Number(value, characters));
    return true;
  }
  bool on_bool(bool value, Error&) {
    values.push_back(JsonValue::Bool(value));
    return true;
  }
  bool on_null(Error&) {
    values.emplace_back();
    return true;
  }

  std::pmr::monotonic_buffer_resource& memory;
  const bool refuse_duplicates;
  std::vector<JsonValue> values;
  std::vector<absl::string_view> names;
  std::vector<std::size_t> ordinals;  // of each of `names`: how many came before it in the text
  std::size_t names_seen = 0;
  std::string part;
  std::string duplicate;  // a name that came a second time, as the name of this ordinal
  std::size_t duplicate_ordinal = 0;
  std::vector<std::size_t> scratch;
};

struct NamePlace {
  std::size_t begin = 0;  // its opening quote
  std::size_t last = 0;   // the byte before its closing quote
};

// Where the name is that `ordinal` names come before. `text` is JSON so far: a string is a name when a colon follows.
NamePlace PlaceOfName(absl::string_view text, std::size_t ordinal) {
  std::size_t names = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '"') continue;
    const std::size_t begin = i;
    while (++i < text.size() && text[i] != '"') i += text[i] == '\\' ? 1 : 0;
    const std::size_t next = text.find_first_not_of(" \t\r\n", std::min(i + 1, text.size()));
    if (next != absl::string_view::npos && text[next] == ':' && names++ == ordinal) return {begin, i - 1};
  }
  return {text.size(), text.size()};
}

absl::Status ErrorAt(absl::string_view text, std::size_t offset, absl::string_view what) {
  const absl::string_view before = text.substr(0, offset);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start = before.rfind('\n') == absl::string_view::npos ? 0 : before.rfind('\n') + 1;
  return absl::InvalidArgumentError(
      absl::StrCat("line ", lines + 1, ", column ", before.size() - line_start + 1, ": ", what));
}

}  // namespace

absl::StatusOr<JsonDocument> JsonDocument::Parse(absl::string_view text, const JsonParseOptions& options,
                                                 std::size_t* error_offset) {
  JsonDocument document;
  document.memory_ = std::make_unique<std::pmr::monotonic_buffer_resource>(text.size() + 512);
  bj::parse_options parse_options;
  parse_options.max_depth = static_cast<std::size_t>(options.depth_max);
  bj::basic_parser<TreeBuilder> parser(parse_options, *document.memory_, options.refuse_duplicate_names);
  bj::error_code error;
  const std::size_t consumed = parser.write_some(false, text.data(), text.size(), error);
  TreeBuilder& builder = parser.handler();
  if (options.refuse_duplicate_names && !builder.duplicate.empty()) {
    const NamePlace place = PlaceOfName(text, builder.duplicate_ordinal);
    if (error_offset != nullptr) *error_offset = place.last;
    return ErrorAt(text, place.begin, absl::StrCat("the name \"", builder.duplicate, "\" comes twice in one object"));
  }
  const auto refuse = [&](absl::string_view what) {
    if (error_offset != nullptr) *error_offset = consumed;
    return ErrorAt(text, consumed, what);
  };
  if (error == bj::error::too_deep) {
    return refuse(absl::StrCat("more than ", options.depth_max, " levels"));
  }
  if (error) return refuse(absl::StrCat("not JSON: ", error.message()));
  if (consumed < text.size()) return refuse("not JSON: something follows the value");
  document.root_ = builder.values.front();
  return document;
}

namespace {

// `members_in_order(value, visit)` calls visit(member) for each member in the order wanted.
template <typename MembersInOrder>
void Write(const JsonValue& value, const MembersInOrder& members_in_order, std::string* out) {
  switch (value.kind()) {
    case JsonValue::Kind::kNull:
      out->append("null");
      break;
    case JsonValue::Kind::kBool:
      out->append(value.bool_value() ? "true" : "false");
      break;
    case JsonValue::Kind::kNumber:
      absl::StrAppend(out, value.number_text());
      break;
    case JsonValue::Kind::kString:
      AppendJsonString(value.string(), out);
      break;
    case JsonValue::Kind::kArray: {
      char before = '[';
      for (const JsonValue& item : value.items()) {
        out->push_back(std::exchange(before, ','));
        Write(item, members_in_order, out);
      }
      out->append(before == '[' ? "[]" : "]");
      break;
    }
    case JsonValue::Kind::kObject: {
      char before = '{';
      members_in_order(value, [&](const JsonMember& member) {
        out->push_back(std::exchange(before, ','));
        AppendJsonString(member.name, out);
        out->push_back(':');
        Write(member.value, members_in_order, out);
      });
      out->append(before == '{' ? "{}" : "}");
      break;
    }
  }
}

}  // namespace

void AppendJson(const JsonValue& value, std::string* out) {
  Write(
      value,
      [](const JsonValue& object, const auto& visit) {
        for (const JsonMember& member : object.members()) visit(member);
      },
      out);
}

void AppendCanonicalJson(const JsonValue& value, std::string* out) {
  Write(
      value,
      [](const JsonValue& object, const auto& visit) {
        absl::InlinedVector<const JsonMember*, 16> sorted;
        for (const JsonMember& member : object.members()) sorted.push_back(&member);
        std::sort(sorted.begin(), sorted.end(),
                  [](const JsonMember* a, const JsonMember* b) { return a->name < b->name; });
        for (const JsonMember* member : sorted) visit(*member);
      },
      out);
}

std::string ToJson(const JsonValue& value) {
  std::string out;
  AppendJson(value, &out);
  return out;
}

}  // namespace herald
