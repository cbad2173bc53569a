#include "src/core/template/json_state.h"

#include <algorithm>

namespace herald::templates {

bool SamePosition(const State& a, const State& b) {
  const bool same_frames = std::equal(a.frames.begin(), a.frames.end(), b.frames.begin(), b.frames.end(),
                                      [](const Frame& x, const Frame& y) { return x.is_array == y.is_array; });
  return same_frames && a.place == b.place && a.in_string == b.in_string && a.is_name == b.is_name;
}

bool SameContainers(const State& a, const State& b) {
  return std::equal(a.frames.begin(), a.frames.end(), b.frames.begin(), b.frames.end(),
                    [](const Frame& x, const Frame& y) { return x.id == y.id; });
}

std::string Describe(const State& state) {
  if (state.in_string) return state.is_name ? "in a member's name" : "in a string";
  switch (state.place) {
    case Place::kValue:
      return "where a value must come";
    case Place::kItems:
      return "between the items of an array";
    case Place::kMembers:
      return "between the members of an object";
    case Place::kColon:
      return "after a member's name";
    case Place::kDone:
      return "after the end of the body";
  }
  return "";
}

}  // namespace herald::templates
