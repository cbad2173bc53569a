#include "src/engine/parsed_event.h"

#include <limits>

#include "src/core/event_document.h"

namespace herald {

ParsedEvent::ParsedEvent(const v1::Event& event) : text_(EventDocumentText(event)) {}

const JsonValue& ParsedEvent::root() const {
  if (!json_.has_value()) {
    // What was accepted was within the limits then in force.
    json_ = JsonDocument::Parse(text_, {.depth_max = std::numeric_limits<int>::max()}).value();
  }
  return json_->root();
}

}  // namespace herald
