#include "clients/cli/output.h"

#include <iostream>

#include "clients/cli/message_json.h"

namespace herald::cli {

void Output::PrintJson(const google::protobuf::Message& message) {
  out_ << IndentedJson(absl::string_view(MessageJson(message))) << '\n';
}

void Output::PrintJsonLine(const google::protobuf::Message& message) { out_ << MessageJson(message) << '\n'; }

void Output::PrintHeading(absl::string_view text) { out_ << '\n' << Painted(text, Style::kBold, terminal_) << '\n'; }

}  // namespace herald::cli
