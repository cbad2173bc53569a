// The parser of JSONPath: text -> program, by the grammar of RFC 9535, appendix A, with its checks of types (2.4.3).
//
// Pure function.

#ifndef HERALD_CORE_JSON_PATH_PARSER_H_
#define HERALD_CORE_JSON_PATH_PARSER_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/core/json_path_program.h"

namespace herald::json_path {

// INVALID_ARGUMENT: "position 7: …". `regex_bytes_max` bounds each regular expression.
absl::StatusOr<Program> Parse(absl::string_view text, int regex_bytes_max);

}  // namespace herald::json_path

#endif  // HERALD_CORE_JSON_PATH_PARSER_H_
