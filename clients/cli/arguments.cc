#include "clients/cli/arguments.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "clients/cli/suggestion.h"
#include "src/base/status_macros.h"

namespace herald::cli {
namespace {

std::optional<int> ParseNumber(absl::string_view text) {
  int number = 0;
  if (!absl::SimpleAtoi(text, &number) || number < 0) return std::nullopt;
  return number;
}

std::optional<absl::Duration> ParseDuration(absl::string_view text) {
  absl::Duration duration;
  if (!absl::ParseDuration(text, &duration) || duration < absl::ZeroDuration()) return std::nullopt;
  if (duration == absl::InfiniteDuration()) return std::nullopt;
  return duration;
}

std::optional<absl::Time> ParseTime(absl::string_view text) {
  absl::Time time;
  if (!absl::ParseTime(absl::RFC3339_full, text, &time, nullptr)) return std::nullopt;
  return time;
}

// What a value of `kind` has to be, or empty when `value` is one.
absl::string_view Wanted(Flag::Kind kind, absl::string_view value) {
  switch (kind) {
    case Flag::Kind::kNumber:
      return ParseNumber(value).has_value() ? "" : "a whole number from 0";
    case Flag::Kind::kDuration:
      return ParseDuration(value).has_value() ? "" : "a duration such as 500ms, 10s or 1m30s";
    case Flag::Kind::kTime:
      return ParseTime(value).has_value() ? "" : "a time such as 2023-10-02T16:14:25Z";
    case Flag::Kind::kSwitch:
      return value.empty() ? "" : "given without a value";
    case Flag::Kind::kText:
    case Flag::Kind::kTexts:
      return "";
  }
  return "";
}

absl::Status UnknownFlag(absl::string_view name, const std::vector<Flag>& flags) {
  std::vector<std::string> names;
  for (const Flag& flag : flags) names.push_back(flag.name);
  return absl::InvalidArgumentError(absl::StrCat("there is no flag --", name, DidYouMean(name, names, "--")));
}

}  // namespace

std::optional<FlagWord> SplitFlagWord(absl::string_view word) {
  if (word == "-h") return FlagWord{"help", std::nullopt};
  if (!absl::StartsWith(word, "-") || word == "-" || word == "--") return std::nullopt;
  word.remove_prefix(absl::StartsWith(word, "--") ? 2 : 1);
  FlagWord out;
  const size_t equals = word.find('=');
  out.name = absl::StrReplaceAll(word.substr(0, equals), {{"-", "_"}});
  if (equals != absl::string_view::npos) out.value = std::string(word.substr(equals + 1));
  return out;
}

const Flag* FindFlag(const std::vector<Flag>& flags, absl::string_view name) {
  const auto found = std::find_if(flags.begin(), flags.end(), [&](const Flag& flag) { return flag.name == name; });
  return found == flags.end() ? nullptr : &*found;
}

absl::StatusOr<Arguments> Arguments::Parse(const std::vector<std::string>& words, const std::vector<Flag>& flags) {
  Arguments out;
  bool flags_ended = false;
  for (size_t i = 0; i < words.size(); ++i) {
    std::optional<FlagWord> word;
    if (!flags_ended) word = SplitFlagWord(words[i]);
    if (!flags_ended && words[i] == "--") {
      flags_ended = true;
    } else if (!word.has_value()) {
      out.operands_.push_back(words[i]);
    } else {
      const Flag* flag = FindFlag(flags, word->name);
      if (flag == nullptr) return UnknownFlag(word->name, flags);
      const bool takes_next = flag->kind != Flag::Kind::kSwitch && !word->value.has_value();
      if (takes_next && i + 1 == words.size()) {
        return absl::InvalidArgumentError(
            absl::StrCat("--", flag->name, " needs a value: --", flag->name, " ", flag->value));
      }
      HERALD_RETURN_IF_ERROR(out.AddFlag(*flag, takes_next ? words[++i] : word->value.value_or("")));
    }
  }
  return out;
}

absl::Status Arguments::AddFlag(const Flag& flag, std::string value) {
  const absl::string_view wanted = Wanted(flag.kind, value);
  if (!wanted.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("--", flag.name, " is \"", value, "\"; it has to be ", wanted));
  }
  std::vector<std::string>& values = values_[flag.name];
  if (!values.empty() && flag.kind != Flag::Kind::kTexts && flag.kind != Flag::Kind::kSwitch) {
    return absl::InvalidArgumentError(absl::StrCat("--", flag.name, " is given twice; give it once"));
  }
  values.push_back(std::move(value));
  return absl::OkStatus();
}

absl::string_view Arguments::operand(size_t index) const {
  return index < operands_.size() ? absl::string_view(operands_[index]) : absl::string_view();
}

std::string Arguments::Text(absl::string_view flag, absl::string_view otherwise) const {
  const auto found = values_.find(flag);
  return found == values_.end() ? std::string(otherwise) : found->second.front();
}

std::vector<std::string> Arguments::Texts(absl::string_view flag) const {
  const auto found = values_.find(flag);
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

int Arguments::Number(absl::string_view flag, int otherwise) const {
  return Has(flag) ? ParseNumber(Text(flag)).value_or(otherwise) : otherwise;
}

absl::Duration Arguments::Duration(absl::string_view flag, absl::Duration otherwise) const {
  return Has(flag) ? ParseDuration(Text(flag)).value_or(otherwise) : otherwise;
}

std::optional<absl::Time> Arguments::Time(absl::string_view flag) const { return ParseTime(Text(flag)); }

}  // namespace herald::cli
