// Which headers a webhook may set. Pure functions.

#ifndef HERALD_CORE_HEADER_NAME_H_
#define HERALD_CORE_HEADER_NAME_H_

#include "absl/strings/string_view.h"
#include "src/core/errors.h"

namespace herald {

// Adds a violation when `name` is no header's name, or that of one that a webhook may not set.
void CheckHeaderName(absl::string_view name, absl::string_view field, FieldViolations& violations);

}  // namespace herald

#endif  // HERALD_CORE_HEADER_NAME_H_
