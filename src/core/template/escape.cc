#include "src/core/template/escape.h"

#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "src/base/ascii.h"

namespace herald::templates {

void AppendPercentEncoded(absl::string_view text, std::string* out) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  for (const char c : text) {
    if (IsAlphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out->push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      const char escape[] = {'%', kHex[byte >> 4], kHex[byte & 15]};
      out->append(escape, sizeof(escape));
    }
  }
}

void AppendXmlEscaped(absl::string_view text, std::string* out) {
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    const absl::string_view character = text.substr(i, 3);
    if (character == "\xEF\xBF\xBE" || character == "\xEF\xBF\xBF") {  // U+FFFE, U+FFFF
      out->append("\xEF\xBF\xBD");
      i += 2;
      continue;
    }
    switch (c) {
      case '&':
        out->append("&amp;");
        break;
      case '<':
        out->append("&lt;");
        break;
      case '>':
        out->append("&gt;");
        break;
      case '"':
        out->append("&quot;");
        break;
      case '\'':
        out->append("&#39;");
        break;
      default:
        if (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') {
          out->append("\xEF\xBF\xBD");
        } else {
          out->push_back(c);
        }
    }
  }
}

bool HasDotSegment(absl::string_view path_and_query) {
  const absl::string_view path = path_and_query.substr(0, path_and_query.find_first_of("?#"));
  for (const absl::string_view segment : absl::StrSplit(path, '/')) {
    const std::string plain = absl::StrReplaceAll(segment, {{"%2e", "."}, {"%2E", "."}});
    if (plain == "." || plain == "..") return true;
  }
  return false;
}

}  // namespace herald::templates
