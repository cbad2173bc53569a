// The escapes of the dialects that are not JSON.

#ifndef HERALD_CORE_TEMPLATE_ESCAPE_H_
#define HERALD_CORE_TEMPLATE_ESCAPE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace herald::templates {

// RFC 3986: everything but unreserved characters as %XX.
void AppendPercentEncoded(absl::string_view text, std::string* out);

// & < > " ' as entities; characters that XML 1.0 forbids as U+FFFD.
void AppendXmlEscaped(absl::string_view text, std::string* out);

// Whether a path segment of `path_and_query` is "." or "..", percent-encoded or not.
bool HasDotSegment(absl::string_view path_and_query);

}  // namespace herald::templates

#endif  // HERALD_CORE_TEMPLATE_ESCAPE_H_
