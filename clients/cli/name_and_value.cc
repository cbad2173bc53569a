#include "clients/cli/name_and_value.h"

#include "absl/strings/str_cat.h"

namespace herald::cli {
namespace {

absl::Status Refused(absl::string_view flag, absl::string_view reason) {
  return absl::InvalidArgumentError(absl::StrCat("--", flag, " ", reason, "; give NAME=VALUE"));
}

}  // namespace

absl::StatusOr<std::pair<std::string, std::string>> ParseNameAndValue(absl::string_view flag, absl::string_view text) {
  const size_t equals = text.find('=');
  if (equals == absl::string_view::npos) return Refused(flag, "has no \"=\"");
  const absl::string_view name = text.substr(0, equals);
  if (name.empty()) return Refused(flag, "has no name");
  // "authorization: Basic dXNlcg==", as curl takes headers: the server would show the token as a part of the name.
  if (name.find_first_of(": \t\r\n") != absl::string_view::npos) {
    return Refused(flag, "has a space or a colon before the \"=\"");
  }
  return std::pair<std::string, std::string>(name, text.substr(equals + 1));
}

}  // namespace herald::cli
