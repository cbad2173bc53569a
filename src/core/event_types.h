// The event types that Herald knows from the start: the access requests' six, with schema and sample
// (event_types/*.json). Thread-safe.

#ifndef HERALD_CORE_EVENT_TYPES_H_
#define HERALD_CORE_EVENT_TYPES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "herald/v1/event.pb.h"
#include "herald/v1/event_type.pb.h"
#include "herald/v1/webhook.pb.h"

namespace herald {

// By name. Lives for ever.
const std::vector<v1::EventType>& BuiltInEventTypes();
// Nothing: nullptr.
const v1::EventType* FindEventType(absl::string_view type);

// The sample event of a built-in type: id, type, time and data_json. Of another type: an event with the data {}.
v1::Event SampleEvent(absl::string_view type);
// The sample for a test of `webhook`: that of its first trigger that has one; RequestCreated for "*", and when none
// has.
v1::Event SampleEventFor(const v1::Webhook& webhook);

// For a trigger that is an exact type and not known, the known type that it probably means ("RequestCreate":
// "RequestCreated"), else empty.
std::string NearestEventType(absl::string_view type);

}  // namespace herald

#endif  // HERALD_CORE_EVENT_TYPES_H_
