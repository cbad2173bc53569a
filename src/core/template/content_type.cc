#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "src/base/ascii.h"
#include "src/core/template/template.h"

namespace herald {
namespace {

bool IsToken(absl::string_view text) {
  for (const char c : text) {
    if (!IsAlphanumeric(c) && !absl::StrContains("!#$&^_.+-", c)) return false;
  }
  return !text.empty();
}

// The only parameter that is taken is a charset, and only UTF-8.
bool IsUtf8Charset(absl::string_view parameter) {
  const std::pair<absl::string_view, absl::string_view> pair = absl::StrSplit(parameter, absl::MaxSplits('=', 1));
  absl::string_view value = absl::StripAsciiWhitespace(pair.second);
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
  return absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(pair.first), "charset") &&
         absl::EqualsIgnoreCase(value, "utf-8");
}

}  // namespace

std::optional<TemplateDialect> DialectOfContentType(absl::string_view content_type) {
  const std::vector<absl::string_view> parts = absl::StrSplit(content_type, ';');
  for (size_t i = 1; i < parts.size(); ++i) {
    if (!IsUtf8Charset(parts[i])) return std::nullopt;
  }
  const std::string type = absl::AsciiStrToLower(absl::StripAsciiWhitespace(parts[0]));
  const std::vector<absl::string_view> halves = absl::StrSplit(type, '/');
  if (halves.size() != 2 || !IsToken(halves[0]) || !IsToken(halves[1])) return std::nullopt;
  if (type == "application/json" || absl::EndsWith(type, "+json")) return TemplateDialect::kJson;
  if (type == "application/x-www-form-urlencoded") return TemplateDialect::kForm;
  if (halves[1] == "xml" || absl::EndsWith(type, "+xml") || type == "text/html") return TemplateDialect::kXml;
  if (type == "text/plain" || type == "text/markdown") return TemplateDialect::kPlainText;
  return std::nullopt;
}

}  // namespace herald
