#include "clients/cli/resource_list.h"

#include <iostream>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/base/protobuf_time.h"

namespace herald::cli {

std::vector<Flag> ListFlags() {
  return {{"limit", Flag::Kind::kNumber, "NUMBER", "how many at most; default 50"},
          {"all", Flag::Kind::kSwitch, "", "all of them"}};
}

std::vector<Flag> RangeFlags() {
  return {{"start", Flag::Kind::kTime, "TIME", "only from then, RFC 3339"},
          {"end", Flag::Kind::kTime, "TIME", "only before then"}};
}

v1::TimeRange RangeOf(const Arguments& arguments) {
  v1::TimeRange range;
  const std::optional<absl::Time> start = arguments.Time("start");
  const std::optional<absl::Time> end = arguments.Time("end");
  if (start.has_value()) *range.mutable_start_time() = ToProto(*start);
  if (end.has_value()) *range.mutable_end_time() = ToProto(*end);
  return range;
}

std::string ResourceName(absl::string_view collection, absl::string_view text) {
  return absl::StrContains(text, "/") ? std::string(text) : absl::StrCat(collection, "/", text);
}

void NoteThatThereAreMore(CommandContext& context) {
  context.notes << "there are more: --limit NUMBER shows more of them, --all all\n";
}

}  // namespace herald::cli
