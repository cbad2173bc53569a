#include "src/core/warnings.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/core/event_types.h"
#include "src/core/field_checks.h"

namespace herald {
namespace {

// A prefix, like "*", names no type; neither does Herald publish the names of others' types.
std::string WarningOfTrigger(absl::string_view trigger) {
  if (absl::EndsWith(trigger, "*") || FindEventType(trigger) != nullptr) return "";
  const std::string nearest = NearestEventType(trigger);
  const std::string warning = absl::StrCat("no event type ", Quoted(trigger));
  if (!nearest.empty()) return absl::StrCat(warning, "; did you mean ", nearest, "?");
  return absl::StrCat(warning, " is known here; it fires when events of that type come");
}

}  // namespace

void SetWarnings(v1::Webhook& webhook) {
  webhook.clear_warnings();
  for (const std::string& trigger : webhook.triggers()) {
    std::string warning = WarningOfTrigger(trigger);
    if (!warning.empty()) webhook.add_warnings(std::move(warning));
  }
}

}  // namespace herald
