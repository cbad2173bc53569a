#include "clients/cli/suggestion.h"

#include "absl/strings/str_cat.h"
#include "src/base/edit_distance.h"

namespace herald::cli {

std::string DidYouMean(absl::string_view word, const std::vector<std::string>& known, absl::string_view before) {
  size_t nearest = word.size() / 3 + 2;  // farther away it is another word, not a mistyped one
  const std::string* found = nullptr;
  for (const std::string& candidate : known) {
    const size_t distance = EditDistance(word, candidate);
    if (distance >= nearest) continue;
    nearest = distance;
    found = &candidate;
  }
  return found == nullptr ? "" : absl::StrCat("; did you mean ", before, *found, "?");
}

}  // namespace herald::cli
