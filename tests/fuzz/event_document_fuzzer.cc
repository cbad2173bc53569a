// Event documents, such as the samples of event types, from any text. What is taken is an event that DispatchEvent
// would take, but for types of Herald's own, and the document of that event is taken as the same event.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

#include "absl/strings/string_view.h"
#include "src/core/event_document.h"
#include "src/core/event_document_parser.h"
#include "src/core/limits.h"
#include "src/core/trigger.h"
#include "src/core/validate.h"

namespace herald {
namespace {

void Require(bool holds, absl::string_view what) {
  if (holds) return;
  std::cerr << what << "\n";
  std::abort();
}

void Run(absl::string_view text) {
  const v1::Limits limits = DefaultLimits();
  FieldViolations violations;
  const v1::Event event = ParseEventDocument(text, limits, "f", violations);
  if (!violations.empty()) return;
  v1::Event dispatched = event;
  if (IsOwnEventType(event.type())) dispatched.set_type("other");
  Require(ValidateEvent(dispatched, limits, "event", violations).text == event.data_json(),
          "the payload is another one");
  Require(violations.empty(), "DispatchEvent would not take what was taken");
  const v1::Event again = ParseEventDocument(EventDocumentText(event), limits, "f", violations);
  Require(violations.empty(), "the document of what was taken is not taken");
  Require(EventDocumentText(again) == EventDocumentText(event), "the document of what was taken is another event");
}

}  // namespace
}  // namespace herald

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  herald::Run(absl::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
