#include "clients/cli/event_types_command.h"

#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/strip.h"
#include "clients/cli/message_edit.h"
#include "clients/cli/message_json.h"
#include "clients/cli/resource_list.h"
#include "herald/v1/event_service.grpc.pb.h"

namespace herald::cli {
namespace {

std::string TypeOf(const v1::EventType& type) { return std::string(absl::StripPrefix(type.name(), "eventTypes/")); }

absl::StatusOr<ExitCode> ListEventTypes(CommandContext& context) {
  return PrintList(context, &v1::EventService::Stub::ListEventTypes, v1::ListEventTypesRequest(),
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

absl::StatusOr<ExitCode> GetEventType(CommandContext& context) {
  v1::GetEventTypeRequest request;
  request.set_name(ResourceName("eventTypes", context.arguments.operand(0)));
  HERALD_ASSIGN_OR_RETURN(const v1::EventType type,
                          context.Connect().Call(&v1::EventService::Stub::GetEventType, request));
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

const std::vector<FieldFlag>& EventTypeFieldFlags() {
  using Kind = Flag::Kind;
  static const std::vector<FieldFlag>* flags = new std::vector<FieldFlag>{
      {{"display_name", Kind::kText, "TEXT", "for people: \"Invoice paid\""}, "display_name"},
      {{"description", Kind::kText, "TEXT", "when it happens"}, "description"},
      {{"schema", Kind::kText, "JSON|@FILE", "the JSON Schema of the event document; documentation, not enforced"},
       "schema_json",
       true},
      {{"sample", Kind::kText, "JSON|@FILE", "a complete event document: what tests of webhooks send"},
       "sample_json",
       true},
  };
  return *flags;
}

absl::StatusOr<std::vector<std::string>> ReadEdit(absl::string_view file, CommandContext& context,
                                                  v1::EventType* type) {
  return EditMessage(EventTypeFieldFlags(), file, context, type);
}

ExitCode PrintChangedType(const v1::EventType& type, absl::string_view done, CommandContext& context) {
  if (context.output.json()) {
    context.output.PrintJson(type);
  } else {
    context.output.stream() << (context.arguments.Has("validate_only") ? "valid: would be " : "") << done << ' '
                            << PrintableLine(type.name()) << '\n';
  }
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> CreateEventType(CommandContext& context) {
  v1::CreateEventTypeRequest request;
  v1::EventType& type = *request.mutable_event_type();
  HERALD_RETURN_IF_ERROR(ReadEdit(context.arguments.operand(0), context, &type).status());
  request.set_event_type_id(context.arguments.Text("type", TypeOf(type)));
  request.set_validate_only(context.arguments.Has("validate_only"));
  type.clear_name();
  type.clear_built_in();
  HERALD_ASSIGN_OR_RETURN(const v1::EventType created,
                          context.Connect().Call(&v1::EventService::Stub::CreateEventType, request));
  return PrintChangedType(created, "created", context);
}

absl::StatusOr<ExitCode> UpdateEventType(CommandContext& context) {
  v1::UpdateEventTypeRequest request;
  v1::EventType& type = *request.mutable_event_type();
  HERALD_ASSIGN_OR_RETURN(const std::vector<std::string> fields,
                          ReadEdit(context.arguments.operand(1), context, &type));
  if (fields.empty()) {
    return absl::InvalidArgumentError("nothing is changed; give a FILE or flags such as --description TEXT");
  }
  type.set_name(ResourceName("eventTypes", context.arguments.operand(0)));
  type.clear_built_in();
  *request.mutable_update_mask() = MaskOf(fields, context.arguments);
  request.set_validate_only(context.arguments.Has("validate_only"));
  HERALD_ASSIGN_OR_RETURN(const v1::EventType updated,
                          context.Connect().Call(&v1::EventService::Stub::UpdateEventType, request));
  return PrintChangedType(updated, "updated", context);
}

absl::StatusOr<ExitCode> DeleteEventType(CommandContext& context) {
  v1::DeleteEventTypeRequest request;
  request.set_name(ResourceName("eventTypes", context.arguments.operand(0)));
  HERALD_ASSIGN_OR_RETURN(const google::protobuf::Empty empty,
                          context.Connect().Call(&v1::EventService::Stub::DeleteEventType, request));
  if (context.output.json()) {
    context.output.PrintJson(empty);
  } else {
    context.output.stream() << "deleted " << PrintableLine(request.name()) << '\n';
  }
  return ExitCode::kOk;
}

Command CreateTypeCommand() {
  return {.name = "create",
          .summary = "makes a type of event known, with a sample and a schema",
          .description =
              "FILE holds an EventType as JSON, - is standard input; schema_json and sample_json may be objects\n"
              "there. Flags add to the file or change it. Events of any type are taken, known or not.",
          .operands = {"[FILE]"},
          .flags = Together({{"type", Flag::Kind::kText, "TYPE", "the type: invoice.paid; default the file's name"},
                             ValidateOnlyFlag()},
                            FlagsOf(EventTypeFieldFlags())),
          .examples = {"herald event-types create examples/invoice.paid.json",
                       "herald event-types create --type invoice.paid --sample @invoice.json"},
          .run = CreateEventType};
}

Command UpdateTypeCommand() {
  return {.name = "update",
          .summary = "changes a type of event that did not come with Herald",
          .description = "Changes the fields that FILE and the flags set, and leaves the others.",
          .operands = {"TYPE", "[FILE]"},
          .flags = Together(Together(UpdateFlags(), {ValidateOnlyFlag()}), FlagsOf(EventTypeFieldFlags())),
          .examples = {"herald event-types update invoice.paid --sample @invoice.json",
                       "herald event-types update invoice.paid --clear schema_json"},
          .run = UpdateEventType};
}

Command DeleteTypeCommand() {
  return {.name = "delete",
          .summary = "deletes a type of event that did not come with Herald; webhooks with a trigger for it stay",
          .operands = {"TYPE"},
          .examples = {"herald event-types delete invoice.paid"},
          .run = DeleteEventType};
}

}  // namespace

Command EventTypesCommand() {
  Command list{.name = "list",
               .summary = "lists the types of events that the server knows",
               .flags = ListFlags(),
               .examples = {"herald event-types list"},
               .run = ListEventTypes};
  Command get{.name = "get",
              .summary = "shows a type of event: a sample and the schema",
              .operands = {"TYPE"},
              .examples = {"herald event-types get RequestCreated"},
              .run = GetEventType};
  return {.name = "event-types",
          .summary = "shows and changes the types of events that the server knows",
          .subcommands = {list, get, CreateTypeCommand(), UpdateTypeCommand(), DeleteTypeCommand()}};
}

}  // namespace herald::cli
