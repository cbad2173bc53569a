#include "clients/cli/suggestion.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"

namespace herald::cli {
namespace {

// How many characters must be put in, taken out or changed to make `b` of `a`.
size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

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
