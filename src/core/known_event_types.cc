#include "src/core/known_event_types.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "src/base/edit_distance.h"
#include "src/core/event_document_parser.h"
#include "src/core/event_types.h"
#include "src/core/names.h"
#include "src/core/trigger.h"

namespace herald {
namespace {

constexpr size_t kDistanceMax = 3;

// "request.created", "request_created" and "RequestCreated" are the same.
std::string Folded(absl::string_view type) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(type), {{".", ""}, {"_", ""}, {"-", ""}});
}

// Which letters and digits a folded word has, one bit each.
uint64_t LettersOf(absl::string_view folded) {
  uint64_t letters = 0;
  for (const char c : folded) letters |= uint64_t{1} << (static_cast<unsigned char>(c) % 64);
  return letters;
}

// How far a word may be from a known one of this length and still mean it.
size_t DistanceMax(size_t length) { return std::min(kDistanceMax, length / 3); }

absl::string_view TypeOf(const v1::EventType& type) { return absl::StripPrefix(type.name(), "eventTypes/"); }

bool ByName(const EventTypePtr& a, const EventTypePtr& b) { return a->name() < b->name(); }

bool IsBefore(const EventTypePtr& type, const std::string& name) { return type->name() < name; }

}  // namespace

KnownEventTypes::KnownEventTypes(const std::vector<EventTypePtr>& own) {
  // Those that came with Herald live for ever, so nobody owns them.
  for (const v1::EventType& type : BuiltInEventTypes()) all_.push_back(EventTypePtr(EventTypePtr(), &type));
  for (const EventTypePtr& type : own) {
    if (FindBuiltInEventType(TypeOf(*type)) == nullptr) all_.push_back(type);
  }
  std::sort(all_.begin(), all_.end(), ByName);
  for (const EventTypePtr& type : all_) {
    const absl::string_view id = TypeOf(*type);
    if (!IsOwnEventType(id)) suggestions_.push_back({std::string(id), Folded(id), LettersOf(Folded(id))});
  }
}

const v1::EventType* KnownEventTypes::Find(absl::string_view type) const {
  const std::string name = EventTypeName(type);
  const auto found = std::lower_bound(all_.begin(), all_.end(), name, IsBefore);
  return found != all_.end() && (*found)->name() == name ? found->get() : nullptr;
}

const v1::EventType* KnownEventTypes::FirstWithSample(absl::string_view trigger) const {
  const std::string first = EventTypeName(absl::StripSuffix(trigger, "*"));
  for (auto it = std::lower_bound(all_.begin(), all_.end(), first, IsBefore); it != all_.end(); ++it) {
    if (!TriggerMatches(trigger, TypeOf(**it))) break;
    if (!(*it)->sample_json().empty()) return it->get();
  }
  return nullptr;
}

v1::Event KnownEventTypes::SampleFor(const v1::Webhook& webhook, const v1::Limits& limits) const {
  for (const std::string& trigger : webhook.triggers()) {
    if (trigger == "*") break;
    const v1::EventType* const type = FirstWithSample(trigger);
    if (type == nullptr) continue;
    FieldViolations violations;
    v1::Event sample = ParseEventDocument(type->sample_json(), limits, "sample_json", violations);
    if (violations.empty()) return sample;  // else the server's limits are lower than when it was saved
  }
  return SampleEvent(kDefaultEventType);
}

std::string KnownEventTypes::Nearest(absl::string_view type) const {
  if (Find(type) != nullptr) return "";
  const std::string folded = Folded(type);
  const uint64_t letters = LettersOf(folded);
  std::string nearest;
  size_t nearest_distance = std::numeric_limits<size_t>::max();
  for (const Suggestion& known : suggestions_) {
    const size_t distance_max = DistanceMax(known.folded.size());
    // A list asks this of thousands of triggers and a thousand types: most are told apart without comparing them.
    if (folded.size() > known.folded.size() + distance_max || known.folded.size() > folded.size() + distance_max) {
      continue;
    }
    // What makes one word of the other changes two letters at most with each step.
    if (static_cast<size_t>(std::popcount(letters ^ known.letters)) > 2 * distance_max) continue;
    const size_t distance = EditDistance(folded, known.folded);
    if (distance > distance_max || distance >= nearest_distance) continue;
    nearest = known.type;
    nearest_distance = distance;
  }
  return nearest;
}

}  // namespace herald
