// What the store is told of the event types that people make, and what it holds of them. Part of store.h.

#ifndef HERALD_STORE_EVENT_TYPE_WRITES_H_
#define HERALD_STORE_EVENT_TYPE_WRITES_H_

#include <string>

#include "absl/status/status.h"
#include "herald/v1/event_type.pb.h"
#include "src/core/names.h"

namespace herald {

// What it is the type of: "invoice.paid" of "eventTypes/invoice.paid".
inline std::string TypeOf(const std::string& tenant, const v1::EventType& event_type) {
  return std::string(IdInName(tenant, "eventTypes", event_type.name()).value_or(""));
}

// Adds an event type, with its name. ALREADY_EXISTS: EVENT_TYPE_TAKEN. RESOURCE_EXHAUSTED: LIMIT_REACHED.
struct CreateEventType {
  std::string tenant;
  v1::EventType event_type;
  int event_types_max = 0;  // of the tenant; 0: any number

  absl::Status status = absl::OkStatus();
};

// Puts `event_type` in the place of the one with its name, which must be as `former` says, byte for byte. NOT_FOUND:
// EVENT_TYPE_NOT_FOUND. ABORTED: ETAG_MISMATCH.
struct ReplaceEventType {
  std::string tenant;
  v1::EventType event_type;
  v1::EventType former;

  absl::Status status = absl::OkStatus();
};

// Removes an event type. NOT_FOUND: EVENT_TYPE_NOT_FOUND.
struct DeleteEventType {
  std::string tenant;
  std::string type;

  absl::Status status = absl::OkStatus();
};

struct StoredEventType {
  std::string tenant;
  v1::EventType event_type;
};

}  // namespace herald

#endif  // HERALD_STORE_EVENT_TYPE_WRITES_H_
