// The event document: what templates, filters and the default body see of an event.
//
//   {"attributes": …, "data": …, "event_id": …, "event_time": …, "event_type": …, "source": …, "subject": …}
//
// event_id, event_type, event_time (epoch seconds with nine decimals) and data always; the others when given. Pure
// functions.

#ifndef HERALD_CORE_EVENT_DOCUMENT_H_
#define HERALD_CORE_EVENT_DOCUMENT_H_

#include <string>

#include "absl/status/statusor.h"
#include "google/protobuf/struct.pb.h"
#include "herald/v1/event.pb.h"
#include "herald/v1/limits.pb.h"
#include "src/base/json.h"

namespace herald {

// The payload as JSON text. `data`: keys sorted by bytes, whole numbers under 2^53 without fraction, others by their
// shortest form. `data_json`: compact, in its order, numbers in their own characters. Neither: "null". INVALID_ARGUMENT
// with a sentence: not finite, duplicate names, not UTF-8, too deep, too big.
absl::StatusOr<std::string> PayloadText(const v1::Event& event, const v1::Limits& limits);

// The document's text for an event whose payload is valid data_json and whose time is set. It is one level deeper than
// the payload.
std::string EventDocumentText(const v1::Event& event);

// The SHA-256 (32 bytes) of what the sender sent: type, source, subject, time as sent (not set is another content than
// any time), attributes, and the payload with names sorted, so that key order makes no other content.
std::string ContentHash(const v1::Event& event, const JsonValue& payload);

}  // namespace herald

#endif  // HERALD_CORE_EVENT_DOCUMENT_H_
