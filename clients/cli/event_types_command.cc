#include "clients/cli/event_types_command.h"

#include <iostream>

#include "absl/strings/strip.h"
#include "clients/cli/message_json.h"
#include "clients/cli/resource_list.h"
#include "herald/v1/event_service.grpc.pb.h"

namespace herald::cli {
namespace {

using Service = v1::EventService;

std::string TypeOf(const v1::EventType& type) { return std::string(absl::StripPrefix(type.name(), "eventTypes/")); }

absl::StatusOr<ExitCode> List(CommandContext& context) {
  return PrintList(context, &Service::Stub::ListEventTypes, v1::ListEventTypesRequest(),
                   &v1::ListEventTypesResponse::event_types, {"TYPE", "DISPLAY NAME", "DESCRIPTION"},
                   [](const v1::EventType& type) {
                     return std::vector<Cell>{TypeOf(type), type.display_name(), type.description()};
                   });
}

void PrintIndentedJson(absl::string_view heading, const std::string& json, Output& output) {
  if (json.empty()) return;
  output.PrintHeading(heading);
  output.stream() << Printable(IndentedJson(absl::string_view(json))) << '\n';
}

absl::StatusOr<ExitCode> Get(CommandContext& context) {
  v1::GetEventTypeRequest request;
  request.set_name(ResourceName("eventTypes", context.arguments.operand(0)));
  HERALD_ASSIGN_OR_RETURN(const v1::EventType type, context.Connect().Call(&Service::Stub::GetEventType, request));
  if (context.output.json()) {
    context.output.PrintJson(type);
    return ExitCode::kOk;
  }
  Details details;
  details.Add("type", TypeOf(type));
  details.Add("display name", type.display_name());
  details.Add("description", type.description());
  details.Add("built in", type.built_in() ? "yes" : "no");
  context.output.Print(details);
  PrintIndentedJson("Sample", type.sample_json(), context.output);
  PrintIndentedJson("Schema", type.schema_json(), context.output);
  return ExitCode::kOk;
}

}  // namespace

Command EventTypesCommand() {
  Command list{.name = "list",
               .summary = "lists the types of events that the server knows",
               .flags = ListFlags(),
               .examples = {"herald event-types list"},
               .run = List};
  Command get{.name = "get",
              .summary = "shows a type of event: a sample and the schema",
              .operands = {"TYPE"},
              .examples = {"herald event-types get RequestCreated"},
              .run = Get};
  return {
      .name = "event-types", .summary = "shows the types of events that the server knows", .subcommands = {list, get}};
}

}  // namespace herald::cli
