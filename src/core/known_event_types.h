// The event types that a tenant knows: those that came with Herald and its own. Immutable: const calls only, by any
// number of threads.

#ifndef HERALD_CORE_KNOWN_EVENT_TYPES_H_
#define HERALD_CORE_KNOWN_EVENT_TYPES_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "herald/v1/event.pb.h"
#include "herald/v1/event_type.pb.h"
#include "herald/v1/limits.pb.h"
#include "herald/v1/webhook.pb.h"

namespace herald {

using EventTypePtr = std::shared_ptr<const v1::EventType>;

class KnownEventTypes {
 public:
  // Of `own`, those with the name of one that came with Herald are left out.
  explicit KnownEventTypes(const std::vector<EventTypePtr>& own);

  // By name.
  const std::vector<EventTypePtr>& all() const { return all_; }
  // Nothing: nullptr.
  const v1::EventType* Find(absl::string_view type) const;

  // The sample for a test of `webhook`, with data_json: that of its first trigger that has one, and of a prefix that of
  // its first type by name that has one. RequestCreated for "*", and when none has.
  v1::Event SampleFor(const v1::Webhook& webhook, const v1::Limits& limits) const;

  // For a type that is not known, the known one that it probably means ("RequestCreate": "RequestCreated"), else empty.
  std::string Nearest(absl::string_view type) const;

 private:
  // What "did you mean" may name, and as it is compared.
  struct Suggestion {
    std::string type;
    std::string folded;
    uint64_t letters = 0;  // those of `folded`
  };

  // Nothing: nullptr.
  const v1::EventType* FirstWithSample(absl::string_view trigger) const;

  std::vector<EventTypePtr> all_;
  std::vector<Suggestion> suggestions_;
};

}  // namespace herald

#endif  // HERALD_CORE_KNOWN_EVENT_TYPES_H_
