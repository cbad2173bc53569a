#include "clients/cli/event_input.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cli/message_flags.h"
#include "clients/cli/message_json.h"
#include "src/base/status_macros.h"

namespace herald::cli {
namespace {

const std::vector<FieldFlag>& EventFieldFlags() {
  using Kind = Flag::Kind;
  static const std::vector<FieldFlag>* flags = new std::vector<FieldFlag>{
      {{"type", Kind::kText, "TYPE", "what happened: RequestCreated"}, "type"},
      {{"data", Kind::kText, "JSON|@FILE", "the payload; its numbers keep their characters"}, "data_json", true},
      {{"id", Kind::kText, "ID", "the idempotency key; without one the event is not safe to send again"}, "id"},
      {{"source", Kind::kText, "TEXT", "where it happened"}, "source"},
      {{"subject", Kind::kText, "TEXT", "what it happened to"}, "subject"},
      {{"time", Kind::kTime, "TIME", "when it happened, RFC 3339; default now"}, "time"},
      {{"attribute", Kind::kTexts, "NAME=VALUE", "any more"}, "attributes"},
  };
  return *flags;
}

}  // namespace

std::vector<Flag> EventFlags() { return FlagsOf(EventFieldFlags()); }

bool HasEventFlags(const Arguments& arguments) {
  const auto& flags = EventFieldFlags();
  return std::any_of(flags.begin(), flags.end(), [&](const auto& flag) { return arguments.Has(flag.flag.name); });
}

absl::StatusOr<std::vector<v1::Event>> ReadEvents(absl::string_view file, InputFiles& files) {
  const std::string label = FileLabel(file);
  HERALD_ASSIGN_OR_RETURN(const std::string text, files.Read(std::string(file)));
  HERALD_ASSIGN_OR_RETURN(const JsonDocument document, ParseJson(text, label));
  std::vector<v1::Event> events;
  if (!document.root().is_array()) {
    HERALD_ASSIGN_OR_RETURN(events.emplace_back(), EventOfJson(document.root(), label));
    return events;
  }
  for (const JsonValue& item : document.root().items()) {
    HERALD_ASSIGN_OR_RETURN(events.emplace_back(), EventOfJson(item, absl::StrCat(label, ": [", events.size(), "]")));
  }
  return events;
}

absl::StatusOr<v1::Event> ReadEvent(absl::string_view file, InputFiles& files) {
  HERALD_ASSIGN_OR_RETURN(std::vector<v1::Event> events, ReadEvents(file, files));
  if (events.size() == 1) return std::move(events.front());
  return absl::InvalidArgumentError(absl::StrCat(FileLabel(file), " holds ", events.size(), " events; one is wanted"));
}

absl::Status ApplyEventFlags(const Arguments& arguments, InputFiles& files, v1::Event* event) {
  std::vector<std::string> fields;
  return ApplyFlags(EventFieldFlags(), arguments, files, event, &fields);
}

}  // namespace herald::cli
