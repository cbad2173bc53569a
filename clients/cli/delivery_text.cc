#include "clients/cli/delivery_text.h"

#include "absl/strings/str_cat.h"
#include "clients/cli/invocation_text.h"
#include "clients/cli/values_text.h"

namespace herald::cli {

std::vector<std::string> DeliveryHeader() {
  return {"STATE", "NAME", "EVENT TYPE", "WEBHOOK", "ATTEMPTS", "CREATED", "NEXT ATTEMPT", "LAST RESULT"};
}

std::vector<Cell> DeliveryRow(const v1::Delivery& delivery) {
  return {StateCell(delivery.state()),
          delivery.name(),
          delivery.event_type(),
          delivery.webhook(),
          absl::StrCat(delivery.attempt_count()),
          TimeText(delivery.create_time()),
          TimeText(delivery.next_attempt_time()),
          delivery.last_result().message()};
}

void PrintDelivery(const v1::Delivery& delivery, Output& output) {
  const Cell state = StateCell(delivery.state());
  Details details;
  details.Add("name", delivery.name());
  details.Add("state", state.text, state.style);
  details.Add("event", absl::StrCat(delivery.event(), " (", delivery.event_type(), ")"));
  details.Add("webhook", delivery.webhook());
  details.Add("attempts", absl::StrCat(delivery.attempt_count()));
  details.Add("created", TimeText(delivery.create_time()));
  details.Add("updated", TimeText(delivery.update_time()));
  details.Add("next attempt", TimeText(delivery.next_attempt_time()));
  output.Print(details);
  if (!delivery.has_last_result()) return;
  output.PrintHeading("Last result");
  PrintInvocation(delivery.last_result(), output);
}

}  // namespace herald::cli
