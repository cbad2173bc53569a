#include "clients/cli/command.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace herald::cli {
namespace {

using Row = std::pair<std::string, std::string>;  // what one writes, what it means

std::string Section(absl::string_view title, const std::vector<Row>& rows) {
  if (rows.empty()) return "";
  size_t width = 0;
  for (const Row& row : rows) width = std::max(width, row.first.size());
  std::string out = absl::StrCat("\n", title, ":\n");
  for (const Row& row : rows) {
    absl::StrAppend(&out, "  ", row.first, std::string(width - row.first.size() + 2, ' '), row.second, "\n");
  }
  return out;
}

std::vector<Row> FlagRows(const std::vector<Flag>& flags) {
  std::vector<Row> rows;
  for (const Flag& flag : flags) {
    const absl::string_view repeat = flag.kind == Flag::Kind::kTexts ? " ..." : "";
    rows.emplace_back(absl::StrCat("--", flag.name, flag.value.empty() ? "" : " ", flag.value, repeat), flag.help);
  }
  return rows;
}

}  // namespace

const std::vector<Flag>& GlobalFlags() {
  static const std::vector<Flag>* flags = new std::vector<Flag>{
      {"server", Flag::Kind::kText, "HOST:PORT", "the server; default HERALD_SERVER, else 127.0.0.1:50051"},
      {"output", Flag::Kind::kText, "table|json", "table (default), or json: one document, for lists one a line"},
      {"timeout", Flag::Kind::kDuration, "DURATION",
       "how long to wait for each answer; default 30s, tests 75s, watch: no end"},
      {"help", Flag::Kind::kSwitch, "", "this text"},
  };
  return *flags;
}

std::string HelpText(const Command& command, absl::string_view path) {
  const bool group = !command.subcommands.empty();
  std::string out = absl::StrCat(path, ": ", command.summary, "\n\nUsage: ", path, group ? " COMMAND" : "");
  for (const std::string& operand : command.operands) absl::StrAppend(&out, " ", operand);
  absl::StrAppend(&out, " [flags]\n");
  if (!command.description.empty()) absl::StrAppend(&out, "\n", command.description, "\n");
  std::vector<Row> subcommands;
  for (const Command& subcommand : command.subcommands) subcommands.emplace_back(subcommand.name, subcommand.summary);
  absl::StrAppend(&out, Section("Commands", subcommands), Section("Flags", FlagRows(command.flags)),
                  Section("Flags of every command", FlagRows(GlobalFlags())));
  if (!command.examples.empty()) {
    absl::StrAppend(&out, "\nExamples:\n  ", absl::StrJoin(command.examples, "\n  "), "\n");
  }
  absl::StrAppend(&out, "\n", kExitCodesHelp);
  return out;
}

}  // namespace herald::cli
