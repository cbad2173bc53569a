#include "src/core/warnings.h"

#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/base/edit_distance.h"
#include "src/core/errors.h"
#include "src/core/field_checks.h"

namespace herald {
namespace {

// A prefix, like "*", names no type; neither does Herald publish the names of others' types.
std::string WarningOfTrigger(const KnownEventTypes& types, absl::string_view trigger) {
  if (absl::EndsWith(trigger, "*") || types.Find(trigger) != nullptr) return "";
  const std::string nearest = types.Nearest(trigger);
  const std::string warning = absl::StrCat("no event type ", Quoted(trigger));
  if (!nearest.empty()) return absl::StrCat(warning, "; did you mean ", nearest, "?");
  return absl::StrCat(warning, " is known here; it fires when events of that type come");
}

constexpr absl::string_view kEventNames[] = {"event_id", "event_type", "event_time", "data",
                                             "source",   "subject",    "attributes"};

// A path may be right and yet select from nothing that a document of an event has.
std::string WarningOfFilter(const Condition& filter, absl::string_view field) {
  const absl::string_view name = filter.first_name();
  if (name.empty() || absl::c_linear_search(kEventNames, name)) return "";
  return absl::StrCat(field, ".path: no event has ", Quoted(name), " at its top, and so ", Quoted(filter.path()),
                      " selects nothing; what the sender gave is under $.data");
}

std::string Remedy(absl::string_view name) {
  for (const absl::string_view known : kEventNames) {
    if (EditDistance(name, known) <= 2) return absl::StrCat("did you mean ", known, "?");
  }
  return "what the sender gave is under data";
}

}  // namespace

void SetWarnings(v1::Webhook& webhook, const std::vector<Condition>& filters) {
  webhook.clear_warnings();
  for (size_t i = 0; i < filters.size(); ++i) {
    std::string warning = WarningOfFilter(filters[i], FieldOfIndex("filters", static_cast<int>(i)));
    if (!warning.empty()) webhook.add_warnings(std::move(warning));
  }
}

void AddTemplateWarnings(const Template& compiled, absl::string_view field, v1::Webhook& webhook) {
  for (const auto& [name, line, column] : compiled.top_names()) {
    if (absl::c_linear_search(kEventNames, name)) continue;
    webhook.add_warnings(absl::StrCat(field, ": line ", line, ", column ", column, ": no event has ", Quoted(name),
                                      " at its top, and so this is empty; ", Remedy(name)));
  }
}

void AddTriggerWarnings(const KnownEventTypes& types, v1::Webhook& webhook) {
  for (const std::string& trigger : webhook.triggers()) {
    std::string warning = WarningOfTrigger(types, trigger);
    if (!warning.empty()) webhook.add_warnings(std::move(warning));
  }
}

}  // namespace herald
