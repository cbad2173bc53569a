// Body templates on any text. Input: a template, an empty line, a text. Whatever compiles as JSON gives output that
// parses for every event, and of the same shape for events that differ only in texts, unless it has raw tags; in every
// dialect it renders or fails with a sentence that names the place.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "src/base/json.h"
#include "src/base/utf8.h"
#include "src/core/limits.h"
#include "src/core/template/template.h"

namespace herald {
namespace {

constexpr JsonParseOptions kDeep = {.depth_max = 100'000, .refuse_duplicate_names = true};
constexpr char kPlain[] = "plain";

void Require(bool holds, absl::string_view what, absl::string_view text) {
  if (holds) return;
  std::cerr << what << ": " << text << "\n";
  std::abort();
}

v1::Limits FuzzLimits() {
  v1::Limits limits = DefaultLimits();
  limits.set_template_iterations_max(200);
  limits.set_template_helper_bytes_max(1 << 16);
  limits.set_rendered_body_bytes_max(1 << 16);
  return limits;
}

// T stands where the text goes.
JsonDocument Event(absl::string_view text) {
  std::string string;
  AppendJsonString(text, &string);
  constexpr absl::string_view kEvent =
      R"({"event_type":"RequestCreated","data":{"a":T,"n":12.50,"yes":true,"nothing":null,"list":[T,"x",3],"none":[],
      "groups":[{"name":T,"units":[T]},{"name":"y","units":[]}],"map":{"x":T,"y":2}}})";
  return JsonDocument::Parse(absl::StrReplaceAll(kEvent, {{"T", string}, {"\"RequestCreated\"", "\"R\""}})).value();
}

bool SameShape(const JsonValue& a, const JsonValue& b) {
  if (a.kind() != b.kind() || a.items().size() != b.items().size() || a.members().size() != b.members().size()) {
    return false;
  }
  for (size_t i = 0; i < a.items().size(); ++i) {
    if (!SameShape(a.items()[i], b.items()[i])) return false;
  }
  for (size_t i = 0; i < a.members().size(); ++i) {
    if (!SameShape(a.members()[i].value, b.members()[i].value)) return false;
  }
  return true;
}

// People find the place by it.
void CheckSentence(absl::string_view sentence) {
  Require(IsValidUtf8(sentence), "a sentence is not UTF-8", sentence);
  Require(absl::StartsWith(sentence, "line ") && absl::StrContains(sentence, ", column "), "a sentence names no place",
          sentence);
}

// The output, or nothing when it cannot be made.
std::optional<JsonDocument> Body(const Template& compiled, absl::string_view text) {
  const JsonDocument event = Event(text);
  const auto output = compiled.Render(event.root(), {{"token", std::string(text)}});
  if (!output.ok()) {
    CheckSentence(output.status().message());
    return std::nullopt;
  }
  auto document = JsonDocument::Parse(*output, kDeep);
  Require(document.ok(), "the body is not JSON", *output);
  return std::move(*document);
}

// Conditions may look at texts: what they decide may change the shape.
bool LooksAtTexts(absl::string_view text) {
  for (const char* const sign : {"{{{", "{{&", "{{~&", "{{~{", "#", "else", "default", "(", "truncate"}) {
    if (absl::StrContains(text, sign)) return true;
  }
  for (const char* const helper :
       {"and", "or", "json", "lookup", "length", "eq", "ne", "lt", "le", "gt", "ge", "not"}) {
    if (absl::StrContains(text, helper)) return true;
  }
  return false;
}

void CheckJson(absl::string_view text, absl::string_view value) {
  const auto compiled = Template::Compile(text, TemplateDialect::kJson, FuzzLimits());
  if (!compiled.ok()) return CheckSentence(compiled.status().message());
  const auto plain = Body(*compiled, kPlain);
  const auto hostile = Body(*compiled, value);
  if (!plain.has_value() || !hostile.has_value() || LooksAtTexts(text)) return;
  Require(SameShape(plain->root(), hostile->root()), "a text changes the shape", text);
}

void CheckOther(absl::string_view text, absl::string_view value, TemplateDialect dialect) {
  const auto compiled = Template::Compile(text, dialect, FuzzLimits());
  if (!compiled.ok()) return CheckSentence(compiled.status().message());
  const JsonDocument event = Event(value);
  const auto output = compiled->Render(event.root(), {});
  if (!output.ok()) return CheckSentence(output.status().message());
  if (dialect != TemplateDialect::kHeader) return;
  const std::string fixed = compiled->is_fixed_text() ? "" : *output;
  Require(absl::StrContains(text, '\n') || !absl::StrContains(fixed, '\n'), "a value breaks a header's line", *output);
}

void Run(absl::string_view text, absl::string_view value) {
  if (!IsValidUtf8(value)) return;
  CheckJson(text, value);
  for (const TemplateDialect dialect : {TemplateDialect::kForm, TemplateDialect::kXml, TemplateDialect::kPlainText,
                                        TemplateDialect::kUrl, TemplateDialect::kHeader}) {
    CheckOther(text, value, dialect);
  }
}

}  // namespace
}  // namespace herald

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t border = input.find("\n\n");
  if (border == absl::string_view::npos) return 0;
  herald::Run(input.substr(0, border), input.substr(border + 2));
  return 0;
}
