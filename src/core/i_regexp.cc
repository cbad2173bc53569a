#include "src/core/i_regexp.h"

#include <cstddef>
#include <utility>

#include "absl/strings/match.h"
#include "src/base/ascii.h"
#include "src/base/utf8.h"

namespace herald {
namespace {

// Walks the pattern by the grammar of RFC 9485, section 4, and writes RE2's form as it goes. Groups are counted, not
// recursed into: the grammar inside a group is that outside.
class Translator {
 public:
  explicit Translator(absl::string_view pattern) : rest_(pattern) {}

  std::optional<std::string> Translate() {
    while (!rest_.empty()) {
      if (!Piece()) return std::nullopt;
    }
    if (open_groups_ > 0) return std::nullopt;
    return std::move(out_);
  }

 private:
  bool Piece() {
    switch (rest_.front()) {
      case '|':
        return Copy(1);
      case '(':
        ++open_groups_;
        return Copy(1);
      case ')':
        return --open_groups_ >= 0 && Copy(1) && Quantifier();
      default:
        return Atom() && Quantifier();
    }
  }

  bool Atom() {
    switch (rest_.front()) {
      case '.':
        rest_.remove_prefix(1);
        out_.append("[^\\n\\r]");
        return true;
      case '[':
        return Class();
      case '\\':
        return Escape();
      default:
        return !absl::StrContains("*+?]{}", rest_.substr(0, 1)) && Character();
    }
  }

  bool Quantifier() {
    if (rest_.empty()) return true;
    switch (rest_.front()) {
      case '*':
      case '+':
      case '?':
        return Copy(1);
      case '{':
        return Range();
      default:
        return true;
    }
  }

  // "{2}", "{2,}" or "{2,3}"
  bool Range() {
    Copy(1);
    if (!Digits()) return false;
    if (absl::StartsWith(rest_, ",")) {
      Copy(1);
      Digits();
    }
    return absl::StartsWith(rest_, "}") && Copy(1);
  }

  bool Digits() {
    size_t count = 0;
    while (count < rest_.size() && IsDigit(rest_[count])) ++count;
    return Copy(count) && count > 0;
  }

  // "[a-z]": a "-" may also come first or last, and stands for itself there.
  bool Class() {
    Copy(1);
    if (absl::StartsWith(rest_, "^")) Copy(1);
    bool empty = true;
    if (absl::StartsWith(rest_, "-")) {
      Copy(1);
      empty = false;
    }
    while (!rest_.empty() && rest_.front() != ']' && rest_.front() != '-') {
      if (!ClassItem()) return false;
      empty = false;
    }
    if (absl::StartsWith(rest_, "-")) Copy(1);
    return !empty && absl::StartsWith(rest_, "]") && Copy(1);
  }

  bool ClassItem() {
    if (IsCategory()) return Category();
    if (!ClassCharacter()) return false;
    if (!absl::StartsWith(rest_, "-") || absl::StartsWith(rest_, "-]")) return true;
    Copy(1);
    return !rest_.empty() && !IsCategory() && ClassCharacter();
  }

  bool ClassCharacter() {
    if (rest_.front() == '\\') return SingleEscape();
    return !absl::StrContains("-[]", rest_.substr(0, 1)) && Character();
  }

  bool Escape() { return IsCategory() ? Category() : SingleEscape(); }

  bool SingleEscape() {
    static constexpr absl::string_view kEscaped = "()*+-.?[\\]^nrt{|}";
    return rest_.size() >= 2 && absl::StrContains(kEscaped, rest_.substr(1, 1)) && Copy(2);
  }

  bool IsCategory() const { return absl::StartsWith(rest_, "\\p") || absl::StartsWith(rest_, "\\P"); }

  // "\p{Lu}" or "\P{L}"
  bool Category() {
    static constexpr struct {
      char major = 0;
      absl::string_view minors;
    } kCategories[] = {{'L', "lmotu"}, {'M', "cen"},  {'N', "dlo"}, {'P', "cdefios"},
                       {'Z', "lps"},   {'S', "ckmo"}, {'C', "cfno"}};
    const size_t end = rest_.find('}');
    if (end == absl::string_view::npos || rest_.substr(2, 1) != "{") return false;
    const absl::string_view name = rest_.substr(3, end - 3);
    for (const auto& [major, minors] : kCategories) {
      if (name.empty() || name.front() != major) continue;
      const bool known = name.size() == 1 || (name.size() == 2 && absl::StrContains(minors, name.substr(1)));
      return known && Copy(end + 1);
    }
    return false;
  }

  // One code point that stands for itself.
  bool Character() {
    const size_t bytes = CodePointBytes(rest_);
    return Copy(bytes) && bytes > 0;
  }

  bool Copy(size_t bytes) {
    out_.append(rest_.data(), bytes);
    rest_.remove_prefix(bytes);
    return true;
  }

  absl::string_view rest_;
  std::string out_;
  int open_groups_ = 0;
};

}  // namespace

std::optional<std::string> IRegexpToRe2(absl::string_view pattern) { return Translator(pattern).Translate(); }

std::optional<Regex> CompileIRegexp(absl::string_view pattern, int bytes_max) {
  const std::optional<std::string> translated = IRegexpToRe2(pattern);
  if (!translated.has_value()) return std::nullopt;
  absl::StatusOr<Regex> regex = Regex::Compile(*translated, bytes_max);
  if (!regex.ok()) return std::nullopt;
  return *std::move(regex);
}

}  // namespace herald
