#include "clients/cli/program.h"

#include <algorithm>
#include <iostream>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/error_text.h"
#include "clients/cli/suggestion.h"
#include "src/base/status_macros.h"

namespace herald::cli {
namespace {

// A command line, taken apart.
struct Line {
  const Command* command;
  std::string path;               // "herald webhooks create"
  std::vector<std::string> rest;  // flags and operands
  bool help = false;
};

const Command* Subcommand(const Command& group, absl::string_view name) {
  const auto found = std::find_if(group.subcommands.begin(), group.subcommands.end(),
                                  [&](const Command& command) { return command.name == name; });
  return found == group.subcommands.end() ? nullptr : &*found;
}

absl::Status UnknownCommand(const Command& group, absl::string_view path, absl::string_view word) {
  std::vector<std::string> names;
  for (const Command& command : group.subcommands) names.push_back(command.name);
  return absl::InvalidArgumentError(
      absl::StrCat("there is no command \"", path, " ", word, "\"", DidYouMean(word, names)));
}

// Whether the flag's value is the next word.
bool TakesNextWord(const FlagWord& word) {
  const Flag* flag = FindFlag(GlobalFlags(), word.name);
  return flag != nullptr && flag->kind != Flag::Kind::kSwitch && !word.value.has_value();
}

// Goes down the tree by the words that are no flags; `line` is filled as far as it comes.
absl::Status FindCommand(const std::vector<std::string>& words, Line& line) {
  for (size_t i = 0; i < words.size(); ++i) {
    const std::optional<FlagWord> flag = SplitFlagWord(words[i]);
    const bool at_leaf = line.command->subcommands.empty();
    if (!flag.has_value() && !at_leaf) {
      if (line.path == line.command->name && words[i] == "help") {
        line.help = true;
        continue;
      }
      const Command* next = Subcommand(*line.command, words[i]);
      if (next == nullptr) return UnknownCommand(*line.command, line.path, words[i]);
      line.command = next;
      absl::StrAppend(&line.path, " ", next->name);
      continue;
    }
    if (flag.has_value() && flag->name == "help" && !flag->value.has_value()) {
      line.help = true;
      continue;
    }
    if (at_leaf && words[i] == "--") {
      line.rest.insert(line.rest.end(), words.begin() + static_cast<std::ptrdiff_t>(i), words.end());
      break;
    }
    line.rest.push_back(words[i]);
    if (!at_leaf && TakesNextWord(*flag) && i + 1 < words.size()) line.rest.push_back(words[++i]);
  }
  return absl::OkStatus();
}

absl::Status CheckOperands(const Line& line, const Arguments& arguments) {
  const std::vector<std::string>& wanted = line.command->operands;
  const size_t given = arguments.operands().size();
  const auto required = static_cast<size_t>(std::count_if(
      wanted.begin(), wanted.end(), [](const std::string& operand) { return !absl::StartsWith(operand, "["); }));
  if (given < required) {
    return absl::InvalidArgumentError(absl::StrCat(wanted[given], " is missing"));
  }
  if (given > wanted.size()) {
    return absl::InvalidArgumentError(absl::StrCat("\"", arguments.operand(wanted.size()), "\" is one word too many"));
  }
  return absl::OkStatus();
}

absl::StatusOr<Arguments> ParseArguments(const Line& line) {
  std::vector<Flag> flags = line.command->flags;
  flags.insert(flags.end(), GlobalFlags().begin(), GlobalFlags().end());
  HERALD_ASSIGN_OR_RETURN(Arguments arguments, Arguments::Parse(line.rest, flags));
  if (!line.command->run) {
    return absl::InvalidArgumentError(absl::StrCat("\"", line.path, "\" needs a command after it"));
  }
  HERALD_RETURN_IF_ERROR(CheckOperands(line, arguments));
  const std::string output = arguments.Text("output", "table");
  if (output != "table" && output != "json") {
    return absl::InvalidArgumentError(absl::StrCat("--output is \"", output, "\"; it has to be table or json"));
  }
  return arguments;
}

absl::StatusOr<ExitCode> RunCommand(const Line& line, const Arguments& arguments, const Environment& environment) {
  const Format format = arguments.Text("output") == "json" ? Format::kJson : Format::kTable;
  Output output(format, environment.out_terminal, environment.out);
  InputFiles files(environment.in);
  CommandContext context{arguments,
                         files,
                         output,
                         environment.err,
                         arguments.Text("server", environment.default_server),
                         arguments.Duration("timeout", line.command->timeout)};
  return line.command->run(context);
}

ExitCode Fail(const absl::Status& status, ExitCode code, const Environment& environment) {
  environment.out.flush();
  environment.err << ErrorText(status, environment.err_terminal);
  return code;
}

}  // namespace

ExitCode RunProgram(const Command& root, const std::vector<std::string>& words, const Environment& environment) {
  Line line{&root, root.name, {}};
  const absl::Status found = FindCommand(words, line);
  if (found.ok() && line.help) {
    environment.out << HelpText(*line.command, line.path);
    return ExitCode::kOk;
  }
  const absl::StatusOr<Arguments> arguments = found.ok() ? ParseArguments(line) : found;
  if (!arguments.ok()) {
    const ExitCode code = Fail(arguments.status(), ExitCode::kUsage, environment);
    environment.err << "\"" << line.path << " --help\" shows how it is used\n";
    return code;
  }
  const absl::StatusOr<ExitCode> done = RunCommand(line, *arguments, environment);
  if (!done.ok()) return Fail(done.status(), ExitCodeOf(done.status()), environment);
  environment.out.flush();
  if (environment.out.good()) return *done;
  return Fail(absl::InternalError("the answer cannot be written to standard output"), ExitCode::kOtherError,
              environment);
}

}  // namespace herald::cli
