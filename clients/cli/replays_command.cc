#include "clients/cli/replays_command.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/resource_list.h"
#include "clients/cli/values_text.h"
#include "herald/v1/delivery_service.grpc.pb.h"

namespace herald::cli {
namespace {

constexpr char kReplayableStates[] = "FAILED|SUCCEEDED|CANCELLED";

std::string ConditionsOf(const v1::Replay& replay) {
  std::vector<std::string> parts;
  for (const int state : replay.states()) {
    parts.push_back(v1::Delivery::State_Name(static_cast<v1::Delivery::State>(state)));
  }
  if (replay.include_missed()) parts.emplace_back("missed events");
  return absl::StrJoin(parts, ", ");
}

ExitCode PrintReplay(const v1::Replay& replay, Output& output) {
  if (output.json()) {
    output.PrintJson(replay);
    return ExitCode::kOk;
  }
  Details details;
  details.Add("name", replay.name());
  details.Add("state", v1::Replay::State_Name(replay.state()));
  details.Add("webhook", replay.webhook());
  details.Add("sends again", ConditionsOf(replay));
  details.Add("from", TimeText(replay.range().start_time()));
  details.Add("to", TimeText(replay.range().end_time()));
  details.Add("looked at, to", TimeText(replay.progress_time()));
  details.Add("matched", absl::StrCat(replay.matched()));
  details.Add("replayed", absl::StrCat(replay.replayed()));
  details.Add("created", TimeText(replay.create_time()));
  details.Add("updated", TimeText(replay.update_time()));
  output.Print(details);
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> CreateReplay(CommandContext& context) {
  const Arguments& arguments = context.arguments;
  v1::ReplayDeliveriesRequest request;
  request.set_webhook(ResourceName("webhooks", arguments.operand(0)));
  for (const std::string& name : arguments.Texts("state")) {
    HERALD_ASSIGN_OR_RETURN(const int state, EnumNumber(*v1::Delivery::State_descriptor(), name, "state"));
    request.add_states(static_cast<v1::Delivery::State>(state));
  }
  *request.mutable_range() = RangeOf(arguments);
  request.set_include_missed(arguments.Has("missed"));
  HERALD_ASSIGN_OR_RETURN(const v1::Replay replay,
                          context.Connect().Call(&v1::DeliveryService::Stub::ReplayDeliveries, request));
  return PrintReplay(replay, context.output);
}

absl::StatusOr<ExitCode> GetReplay(CommandContext& context) {
  v1::GetReplayRequest request;
  request.set_name(ResourceName("replays", context.arguments.operand(0)));
  HERALD_ASSIGN_OR_RETURN(const v1::Replay replay,
                          context.Connect().Call(&v1::DeliveryService::Stub::GetReplay, request));
  return PrintReplay(replay, context.output);
}

std::vector<Cell> ReplayRow(const v1::Replay& replay) {
  return {v1::Replay::State_Name(replay.state()),
          replay.name(),
          replay.webhook(),
          ConditionsOf(replay),
          absl::StrCat(replay.matched()),
          absl::StrCat(replay.replayed()),
          TimeText(replay.progress_time()),
          TimeText(replay.create_time())};
}

absl::StatusOr<ExitCode> ListReplays(CommandContext& context) {
  v1::ListReplaysRequest request;
  if (context.arguments.Has("webhook"))
    request.set_webhook(ResourceName("webhooks", context.arguments.Text("webhook")));
  return PrintList(context, &v1::DeliveryService::Stub::ListReplays, request, &v1::ListReplaysResponse::replays,
                   {"STATE", "NAME", "WEBHOOK", "SENDS AGAIN", "MATCHED", "REPLAYED", "LOOKED AT, TO", "CREATED"},
                   ReplayRow);
}

std::vector<Flag> FlagsOfCreateReplay() {
  std::vector<Flag> flags = {
      {"state", Flag::Kind::kTexts, kReplayableStates, "deliveries in this state; may be given again; default FAILED"}};
  const std::vector<Flag> range = RangeFlags();
  flags.insert(flags.end(), range.begin(), range.end());
  flags.push_back({"missed", Flag::Kind::kSwitch, "", "also events that the webhook takes now and never had"});
  return flags;
}

}  // namespace

Command ReplaysCommand() {
  std::vector<Flag> list_flags = ListFlags();
  list_flags.insert(list_flags.begin(), {"webhook", Flag::Kind::kText, "NAME", "only those of this webhook"});
  Command create{.name = "create",
                 .summary = "begins to send past deliveries of a webhook again",
                 .description = "It goes on by itself; \"herald replays get\" tells how far it is.",
                 .operands = {"WEBHOOK"},
                 .flags = FlagsOfCreateReplay(),
                 .examples = {"herald replays create ops --start 2026-01-01T00:00:00Z",
                              "herald replays create ops --state FAILED --state CANCELLED --missed"},
                 .run = CreateReplay};
  Command get{.name = "get",
              .summary = "shows how far a replay is",
              .operands = {"NAME"},
              .examples = {"herald replays get rpl_0123456789abc"},
              .run = GetReplay};
  Command list{.name = "list",
               .summary = "lists replays, newest first",
               .flags = list_flags,
               .examples = {"herald replays list --webhook ops"},
               .run = ListReplays};
  return {
      .name = "replays", .summary = "sends past deliveries again, many at once", .subcommands = {create, get, list}};
}

}  // namespace herald::cli
