// A regular expression in RE2's syntax, of bounded memory and time: case-sensitive, UTF-8, no captures.
//
// Thread rule: const calls only.

#ifndef HERALD_CORE_REGEX_H_
#define HERALD_CORE_REGEX_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/core/work_budget.h"

namespace re2 {
class RE2;
}

namespace herald {

class Regex {
 public:
  // `bytes_max` bounds the compiled form. INVALID_ARGUMENT with RE2's reason: "missing ): (a".
  static absl::StatusOr<Regex> Compile(absl::string_view pattern, int bytes_max);

  Regex(Regex&&) noexcept;
  Regex& operator=(Regex&&) noexcept;
  ~Regex();

  // Whether it matches all of `text`, or some part of it. False when `budget` does not suffice.
  bool MatchesAll(absl::string_view text, WorkBudget& budget) const;
  bool MatchesPart(absl::string_view text, WorkBudget& budget) const;

 private:
  explicit Regex(std::unique_ptr<const re2::RE2> re2);
  // What matching `text` costs.
  size_t Units(absl::string_view text) const;

  std::unique_ptr<const re2::RE2> re2_;
};

}  // namespace herald

#endif  // HERALD_CORE_REGEX_H_
