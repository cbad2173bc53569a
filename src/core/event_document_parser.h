// Event documents as people write them, such as the sample of an event type: the inverse of EventDocumentText.
//
// Pure functions.

#ifndef HERALD_CORE_EVENT_DOCUMENT_PARSER_H_
#define HERALD_CORE_EVENT_DOCUMENT_PARSER_H_

#include "absl/strings/string_view.h"
#include "herald/v1/event.pb.h"
#include "herald/v1/limits.pb.h"
#include "src/core/errors.h"

namespace herald {

// The event whose document `text` is, with data_json. Adds to `violations`, at `field`, all that is wrong: not a JSON
// object, a member that is missing, of another type or none of an event document's, and what DispatchEvent would not
// take of such an event. Then what it gives is incomplete.
v1::Event ParseEventDocument(absl::string_view text, const v1::Limits& limits, absl::string_view field,
                             FieldViolations& violations);

}  // namespace herald

#endif  // HERALD_CORE_EVENT_DOCUMENT_PARSER_H_
