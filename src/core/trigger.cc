#include "src/core/trigger.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "src/base/ascii.h"
#include "src/base/status_macros.h"
#include "src/base/utf8.h"

namespace herald {
namespace {

constexpr size_t kTriggerBytesMax = 128;
constexpr absl::string_view kOwnPrefix = "herald.";

bool IsFirst(char c) { return IsAlphanumeric(c); }
bool IsAllowed(char c) { return IsFirst(c) || c == '.' || c == '_' || c == '-'; }

// The character at the front of `text` for a sentence: itself in quotes, or its code when it cannot be seen.
std::string Shown(absl::string_view text) {
  const auto byte = static_cast<unsigned char>(text.front());
  const size_t bytes = CodePointBytes(text);
  if (bytes == 0) return absl::StrFormat("byte 0x%02X", byte);
  if (byte <= ' ' || byte == 0x7F) return absl::StrFormat("U+%04X", byte);
  return absl::StrCat("\"", text.substr(0, bytes), "\"");
}

// Checks the characters of an event type, or of a trigger without its star. `noun` is "a trigger" or "an event type".
absl::Status CheckCharacters(absl::string_view text, absl::string_view noun) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (IsAllowed(text[i])) continue;
    return absl::InvalidArgumentError(absl::StrCat(Shown(text.substr(i)), " at position ", i + 1, " is not allowed in ",
                                                   noun, "; use letters, digits, \".\", \"_\" and \"-\""));
  }
  if (!IsFirst(text.front())) {
    return absl::InvalidArgumentError(absl::StrCat(noun, " starts with a letter or a digit, not with ", Shown(text)));
  }
  return absl::OkStatus();
}

absl::Status CheckSize(absl::string_view text, absl::string_view noun) {
  if (text.size() <= kTriggerBytesMax) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(noun, " has at most ", kTriggerBytesMax, " bytes; this one has ", text.size()));
}

absl::Status MisplacedStar(absl::string_view trigger) {
  const absl::string_view before = trigger.substr(0, trigger.find('*'));
  const absl::string_view hint = absl::StripSuffix(before, ".");
  return absl::InvalidArgumentError(absl::StrCat("\"*\" stands alone or at the end, after a dot",
                                                 hint.empty() ? "" : "; did you mean ", Shortened(hint, 64),
                                                 hint.empty() ? "" : ".*?"));
}

}  // namespace

absl::Status ValidateTrigger(absl::string_view trigger) {
  if (trigger.empty()) {
    return absl::InvalidArgumentError(
        "a trigger is an event type such as RequestCreated, a prefix such as invoice.*, or * for every type");
  }
  if (trigger == "*") return absl::OkStatus();
  const absl::string_view type = absl::StripSuffix(trigger, "*");
  HERALD_RETURN_IF_ERROR(CheckSize(trigger, "a trigger"));
  if (absl::StrContains(type, "*") || (type.size() < trigger.size() && !absl::EndsWith(type, "."))) {
    return MisplacedStar(trigger);
  }
  return CheckCharacters(type, "a trigger");
}

bool TriggerMatches(absl::string_view trigger, absl::string_view event_type) {
  if (trigger == "*") return !IsOwnEventType(event_type);
  if (absl::ConsumeSuffix(&trigger, "*")) return absl::StartsWith(event_type, trigger);
  return event_type == trigger;
}

absl::Status ValidateEventType(absl::string_view type) {
  if (type.empty()) return absl::InvalidArgumentError("required: an event type such as RequestCreated");
  HERALD_RETURN_IF_ERROR(CheckSize(type, "an event type"));
  return CheckCharacters(type, "an event type");
}

bool IsOwnEventType(absl::string_view type) { return absl::StartsWith(type, kOwnPrefix); }

}  // namespace herald
