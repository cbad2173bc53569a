// An event's document, as text and parsed: what rules and templates read.

#ifndef HERALD_ENGINE_PARSED_EVENT_H_
#define HERALD_ENGINE_PARSED_EVENT_H_

#include <optional>
#include <string>

#include "herald/v1/event.pb.h"
#include "src/base/json.h"

namespace herald {

// Confined to one thread at a time.
class ParsedEvent {
 public:
  ParsedEvent() = default;
  // `event` was accepted: its payload is valid data_json and its time is set.
  explicit ParsedEvent(const v1::Event& event);

  const std::string& text() const { return text_; }
  // Parsed when it is first asked for: a webhook without tags sends the text alone.
  const JsonValue& root() const;

 private:
  std::string text_;
  mutable std::optional<JsonDocument> json_;
};

}  // namespace herald

#endif  // HERALD_ENGINE_PARSED_EVENT_H_
