#include "src/core/header_name.h"

#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/base/ascii.h"
#include "src/core/field_checks.h"

namespace herald {
namespace {

// A character of an HTTP token (RFC 9110).
bool IsTokenCharacter(char c) { return IsAlphanumeric(c) || absl::StrContains("!#$%&'*+-.^_`|~", c); }

// Why `lower_case_name` may not be among a webhook's headers, with what to do; empty when it may.
absl::string_view RefusalOfHeader(absl::string_view lower_case_name) {
  constexpr absl::string_view kHeralds[] = {"content-length", "host", "transfer-encoding",
                                            "connection",     "te",   "upgrade"};
  if (lower_case_name == "content-type") return "use content_type";
  if (lower_case_name == "user-agent" || absl::StartsWith(lower_case_name, "webhook-")) {
    return "Herald sets it itself; leave it out";
  }
  if (absl::c_linear_search(kHeralds, lower_case_name)) return "it belongs to the connection; leave it out";
  if (absl::StartsWith(lower_case_name, "proxy-")) return "it is for proxies; leave it out";
  return "";
}

}  // namespace

void CheckHeaderName(absl::string_view name, absl::string_view field, FieldViolations& violations) {
  if (!HasForm(name, name.size(), IsTokenCharacter, IsTokenCharacter)) {
    return violations.Add(field, "a header's name has letters, digits and !#$%&'*+-.^_`|~ only, at least one");
  }
  const std::string lower = absl::AsciiStrToLower(name);
  const absl::string_view refusal = RefusalOfHeader(lower);
  if (!refusal.empty()) violations.Add(field, absl::StrCat(lower, " is refused: ", refusal));
}

}  // namespace herald
