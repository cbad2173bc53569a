// Handlebars templates whose values are escaped for the place where they stand (docs/template.md).
//
// text -> Compile -> program -> Render -> text. Compiled once per change of a webhook, rendered for each attempt.
// Thread rule: const calls only.

#ifndef HERALD_CORE_TEMPLATE_TEMPLATE_H_
#define HERALD_CORE_TEMPLATE_TEMPLATE_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "herald/v1/limits.pb.h"
#include "src/base/json.h"

namespace herald {

// What the text is, which decides how values are escaped in it.
enum class TemplateDialect {
  kJson,       // by the position in the JSON grammar
  kForm,       // percent-encoding, application/x-www-form-urlencoded
  kXml,        // entities; HTML too
  kPlainText,  // none
  kUrl,        // path and query of a URL: percent-encoding; a path segment that becomes "." or ".." is refused
  kHeader,     // a header's value: CR, LF and NUL are refused
};

// The dialect of a body's content type ("application/json; charset=utf-8", "application/vnd.api+json", "text/xml", …);
// nothing for a type that templates do not know or a charset other than utf-8.
std::optional<TemplateDialect> DialectOfContentType(absl::string_view content_type);

class Template {
 public:
  // INVALID_ARGUMENT: "line 3, column 12: …", columns in bytes from 1, with the remedy.
  static absl::StatusOr<Template> Compile(absl::string_view text, TemplateDialect dialect, const v1::Limits& limits);

  // For the test that proves the property test's teeth: by stock Handlebars' rule for backslashes before tags when
  // `handlebars_backslashes`, which lets a value end its string.
  static absl::StatusOr<Template> CompileWith(absl::string_view text, TemplateDialect dialect, const v1::Limits& limits,
                                              bool handlebars_backslashes);

  Template(Template&&) noexcept;
  Template& operator=(Template&&) noexcept;
  ~Template();

  // {{@secret.name}}
  using Secrets = std::map<std::string, std::string, std::less<>>;

  // The text for `event`, an event document. FAILED_PRECONDITION: "line 3, column 12: …", when it cannot be made or
  // passes a limit; then there is no text. The sentence never holds a secret.
  absl::StatusOr<std::string> Render(const JsonValue& event, const Secrets& secrets) const;

  // The secrets that it names, each once.
  const std::vector<std::string>& secret_names() const;

  // A name that it reads at the top of the document, and where it does so first.
  struct TopName {
    std::string name;
    int line = 0;
    int column = 0;
  };
  // Each once, in alphabetical order.
  const std::vector<TopName>& top_names() const;

  struct Position {
    int line = 0;
    int column = 0;
    std::string tag;       // as written
    std::string position;  // "JSON string in a JSON string"
  };
  // Every tag, in order.
  const std::vector<Position>& positions() const;
  // Whether it has no tag at all.
  bool is_fixed_text() const;

 private:
  struct Program;
  explicit Template(std::unique_ptr<const Program> program);
  // Where in the source stands what writes the output's byte at `output_offset`.
  size_t SourceOf(size_t output_offset, const JsonValue& event, const Secrets& secrets) const;

  std::unique_ptr<const Program> program_;
};

}  // namespace herald

#endif  // HERALD_CORE_TEMPLATE_TEMPLATE_H_
