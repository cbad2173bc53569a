// The last step: runs a compiled template's operations for one event.

#ifndef HERALD_CORE_TEMPLATE_RENDERER_H_
#define HERALD_CORE_TEMPLATE_RENDERER_H_

#include <optional>
#include <string>

#include "herald/v1/limits.pb.h"
#include "src/base/json.h"
#include "src/core/template/program.h"
#include "src/core/template/template.h"

namespace herald::templates {

struct RenderLimits {
  size_t output_bytes_max = 0;
  size_t helper_bytes_max = 0;
  int iterations_max = 0;
  bool quotes_names = true;  // in sentences; not where a secret may stand in a name
};

// Appends to `out`. On failure returns what is wrong and where; `out` is then of no use.
std::optional<SyntaxError> RenderOperations(const Operations& operations, const JsonValue& event,
                                            const Template::Secrets& secrets, const RenderLimits& limits,
                                            std::string* out);

// Nothing when `text` is one JSON value without duplicate names; else what is wrong with it, quoting a name or not, and
// the offset in `text`.
std::optional<SyntaxError> WhyNotJson(absl::string_view text, bool quotes_names);

}  // namespace herald::templates

#endif  // HERALD_CORE_TEMPLATE_RENDERER_H_
