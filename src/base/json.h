// JSON values (RFC 8259), read only, cheap to read and to pass around.
//
// A JsonValue is a small value that points into memory that somebody else owns: the JsonDocument it was parsed into,
// or, for values made by hand, whatever the caller gave. Numbers keep the characters they arrived with beside their
// value. Copying a JsonValue copies no content. Thread rule: const calls only, so any number of readers.

#ifndef HERALD_BASE_JSON_H_
#define HERALD_BASE_JSON_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace herald {

struct JsonMember;

class JsonValue {
 public:
  enum class Kind : uint8_t { kNull, kBool, kNumber, kString, kArray, kObject };

  JsonValue() = default;  // null
  static JsonValue Bool(bool value);
  // `text` is the number's JSON form and `value` the nearest double.
  static JsonValue Number(double value, absl::string_view text);
  // `text` is UTF-8, not escaped.
  static JsonValue String(absl::string_view text);
  static JsonValue Array(absl::Span<const JsonValue> items);
  static JsonValue Object(absl::Span<const JsonMember> members);

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::kNull; }
  bool is_bool() const { return kind_ == Kind::kBool; }
  bool is_number() const { return kind_ == Kind::kNumber; }
  bool is_string() const { return kind_ == Kind::kString; }
  bool is_array() const { return kind_ == Kind::kArray; }
  bool is_object() const { return kind_ == Kind::kObject; }

  // Each is for its own kind; another kind gives false, 0 or empty.
  bool bool_value() const { return kind_ == Kind::kBool && bool_; }
  double number() const { return kind_ == Kind::kNumber ? number_ : 0; }
  absl::string_view string() const;       // kString: the text
  absl::string_view number_text() const;  // kNumber: the characters
  absl::Span<const JsonValue> items() const;
  absl::Span<const JsonMember> members() const;  // in the order of the document, each name once

  // The member of an object, or nullptr.
  const JsonValue* Find(absl::string_view name) const;

 private:
  const void* data_ = nullptr;  // characters, items or members
  double number_ = 0;
  uint32_t size_ = 0;
  Kind kind_ = Kind::kNull;
  bool bool_ = false;
};

struct JsonMember {
  absl::string_view name;
  JsonValue value;
};

struct JsonParseOptions {
  // Levels of arrays and objects; a scalar alone has 0.
  int depth_max = 32;
  // A name that comes twice in one object: an error, or else the last one counts.
  bool refuse_duplicate_names = false;
};

// A parsed JSON text and the memory of its values. Movable; values stay valid when it moves.
class JsonDocument {
 public:
  // INVALID_ARGUMENT with a sentence such as "line 3, column 7: expected a comma": the text is not JSON, not UTF-8, too
  // deep, or (where refused) has a duplicate name. Then the place is in `error_offset` too, if that is given; of a
  // duplicate name it is the last byte.
  static absl::StatusOr<JsonDocument> Parse(absl::string_view text, const JsonParseOptions& options = {},
                                            std::size_t* error_offset = nullptr);

  const JsonValue& root() const { return root_; }

 private:
  std::unique_ptr<std::pmr::monotonic_buffer_resource> memory_;
  JsonValue root_;
};

// Appends `value` as compact JSON: no white space, members in their order, numbers in their own characters.
void AppendJson(const JsonValue& value, std::string* out);
// The same with members sorted by the bytes of their names, at every level: equal for equal content.
void AppendCanonicalJson(const JsonValue& value, std::string* out);
// Appends `text` as the inside of a JSON string, without the quotes. Escapes only what JSON requires; U+2028 stays.
void AppendJsonEscaped(absl::string_view text, std::string* out);
// Appends `text` as a JSON string, with the quotes.
void AppendJsonString(absl::string_view text, std::string* out);

std::string ToJson(const JsonValue& value);

}  // namespace herald

#endif  // HERALD_BASE_JSON_H_
