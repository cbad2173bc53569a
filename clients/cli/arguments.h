// The words after a command: its flags and its operands, checked against what the command declares.
//
// --name=value, --name value and --name (a switch) anywhere among the operands; "--" ends the flags, "-" is an operand.
// Dashes and underscores in names are the same. Thread rule: const calls only.

#ifndef HERALD_CLIENTS_CLI_ARGUMENTS_H_
#define HERALD_CLIENTS_CLI_ARGUMENTS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace herald::cli {

struct Flag {
  enum class Kind {
    kSwitch,    // no value
    kText,      // once
    kTexts,     // any number of times
    kNumber,    // a whole number from 0
    kDuration,  // "1m30s"
    kTime,      // RFC 3339
  };
  std::string name;  // "body_template"
  Kind kind = Kind::kText;
  std::string value;  // how help names the value: "FILE"
  std::string help;
};

class Arguments {
 public:
  // INVALID_ARGUMENT with a sentence that names the flag: unknown, twice, without value, or not of its kind.
  static absl::StatusOr<Arguments> Parse(const std::vector<std::string>& words, const std::vector<Flag>& flags);

  const std::vector<std::string>& operands() const { return operands_; }
  // The operand at `index`, or empty.
  absl::string_view operand(size_t index) const;

  bool Has(absl::string_view flag) const { return values_.contains(flag); }
  // The value of a flag, or `otherwise`. Each is for flags of its kind.
  std::string Text(absl::string_view flag, absl::string_view otherwise = "") const;
  std::vector<std::string> Texts(absl::string_view flag) const;
  int Number(absl::string_view flag, int otherwise) const;
  absl::Duration Duration(absl::string_view flag, absl::Duration otherwise) const;
  std::optional<absl::Time> Time(absl::string_view flag) const;

 private:
  absl::Status AddFlag(const Flag& flag, std::string value);

  std::vector<std::string> operands_;
  std::map<std::string, std::vector<std::string>, std::less<>> values_;  // every value fits its flag's kind
};

// A word as the command line has it, split: "--max_retries=3" is {"max_retries", "3"}. Nothing for an operand.
struct FlagWord {
  std::string name;
  std::optional<std::string> value;
};
std::optional<FlagWord> SplitFlagWord(absl::string_view word);

// The flag of that name, or nullptr.
const Flag* FindFlag(const std::vector<Flag>& flags, absl::string_view name);

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_ARGUMENTS_H_
