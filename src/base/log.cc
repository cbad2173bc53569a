#include "src/base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>

#include "src/base/json.h"
#include "src/base/utf8.h"

namespace herald::log {
namespace {

spdlog::logger& Logger() {
  // Never destroyed: a thread that ends late may still log.
  static spdlog::logger* const logger = [] {
    auto* made = new spdlog::logger("herald", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ","level":"%l",%v})", spdlog::pattern_time_type::utc);
    made->flush_on(spdlog::level::info);
    return made;
  }();
  return *logger;
}

// A JSON string of `text`, in which U+FFFD stands for each byte that is no UTF-8.
void AppendText(absl::string_view text, std::string* line) {
  if (IsValidUtf8(text)) return AppendJsonString(text, line);
  std::string valid;
  while (!text.empty()) {
    const size_t bytes = CodePointBytes(text);
    if (bytes > 0) {
      valid.append(text.data(), bytes);
    } else {
      AppendCodePoint(0xFFFD, &valid);
    }
    text.remove_prefix(bytes > 0 ? bytes : 1);
  }
  AppendJsonString(valid, line);
}

void Write(spdlog::level::level_enum level, absl::string_view message, const Fields& fields) {
  spdlog::logger& logger = Logger();
  if (!logger.should_log(level)) return;
  std::string line = "\"message\":";
  AppendText(message, &line);
  for (const auto& [name, value] : fields) {
    line.push_back(',');
    AppendJsonString(name, &line);
    line.push_back(':');
    AppendText(value.Piece(), &line);
  }
  logger.log(level, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace

void SetLevel(Level level) {
  switch (level) {
    case Level::kDebug:
      Logger().set_level(spdlog::level::debug);
      break;
    case Level::kInfo:
      Logger().set_level(spdlog::level::info);
      break;
    case Level::kWarning:
      Logger().set_level(spdlog::level::warn);
      break;
    case Level::kError:
      Logger().set_level(spdlog::level::err);
      break;
    case Level::kNothing:
      Logger().set_level(spdlog::level::off);
      break;
  }
}

void Debug(absl::string_view message, Fields fields) { Write(spdlog::level::debug, message, fields); }
void Info(absl::string_view message, Fields fields) { Write(spdlog::level::info, message, fields); }
void Warning(absl::string_view message, Fields fields) { Write(spdlog::level::warn, message, fields); }
void Error(absl::string_view message, Fields fields) { Write(spdlog::level::err, message, fields); }

}  // namespace herald::log
