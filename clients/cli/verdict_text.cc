#include "clients/cli/verdict_text.h"

#include <iostream>

#include "absl/strings/str_cat.h"
#include "clients/cli/values_text.h"

namespace herald::cli {

void PrintVerdicts(const google::protobuf::RepeatedPtrField<v1::Verdict>& verdicts, Output& output) {
  for (const v1::Verdict& verdict : verdicts) {
    const Style style = verdict.passed() ? Style::kGreen : Style::kRed;
    const std::string seen = verdict.values().empty() ? "nothing" : Joined(verdict.values(), ", ");
    output.stream() << "  " << Painted(verdict.passed() ? "✓" : "✗", style, output.terminal()) << ' '
                    << PrintableLine(absl::StrCat(verdict.rule(), "  saw ", seen)) << '\n';
    if (!verdict.message().empty()) output.stream() << Indented(Printable(verdict.message()), 4);
  }
}

}  // namespace herald::cli
