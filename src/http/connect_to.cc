#include "src/http/connect_to.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace herald {
namespace {

// Takes a host and the ":" after it.
bool ConsumeHost(absl::string_view& text) {
  const size_t after_bracket = absl::StartsWith(text, "[") ? text.find(']') : 0;
  const size_t colon = after_bracket == absl::string_view::npos ? after_bracket : text.find(':', after_bracket);
  if (colon == absl::string_view::npos || colon == 0) return false;
  text.remove_prefix(colon + 1);
  return true;
}

bool IsPort(absl::string_view text) {
  int port = 0;
  return absl::SimpleAtoi(text, &port) && port >= 1 && port <= 65535;
}

}  // namespace

absl::Status CheckConnectTo(absl::string_view entry) {
  absl::string_view rest = entry;
  if (ConsumeHost(rest)) {
    const absl::string_view port = rest.substr(0, rest.find(':'));
    if (IsPort(port) && absl::ConsumePrefix(&rest, absl::StrCat(port, ":")) && ConsumeHost(rest) && IsPort(rest)) {
      return absl::OkStatus();
    }
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "connect_to \"", entry.substr(0, 64), "\" is not HOST:PORT:ADDR:PORT, as in hooks.slack.com:443:127.0.0.1:8443"));
}

}  // namespace herald
