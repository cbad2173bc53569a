#include "clients/cli/deliveries_command.h"

#include <limits>
#include <ostream>

#include "absl/strings/str_cat.h"
#include "clients/cli/delivery_text.h"
#include "clients/cli/invocation_text.h"
#include "clients/cli/resource_list.h"
#include "clients/cli/values_text.h"
#include "herald/v1/delivery_service.grpc.pb.h"

namespace herald::cli {
namespace {

absl::StatusOr<ExitCode> ListDeliveries(CommandContext& context) {
  const Arguments& arguments = context.arguments;
  v1::ListDeliveriesRequest request;
  if (arguments.Has("webhook")) request.set_webhook(ResourceName("webhooks", arguments.Text("webhook")));
  if (arguments.Has("event")) request.set_event(ResourceName("events", arguments.Text("event")));
  if (arguments.Has("state")) {
    HERALD_ASSIGN_OR_RETURN(const int state,
                            EnumNumber(*v1::Delivery::State_descriptor(), arguments.Text("state"), "state"));
    request.set_state(static_cast<v1::Delivery::State>(state));
  }
  request.set_event_type(arguments.Text("type"));
  *request.mutable_range() = RangeOf(arguments);
  return PrintList(context, &v1::DeliveryService::Stub::ListDeliveries, request,
                   &v1::ListDeliveriesResponse::deliveries, DeliveryHeader(), DeliveryRow);
}

ExitCode ShowDelivery(const v1::Delivery& delivery, Output& output) {
  if (output.json()) {
    output.PrintJson(delivery);
  } else {
    PrintDelivery(delivery, output);
  }
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> GetDelivery(CommandContext& context) {
  v1::GetDeliveryRequest request;
  request.set_name(ResourceName("deliveries", context.arguments.operand(0)));
  HERALD_ASSIGN_OR_RETURN(const v1::Delivery delivery,
                          context.Connect().Call(&v1::DeliveryService::Stub::GetDelivery, request));
  return ShowDelivery(delivery, context.output);
}

absl::StatusOr<ExitCode> Retry(CommandContext& context) {
  v1::RetryDeliveryRequest request;
  request.set_name(ResourceName("deliveries", context.arguments.operand(0)));
  request.set_force(context.arguments.Has("force"));
  HERALD_ASSIGN_OR_RETURN(const v1::Delivery delivery,
                          context.Connect().Call(&v1::DeliveryService::Stub::RetryDelivery, request));
  return ShowDelivery(delivery, context.output);
}

absl::StatusOr<ExitCode> CancelAll(CommandContext& context) {
  v1::CancelDeliveriesRequest request;
  request.set_webhook(ResourceName("webhooks", context.arguments.Text("webhook")));
  *request.mutable_range() = RangeOf(context.arguments);
  HERALD_ASSIGN_OR_RETURN(const v1::CancelDeliveriesResponse response,
                          context.Connect().Call(&v1::DeliveryService::Stub::CancelDeliveries, request));
  if (context.output.json()) {
    context.output.PrintJson(response);
  } else {
    context.output.stream() << "cancelled " << response.cancelled_count() << " deliveries\n";
  }
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Cancel(CommandContext& context) {
  const Arguments& arguments = context.arguments;
  if (arguments.operands().empty() != arguments.Has("webhook")) {
    return absl::InvalidArgumentError("cancel one delivery by its NAME, or all of a webhook by --webhook NAME");
  }
  if (arguments.Has("webhook")) return CancelAll(context);
  if (arguments.Has("start") || arguments.Has("end")) {
    return absl::InvalidArgumentError("--start and --end go with --webhook");
  }
  v1::CancelDeliveryRequest request;
  request.set_name(ResourceName("deliveries", arguments.operand(0)));
  HERALD_ASSIGN_OR_RETURN(const v1::Delivery delivery,
                          context.Connect().Call(&v1::DeliveryService::Stub::CancelDelivery, request));
  return ShowDelivery(delivery, context.output);
}

void PrintChange(const v1::Delivery& delivery, Output& output) {
  if (output.json()) {
    output.PrintJsonLine(delivery);
  } else {
    const Cell state = StateCell(delivery.state());
    const std::string rest = absl::StrCat(" ", delivery.name(), " ", delivery.event_type(), " to ", delivery.webhook(),
                                          ", attempt ", delivery.attempt_count());
    const std::string& message = delivery.last_result().message();
    output.stream() << TimeText(delivery.update_time()) << ' ' << Painted(state.text, state.style, output.terminal())
                    << PrintableLine(message.empty() ? rest : absl::StrCat(rest, ": ", message)) << '\n';
  }
  output.stream() << std::flush;
}

absl::StatusOr<ExitCode> Watch(CommandContext& context) {
  const Arguments& arguments = context.arguments;
  v1::WatchDeliveriesRequest request;
  if (arguments.Has("webhook")) request.set_webhook(ResourceName("webhooks", arguments.Text("webhook")));
  for (const std::string& name : arguments.Texts("state")) {
    HERALD_ASSIGN_OR_RETURN(const int state, EnumNumber(*v1::Delivery::State_descriptor(), name, "state"));
    request.add_states(static_cast<v1::Delivery::State>(state));
  }
  int left = arguments.Number("limit", std::numeric_limits<int>::max());
  HERALD_RETURN_IF_ERROR(context.Connect().ForEach(&v1::DeliveryService::Stub::WatchDeliveries, request,
                                                   [&](const v1::Delivery& delivery) {
                                                     PrintChange(delivery, context.output);
                                                     return --left > 0;
                                                   }));
  return ExitCode::kOk;
}

std::vector<Cell> InvocationRow(const v1::InvocationResult& invocation) {
  return {absl::StrCat(invocation.attempt()),
          OutcomeCell(invocation.outcome()),
          StatusCodeText(invocation),
          TimeText(invocation.start_time()),
          invocation.timing().has_total() ? DurationText(invocation.timing().total()) : "",
          TimeText(invocation.next_attempt_time()),
          invocation.message()};
}

// Each attempt whole, one below the other.
absl::StatusOr<ExitCode> PrintWhole(const v1::ListInvocationsRequest& request, CommandContext& context) {
  bool first = true;
  HERALD_RETURN_IF_ERROR(ForEachListed(context, &v1::DeliveryService::Stub::ListInvocations, request,
                                       &v1::ListInvocationsResponse::invocations,
                                       [&](const v1::InvocationResult& invocation) {
                                         if (!first) context.output.stream() << "\n----\n\n";
                                         first = false;
                                         PrintInvocation(invocation, context.output);
                                       }));
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Invocations(CommandContext& context) {
  v1::ListInvocationsRequest request;
  request.set_delivery(ResourceName("deliveries", context.arguments.operand(0)));
  if (context.arguments.Has("full") && !context.output.json()) return PrintWhole(request, context);
  return PrintList(context, &v1::DeliveryService::Stub::ListInvocations, request,
                   &v1::ListInvocationsResponse::invocations,
                   {"ATTEMPT", "OUTCOME", "STATUS", "STARTED", "TOOK", "NEXT ATTEMPT", "MESSAGE"}, InvocationRow);
}

std::vector<Flag> FlagsOfCancel() {
  std::vector<Flag> flags = RangeFlags();
  flags.insert(flags.begin(), {"webhook", Flag::Kind::kText, "NAME", "all open deliveries to this webhook"});
  return flags;
}

std::vector<Flag> FlagsOfListDeliveries() {
  std::vector<Flag> flags = {
      {"webhook", Flag::Kind::kText, "NAME", "only those to this webhook"},
      {"event", Flag::Kind::kText, "NAME", "only those of this event"},
      {"state", Flag::Kind::kText, EnumNames(*v1::Delivery::State_descriptor()), "only those in this state"},
      {"type", Flag::Kind::kText, "TYPE", "only those of events of this type"}};
  for (const std::vector<Flag>& more : {RangeFlags(), ListFlags()}) flags.insert(flags.end(), more.begin(), more.end());
  return flags;
}

}  // namespace

Command DeliveriesCommand() {
  std::vector<Flag> invocations_flags = ListFlags();
  invocations_flags.push_back(
      {"full", Flag::Kind::kSwitch, "", "request, answer and timing of each; JSON always has them"});
  Command list{.name = "list",
               .summary = "lists deliveries, newest first",
               .flags = FlagsOfListDeliveries(),
               .examples = {"herald deliveries list --webhook ops --state FAILED",
                            "herald deliveries list --event evt_0123456789abc --output json"},
               .run = ListDeliveries};
  Command get{.name = "get",
              .summary = "shows a delivery and its latest attempt",
              .operands = {"NAME"},
              .examples = {"herald deliveries get dlv_0123456789abc"},
              .run = GetDelivery};
  Command invocations{.name = "invocations",
                      .summary = "lists the attempts of a delivery, the first one first",
                      .operands = {"NAME"},
                      .flags = invocations_flags,
                      .examples = {"herald deliveries invocations dlv_0123456789abc --full"},
                      .run = Invocations};
  Command watch{.name = "watch",
                .summary = "tells each change of a delivery as it happens, until it is interrupted",
                .flags = {{"webhook", Flag::Kind::kText, "NAME", "only those to this webhook"},
                          {"state", Flag::Kind::kTexts, EnumNames(*v1::Delivery::State_descriptor()),
                           "only changes into this state; may be given again"},
                          {"limit", Flag::Kind::kNumber, "NUMBER", "ends after so many"}},
                .examples = {"herald deliveries watch --webhook ops --state FAILED"},
                .run = Watch,
                .timeout = absl::InfiniteDuration()};
  Command retry{.name = "retry",
                .summary = "makes an attempt now; a FAILED delivery gets all attempts of its policy anew",
                .operands = {"NAME"},
                .flags = {{"force", Flag::Kind::kSwitch, "", "also when it is SUCCEEDED or CANCELLED"}},
                .examples = {"herald deliveries retry dlv_0123456789abc"},
                .run = Retry};
  Command cancel{.name = "cancel",
                 .summary = "ends a delivery, or all open ones of a webhook",
                 .description = "An attempt that is under way may still arrive.",
                 .operands = {"[NAME]"},
                 .flags = FlagsOfCancel(),
                 .examples = {"herald deliveries cancel dlv_0123456789abc", "herald deliveries cancel --webhook ops"},
                 .run = Cancel};
  return {.name = "deliveries",
          .summary = "shows where deliveries stand and what each attempt said; retries and cancels them",
          .subcommands = {list, get, invocations, watch, retry, cancel}};
}

}  // namespace herald::cli
