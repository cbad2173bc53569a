#include "src/engine/parsed_event.h"

#include <limits>

#include "src/core/event_document.h"

namespace herald {

ParsedEvent ParseEvent(const v1::Event& event) {
  ParsedEvent parsed;
  parsed.text = EventDocumentText(event);
  // What was accepted was within the limits then in force.
  parsed.json = JsonDocument::Parse(parsed.text, {.depth_max = std::numeric_limits<int>::max()}).value();
  return parsed;
}

}  // namespace herald
