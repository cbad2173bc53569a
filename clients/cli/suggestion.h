// "did you mean …?" for a word that a person mistyped.

#ifndef HERALD_CLIENTS_CLI_SUGGESTION_H_
#define HERALD_CLIENTS_CLI_SUGGESTION_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace herald::cli {

// "; did you mean \"list\"?" with `before` in front of the word, or empty when none of `known` is near.
std::string DidYouMean(absl::string_view word, const std::vector<std::string>& known, absl::string_view before = "");

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_SUGGESTION_H_
