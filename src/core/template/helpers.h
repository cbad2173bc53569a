// The helpers of the template language: functions from JSON values to a JSON value.
//
// Thread rule: functions of their arguments.

#ifndef HERALD_CORE_TEMPLATE_HELPERS_H_
#define HERALD_CORE_TEMPLATE_HELPERS_H_

#include <deque>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/base/json.h"
#include "src/core/work_budget.h"

namespace herald::templates {

// Keeps the texts that helpers make until the rendering ends, and charges what they do to its work, see work.h.
class TextPool {
 public:
  TextPool(size_t bytes_max, WorkBudget& work) : bytes_left_(bytes_max), work_(work) {}

  // RESOURCE_EXHAUSTED past `bytes_max`.
  absl::StatusOr<absl::string_view> Keep(std::string text);
  // Whether a text of so many bytes could still be kept: asked before what grows is made.
  bool HasRoom(size_t bytes) const { return bytes <= bytes_left_; }

  // A value as text, see below; charged.
  std::string TextOf(const JsonValue& value);
  // False: the rendering has no such work left, and is about to fail.
  bool Spend(size_t units) { return work_.Spend(units); }

 private:
  size_t bytes_left_;
  WorkBudget& work_;
  std::deque<std::string> texts_;
};

struct Helper {
  const char* name;
  // The names of its arguments in order, for key=value; "…" as the last one: any number.
  std::vector<const char*> parameters;
  int arguments_min;
  // INVALID_ARGUMENT: an argument that it cannot use, with a sentence that holds no value of the event's. When the
  // work is used up the result means nothing.
  absl::StatusOr<JsonValue> (*call)(absl::Span<const JsonValue> arguments, TextPool& pool);
  // Its arguments are wanted as they are; else `json x` as an argument is x's text.
  bool is_json = false;
};

// nullptr: there is none of that name.
const Helper* FindHelper(absl::string_view name);
// What to say of `name` when it stands where a helper does and is none; or where "[0]" follows it.
std::string NoSuchHelper(absl::string_view name);
std::string NoPointBeforeIndex(absl::string_view name);

// false, null, 0, "" and [] are false; everything else, {} too, is true.
bool IsTrue(const JsonValue& value);

// A value as text: null is empty, arrays and objects are compact JSON.
std::string TextOf(const JsonValue& value);
void AppendTextOf(const JsonValue& value, std::string* out);

// The member or item of that name or index, or null.
JsonValue Member(const JsonValue& value, absl::string_view name);

}  // namespace herald::templates

#endif  // HERALD_CORE_TEMPLATE_HELPERS_H_
