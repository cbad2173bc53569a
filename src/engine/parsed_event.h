// An event's document, as text and parsed: what rules and templates read.

#ifndef HERALD_ENGINE_PARSED_EVENT_H_
#define HERALD_ENGINE_PARSED_EVENT_H_

#include <string>

#include "herald/v1/event.pb.h"
#include "src/base/json.h"

namespace herald {

struct ParsedEvent {
  std::string text;
  JsonDocument json;
};

// `event` was accepted: its payload is valid data_json and its time is set.
ParsedEvent ParseEvent(const v1::Event& event);

}  // namespace herald

#endif  // HERALD_ENGINE_PARSED_EVENT_H_
