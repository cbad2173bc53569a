// Where in the JSON grammar the analysis of a template stands.

#ifndef HERALD_CORE_TEMPLATE_JSON_STATE_H_
#define HERALD_CORE_TEMPLATE_JSON_STATE_H_

#include <string>
#include <vector>

namespace herald::templates {

// Between which things the next character of the text stands.
enum class Place {
  kValue,    // a value must come: the whole body, or what follows a colon
  kItems,    // in an array, between items
  kMembers,  // in an object, between members
  kColon,    // after a name
  kDone,     // after the whole body
};

// What is known of the neighbour on the left in the innermost container.
enum class Left {
  kNothing,      // the container has just been opened
  kItem,         // an item or member
  kComma,        // a comma after one
  kBorder,       // a block begins or ends: commas are free
  kBorderComma,  // the same, and a comma was read
};

struct Frame {
  bool is_array = false;
  Left left = Left::kNothing;
  int id = 0;
  int block_depth = 0;  // of the block that it was opened in
};

struct State {
  std::vector<Frame> frames;
  Place place = Place::kValue;
  bool in_string = false;
  bool is_name = false;      // the string is a member's name
  bool name_varies = false;  // the name holds a tag or a block
  std::string name;          // the name so far, when it does not vary
};

// Whether both stand at the same place inside the same open strings, arrays and objects.
bool SamePosition(const State& a, const State& b);

// Whether the very same arrays and objects are open in both, not only such of the same kinds.
bool SameContainers(const State& a, const State& b);

// "between the items of an array"
std::string Describe(const State& state);

}  // namespace herald::templates

#endif  // HERALD_CORE_TEMPLATE_JSON_STATE_H_
