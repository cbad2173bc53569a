#include "clients/cli/server_command.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/message_json.h"
#include "clients/cli/values_text.h"
#include "herald/v1/server_service.grpc.pb.h"
#include "src/base/status_macros.h"

namespace herald::cli {
namespace {

absl::StatusOr<ExitCode> Info(CommandContext& context) {
  HERALD_ASSIGN_OR_RETURN(const v1::ServerInfo info,
                          context.Connect().Call(&v1::ServerService::Stub::GetServerInfo, v1::GetServerInfoRequest()));
  if (context.output.json()) {
    context.output.PrintJson(info);
    return ExitCode::kOk;
  }
  Details details;
  details.Add("server", context.server);
  details.Add("version", info.version());
  details.Add("serving since", TimeText(info.start_time()));
  details.Add("http URLs", info.allow_http() ? "allowed" : "forbidden");
  details.Add("ports", absl::StrCat(info.allow_http() ? "80, " : "", "443", info.allowed_ports().empty() ? "" : ", ",
                                    absl::StrJoin(info.allowed_ports(), ", ")));
  details.Add("networks",
              absl::StrCat("public", info.allowed_cidrs().empty() ? "" : ", ", Joined(info.allowed_cidrs(), ", ")));
  details.Add("limits", info.has_limits() ? IndentedJson(absl::string_view(MessageJson(info.limits()))) : "");
  context.output.Print(details);
  return ExitCode::kOk;
}

}  // namespace

Command ServerCommand() {
  Command info{.name = "info",
               .summary = "shows the server's version, limits, and which destinations it allows",
               .examples = {"herald server info", "herald server info --server herald.internal:50051"},
               .run = Info};
  return {.name = "server", .summary = "shows what the server is and allows", .subcommands = {info}};
}

}  // namespace herald::cli
