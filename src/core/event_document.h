// The event document: what templates, filters and the default body see of an event.
//
//   {"attributes": …, "data": …, "event_id": …, "event_time": …, "event_type": …, "source": …, "subject": …}
//
// event_id, event_type, event_time (epoch seconds with nine decimals) and data always; the others when given. Pure
// functions.

#ifndef HERALD_CORE_EVENT_DOCUMENT_H_
#define HERALD_CORE_EVENT_DOCUMENT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/struct.pb.h"
#include "herald/v1/event.pb.h"
#include "herald/v1/limits.pb.h"
#include "src/base/json.h"

namespace herald {

struct Payload {
  std::string text;
  JsonDocument json;  // of the text
};

// The payload as JSON. `data`: keys sorted by bytes, whole numbers under 2^53 without fraction, others by their
// shortest form. `data_json`: compact, in its order, numbers in their own characters. Neither: "null". INVALID_ARGUMENT
// with a sentence: not finite, duplicate names, not UTF-8, too deep, too big.
absl::StatusOr<Payload> ParsePayload(const v1::Event& event, const v1::Limits& limits);

// The document's text for an event whose payload is valid data_json and whose time is set. It is one level deeper than
// the payload.
std::string EventDocumentText(const v1::Event& event);

// The same document as a value, without writing and parsing it. `event`, whose time is set, and the document of
// `payload` must outlive it.
class EventDocument {
 public:
  EventDocument(const v1::Event& event, const JsonValue& payload);
  EventDocument(const EventDocument&) = delete;
  EventDocument& operator=(const EventDocument&) = delete;

  const JsonValue& root() const { return root_; }

 private:
  const std::string time_;
  std::vector<JsonMember> attributes_;
  std::vector<JsonMember> members_;
  JsonValue root_;
};

// The SHA-256 (32 bytes) of what the sender sent: type, source, subject, time as sent (not set is another content than
// any time), attributes, and the payload with names sorted, so that key order makes no other content.
std::string ContentHash(const v1::Event& event, const JsonValue& payload);

}  // namespace herald

#endif  // HERALD_CORE_EVENT_DOCUMENT_H_
