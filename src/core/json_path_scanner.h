// The words of a JSONPath: blanks, names, integers, numbers and string literals of RFC 9535, and where they stand.
//
// Confined to one thread.

#ifndef HERALD_CORE_JSON_PATH_SCANNER_H_
#define HERALD_CORE_JSON_PATH_SCANNER_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace herald::json_path {

class Scanner {
 public:
  // `text` is UTF-8 and outlives the scanner.
  explicit Scanner(absl::string_view text) : text_(text) {}

  size_t offset() const { return offset_; }
  void GoTo(size_t offset) { offset_ = offset; }
  bool AtEnd() const { return offset_ == text_.size(); }

  // The next character, or NUL at the end.
  char Peek() const { return AtEnd() ? '\0' : text_[offset_]; }
  bool PeekDigit() const;
  // Whether an integer or a number begins here.
  bool PeekNumber() const { return Peek() == '-' || PeekDigit(); }
  bool PeekQuote() const { return Peek() == '\'' || Peek() == '"'; }

  // Goes past `token` when it is next.
  bool Take(absl::string_view token);
  // The same where blanks may come before; takes nothing at all when `token` does not follow them.
  bool TakeAfterBlanks(absl::string_view token);
  void SkipBlanks();

  // A member name as it is written after a dot.
  absl::StatusOr<std::string> Name();
  // Lower-case letters, digits and "_"; may be empty.
  absl::string_view Word();
  // An integer within the exact range of a double, for an index or a slice.
  absl::StatusOr<int64_t> Integer();
  // The characters of a number literal.
  absl::StatusOr<std::string> Number();
  // The content of a string literal, from its quote on.
  absl::StatusOr<std::string> String();

  // INVALID_ARGUMENT "position 7: expected {what}, found …" for what stands here.
  absl::Status Expected(absl::string_view what) const;
  static absl::Status ErrorAt(size_t offset, absl::string_view sentence);

 private:
  absl::string_view TakeDigits();
  absl::Status Escape(char quote, std::string& out);
  absl::Status UnicodeEscape(std::string& out);
  absl::StatusOr<uint32_t> HexDigits();

  absl::string_view text_;
  size_t offset_ = 0;
};

}  // namespace herald::json_path

#endif  // HERALD_CORE_JSON_PATH_SCANNER_H_
