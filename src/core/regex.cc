#include "src/core/regex.h"

#include <re2/re2.h>

#include <utility>

namespace herald {
namespace {

re2::StringPiece ToRe2(absl::string_view text) { return {text.data(), text.size()}; }

bool Matches(const re2::RE2& re2, absl::string_view text, re2::RE2::Anchor anchor) {
  return re2.Match(ToRe2(text), 0, text.size(), anchor, nullptr, 0);
}

}  // namespace

absl::StatusOr<Regex> Regex::Compile(absl::string_view pattern, int bytes_max) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(bytes_max);
  options.set_never_capture(true);
  auto re2 = std::make_unique<const re2::RE2>(ToRe2(pattern), options);
  if (!re2->ok()) return absl::InvalidArgumentError(re2->error());
  return Regex(std::move(re2));
}

Regex::Regex(std::unique_ptr<const re2::RE2> re2) : re2_(std::move(re2)) {}
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;
Regex::~Regex() = default;

size_t Regex::Units(absl::string_view text) const {
  const size_t factor = 1 + static_cast<size_t>(re2_->ProgramSize()) / kRegexStepsPerFactor;
  return text.size() * factor / kRegexBytesPerUnit;
}

bool Regex::MatchesAll(absl::string_view text, WorkBudget& budget) const {
  return budget.Spend(Units(text)) && Matches(*re2_, text, re2::RE2::ANCHOR_BOTH);
}

bool Regex::MatchesPart(absl::string_view text, WorkBudget& budget) const {
  return budget.Spend(Units(text)) && Matches(*re2_, text, re2::RE2::UNANCHORED);
}

}  // namespace herald
