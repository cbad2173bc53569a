// Conformance data that lies beside the project and is no part of it. Where it is not, a test says so and is skipped;
// every such test has tables of the project's own beside it.

#ifndef HERALD_TESTS_SUPPORT_SHARED_DATA_H_
#define HERALD_TESTS_SUPPORT_SHARED_DATA_H_

#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/json.h"

namespace herald {

// The JSON document in ../shared/data/`file`; nothing when there is no such file. One that is not JSON ends the test.
inline std::optional<JsonDocument> SharedData(const std::string& file) {
  std::ifstream in(absl::StrCat("../shared/data/", file));
  if (!in) return std::nullopt;
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  return JsonDocument::Parse(text, {.depth_max = 100}).value();
}

// Why a test of that file is skipped.
inline std::string NoSharedData(const std::string& file) {
  return absl::StrCat("../shared/data/", file, " is not there; the project's own tables have run");
}

}  // namespace herald

#endif  // HERALD_TESTS_SUPPORT_SHARED_DATA_H_
