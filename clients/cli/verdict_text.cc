#include "clients/cli/verdict_text.h"

#include <iostream>

#include "absl/strings/str_cat.h"
#include "clients/cli/values_text.h"

namespace herald::cli {

void PrintVerdicts(const google::protobuf::RepeatedPtrField<v1::Verdict>& verdicts, Output& output) {
  for (const v1::Verdict& verdict : verdicts) {
    const Style style = verdict.passed() ? Style::kGreen : Style::kRed;
    const std::string seen =
        absl::StrCat("saw ", verdict.values().empty() ? "nothing" : "", Joined(verdict.values(), ", "));
    const std::string& reason = verdict.message().empty() ? seen : verdict.message();
    output.stream() << "  " << Painted(verdict.passed() ? "✓" : "✗", style, output.terminal()) << ' '
                    << PrintableLine(absl::StrCat(verdict.rule(), "  ", reason)) << '\n';
    if (!verdict.passed() && !verdict.message().empty()) output.stream() << "    " << PrintableLine(seen) << '\n';
  }
}

}  // namespace herald::cli
