// Structured logs: one JSON object a line on standard error, with time, level, message and fields.
//
// Thread-safe. A secret is never given to it: callers log names and ids, not requests.

#ifndef HERALD_BASE_LOG_H_
#define HERALD_BASE_LOG_H_

#include <initializer_list>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace herald::log {

enum class Level { kDebug, kInfo, kWarning, kError, kNothing };

// A field is a name and its value, written as a JSON string.
using Fields = std::initializer_list<std::pair<absl::string_view, absl::AlphaNum>>;

// Nothing below `level` is written; the default is kInfo.
void SetLevel(Level level);

void Debug(absl::string_view message, Fields fields = {});
void Info(absl::string_view message, Fields fields = {});
void Warning(absl::string_view message, Fields fields = {});
void Error(absl::string_view message, Fields fields = {});

}  // namespace herald::log

#endif  // HERALD_BASE_LOG_H_
