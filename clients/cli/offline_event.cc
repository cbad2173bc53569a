#include "clients/cli/offline_event.h"

#include <utility>

#include "clients/cli/event_input.h"
#include "src/base/clock.h"
#include "src/base/protobuf_time.h"
#include "src/base/status_macros.h"
#include "src/core/event_document.h"
#include "src/core/limits.h"
#include "src/core/validate.h"

namespace herald::cli {

absl::StatusOr<OfflineEvent> ReadOfflineEvent(absl::string_view file, InputFiles& files) {
  HERALD_ASSIGN_OR_RETURN(v1::Event event, ReadEvent(file, files));
  const v1::Limits limits = DefaultLimits();
  FieldViolations violations;
  event.set_data_json(ValidateEvent(event, limits, "event", violations).text);
  HERALD_RETURN_IF_ERROR(violations.ToStatus());
  if (event.id().empty()) event.set_id("evt_example");
  if (!event.has_time()) *event.mutable_time() = ToProto(SystemClock().Now());
  OfflineEvent out{EventDocumentText(event), {}};
  HERALD_ASSIGN_OR_RETURN(out.document, JsonDocument::Parse(out.text, {.depth_max = limits.json_depth_max() + 1}));
  return out;
}

}  // namespace herald::cli
