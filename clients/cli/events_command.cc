#include "clients/cli/events_command.h"

#include <algorithm>
#include <iostream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/delivery_text.h"
#include "clients/cli/error_text.h"
#include "clients/cli/event_input.h"
#include "clients/cli/invocation_text.h"
#include "clients/cli/message_flags.h"
#include "clients/cli/message_json.h"
#include "clients/cli/resource_list.h"
#include "clients/cli/values_text.h"
#include "clients/cli/verdict_text.h"
#include "herald/v1/event_service.grpc.pb.h"

namespace herald::cli {
namespace {

// The events of FILE, or the one that the flags describe.
absl::StatusOr<std::vector<v1::Event>> EventsToDispatch(CommandContext& context) {
  const Arguments& arguments = context.arguments;
  if (arguments.operands().empty() && !HasEventFlags(arguments)) {
    return absl::InvalidArgumentError("FILE, or flags such as --type and --data, are missing");
  }
  std::vector<v1::Event> events(1);
  if (!arguments.operands().empty()) {
    HERALD_ASSIGN_OR_RETURN(events, ReadEvents(arguments.operand(0), context.files));
  }
  if (events.size() != 1 && HasEventFlags(arguments)) {
    return absl::InvalidArgumentError("flags describe one event; the file holds several");
  }
  if (events.size() == 1) HERALD_RETURN_IF_ERROR(ApplyEventFlags(arguments, context.files, &events.front()));
  return events;
}

// Deliveries with the result of each, as far as there are any.
void PrintDeliveries(const v1::DispatchEventResponse& response, Output& output) {
  if (response.deliveries().empty()) return;
  Table table(DeliveryHeader());
  for (const v1::Delivery& delivery : response.deliveries()) table.AddRow(DeliveryRow(delivery));
  output.stream() << '\n';
  output.Print(table);
  const int more = response.delivery_count() - response.deliveries_size();
  if (more > 0) output.stream() << "and " << more << " more\n";
}

void PrintResults(const v1::DispatchEventResponse& response, Output& output) {
  for (const v1::Delivery& delivery : response.deliveries()) {
    if (!delivery.has_last_result()) continue;
    output.PrintHeading(absl::StrCat(delivery.name(), " to ", delivery.webhook()));
    PrintInvocation(delivery.last_result(), output);
  }
}

std::string DispatchText(const v1::Event& event, bool duplicate, int deliveries, bool validated) {
  const std::string name = event.name().empty() ? event.type() : event.name();
  const std::string count = absl::StrCat(deliveries, deliveries == 1 ? " delivery" : " deliveries");
  if (validated) return absl::StrCat("valid: ", PrintableLine(name), " would make ", count);
  return absl::StrCat(duplicate ? "already accepted " : "accepted ", PrintableLine(name), ": ", count);
}

absl::StatusOr<ExitCode> DispatchOne(v1::Event event, CommandContext& context) {
  v1::DispatchEventRequest request;
  *request.mutable_event() = std::move(event);
  request.set_wait(context.arguments.Has("wait"));
  request.set_validate_only(context.arguments.Has("validate_only"));
  HERALD_ASSIGN_OR_RETURN(const v1::DispatchEventResponse response,
                          context.Connect().Call(&v1::EventService::Stub::DispatchEvent, request));
  if (context.output.json()) {
    context.output.PrintJson(response);
  } else {
    context.output.stream() << DispatchText(response.event(), response.duplicate(), response.delivery_count(),
                                            request.validate_only())
                            << '\n';
    PrintDeliveries(response, context.output);
    if (request.wait()) PrintResults(response, context.output);
  }
  const auto& deliveries = response.deliveries();
  const bool all_succeeded = std::all_of(deliveries.begin(), deliveries.end(), [](const v1::Delivery& delivery) {
    return delivery.state() == v1::Delivery::SUCCEEDED;
  });
  return request.wait() && !request.validate_only() && !all_succeeded ? ExitCode::kNegative : ExitCode::kOk;
}

absl::StatusOr<ExitCode> DispatchMany(const std::vector<v1::Event>& events, CommandContext& context) {
  if (context.arguments.Has("wait") || context.arguments.Has("validate_only")) {
    return absl::InvalidArgumentError("--wait and --validate_only are for one event; the file holds several");
  }
  v1::BatchDispatchEventsRequest request;
  request.mutable_events()->Add(events.begin(), events.end());
  HERALD_ASSIGN_OR_RETURN(const v1::BatchDispatchEventsResponse response,
                          context.Connect().Call(&v1::EventService::Stub::BatchDispatchEvents, request));
  bool all_accepted = true;
  for (int i = 0; i < response.results_size(); ++i) {
    const auto& result = response.results(i);
    all_accepted &= !result.has_error();
    if (context.output.json()) {
      context.output.PrintJsonLine(result);
    } else if (result.has_error()) {
      context.notes << "[" << i << "] " << ErrorText(StatusOf(result.error()), {});
    } else {
      context.output.stream() << "[" << i << "] "
                              << DispatchText(result.event(), result.duplicate(), result.delivery_count(), false)
                              << '\n';
    }
  }
  return all_accepted ? ExitCode::kOk : ExitCode::kNegative;
}

absl::StatusOr<ExitCode> Dispatch(CommandContext& context) {
  HERALD_ASSIGN_OR_RETURN(std::vector<v1::Event> events, EventsToDispatch(context));
  return events.size() == 1 ? DispatchOne(std::move(events.front()), context) : DispatchMany(events, context);
}

absl::StatusOr<ExitCode> ListEvents(CommandContext& context) {
  v1::ListEventsRequest request;
  request.set_type(context.arguments.Text("type"));
  *request.mutable_range() = RangeOf(context.arguments);
  return PrintList(context, &v1::EventService::Stub::ListEvents, request, &v1::ListEventsResponse::events,
                   {"NAME", "TYPE", "TIME", "ACCEPTED", "SOURCE", "SUBJECT"}, [](const v1::Event& event) {
                     return std::vector<Cell>{event.name(),           event.type(),
                                              TimeText(event.time()), TimeText(event.accept_time()),
                                              event.source(),         event.subject()};
                   });
}

absl::StatusOr<ExitCode> GetEvent(CommandContext& context) {
  v1::GetEventRequest request;
  request.set_name(ResourceName("events", context.arguments.operand(0)));
  HERALD_ASSIGN_OR_RETURN(const v1::Event event, context.Connect().Call(&v1::EventService::Stub::GetEvent, request));
  if (context.output.json()) {
    context.output.PrintJson(event);
    return ExitCode::kOk;
  }
  Details details;
  details.Add("name", event.name());
  details.Add("type", event.type());
  details.Add("source", event.source());
  details.Add("subject", event.subject());
  details.Add("time", TimeText(event.time()));
  details.Add("accepted", TimeText(event.accept_time()));
  details.Add("attributes", LinesOf(event.attributes()));
  details.Add("data", IndentedJson(absl::string_view(event.data_json())));
  context.output.Print(details);
  return ExitCode::kOk;
}

void PrintExplanation(const v1::ExplainEventResponse::Explanation& explanation, Output& output) {
  output.stream() << Painted(explanation.would_fire() ? "● fires" : "○ does not fire",
                             explanation.would_fire() ? Style::kGreen : Style::kWhite, output.terminal())
                  << "  " << PrintableLine(absl::StrCat(explanation.webhook(), "  ", explanation.display_name()))
                  << '\n';
  PrintVerdicts(explanation.verdicts(), output);
  if (explanation.has_request()) PrintRequest(explanation.request(), output);
  if (!explanation.request_error().empty()) {
    output.stream() << "  the request cannot be made: " << Printable(explanation.request_error()) << '\n';
  }
}

// An accepted event is named by "events/{id}" or an id; a file's name has a dot or is "-".
bool IsEventName(absl::string_view operand) {
  return absl::StartsWith(operand, "events/") || absl::StartsWith(operand, "tenants/") ||
         absl::StartsWith(operand, "evt_");
}

absl::StatusOr<ExitCode> Explain(CommandContext& context) {
  const Arguments& arguments = context.arguments;
  v1::ExplainEventRequest request;
  if (IsEventName(arguments.operand(0))) {
    request.set_event_name(ResourceName("events", arguments.operand(0)));
  } else {
    HERALD_ASSIGN_OR_RETURN(const std::vector<v1::Event> events, EventsToDispatch(context));
    if (events.size() != 1)
      return absl::InvalidArgumentError("one event is explained at a time; the file holds several");
    *request.mutable_event() = events.front();
  }
  if (arguments.Has("webhook")) request.set_webhook(ResourceName("webhooks", arguments.Text("webhook")));
  HERALD_RETURN_IF_ERROR(ForEachListed(context, &v1::EventService::Stub::ExplainEvent, request,
                                       &v1::ExplainEventResponse::explanations,
                                       [&](const v1::ExplainEventResponse::Explanation& explanation) {
                                         if (context.output.json()) {
                                           context.output.PrintJsonLine(explanation);
                                         } else {
                                           PrintExplanation(explanation, context.output);
                                         }
                                       }));
  return ExitCode::kOk;
}

std::vector<Flag> FlagsOfListEvents() {
  std::vector<Flag> flags = {{"type", Flag::Kind::kText, "TYPE", "only events of this type"}};
  for (const std::vector<Flag>& more : {RangeFlags(), ListFlags()}) flags.insert(flags.end(), more.begin(), more.end());
  return flags;
}

}  // namespace

Command EventsCommand() {
  Command dispatch{
      .name = "dispatch",
      .summary = "tells Herald that something happened",
      .description =
          "FILE holds an Event as JSON, or an array of them; - is standard input. Flags add to the file or change it.\n"
          "With --wait the exit code is 1 unless every delivery SUCCEEDED at its first attempt.",
      .operands = {"[FILE]"},
      .flags =
          Together({{"wait", Flag::Kind::kSwitch, "", "until each delivery had its first attempt; shows the results"},
                    {"validate_only", Flag::Kind::kSwitch, "", "checks everything and accepts nothing"}},
                   EventFlags()),
      .examples = {"herald events dispatch examples/slack/event.json --wait",
                   R"(herald events dispatch --type invoice.paid --id inv-17 --data '{"amount": 12.50}')"},
      .run = Dispatch};
  Command list{.name = "list",
               .summary = "lists events, newest first",
               .flags = FlagsOfListEvents(),
               .examples = {"herald events list --type RequestCreated --start 2026-01-01T00:00:00Z"},
               .run = ListEvents};
  Command get{.name = "get",
              .summary = "shows an event with its payload",
              .operands = {"NAME"},
              .examples = {"herald events get evt_0123456789abc --output json"},
              .run = GetEvent};
  std::vector<Flag> explain_flags = ListFlags();
  explain_flags.push_back({"webhook", Flag::Kind::kText, "NAME", "only this one, with the request that it would send"});
  Command explain{
      .name = "explain",
      .summary = "says for each webhook whether it fires for an event, and why",
      .description = "NAME is an accepted event, events/ID; FILE or flags describe one that need not have happened.",
      .operands = {"[NAME|FILE]"},
      .flags = Together(explain_flags, EventFlags()),
      .examples = {"herald events explain event.json --webhook ops", "herald events explain events/inv-17"},
      .run = Explain};
  return {.name = "events",
          .summary = "tells Herald what happened, and asks where it went",
          .subcommands = {dispatch, list, get, explain}};
}

}  // namespace herald::cli
