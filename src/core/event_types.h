// The event types that came with Herald: the access requests' six and Herald's own, with schema and sample
// (event_types/*.json). Thread-safe.

#ifndef HERALD_CORE_EVENT_TYPES_H_
#define HERALD_CORE_EVENT_TYPES_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "herald/v1/event.pb.h"
#include "herald/v1/event_type.pb.h"

namespace herald {

// What stands for every type.
inline constexpr char kDefaultEventType[] = "RequestCreated";

// By name. Lives for ever.
const std::vector<v1::EventType>& BuiltInEventTypes();
// Nothing: nullptr.
const v1::EventType* FindBuiltInEventType(absl::string_view type);

// The sample event of a built-in type: id, type, time and data_json. Of another type: an event with the data {}.
v1::Event SampleEvent(absl::string_view type);

}  // namespace herald

#endif  // HERALD_CORE_EVENT_TYPES_H_
