#include "clients/cli/webhooks_command.h"

#include <algorithm>
#include <iostream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/cli/event_input.h"
#include "clients/cli/invocation_text.h"
#include "clients/cli/message_edit.h"
#include "clients/cli/name_and_value.h"
#include "clients/cli/positions_text.h"
#include "clients/cli/resource_list.h"
#include "clients/cli/signing_secret_command.h"
#include "clients/cli/values_text.h"
#include "clients/cli/verdict_text.h"
#include "clients/cli/webhook_edit.h"
#include "clients/cli/webhook_text.h"
#include "herald/v1/webhook_service.grpc.pb.h"

namespace herald::cli {
namespace {

// A test may take as long as a webhook's longest exchange.
constexpr absl::Duration kTimeoutOfTests = absl::Seconds(75);

std::string WebhookNameOf(absl::string_view text) { return ResourceName("webhooks", text); }

// Operands that may be either: names never hold a dot, and begin with their collection when they hold a slash.
bool IsFile(absl::string_view operand) {
  if (operand == "-" || absl::StrContains(operand, ".")) return true;
  return absl::StrContains(operand, "/") && !absl::StartsWith(operand, "webhooks/") &&
         !absl::StartsWith(operand, "tenants/");
}

void NoteWarnings(const v1::Webhook& webhook, CommandContext& context) {
  for (const std::string& warning : webhook.warnings()) {
    context.notes << "warning: " << PrintableLine(warning) << '\n';
  }
}

ExitCode PrintChanged(const v1::Webhook& webhook, absl::string_view done, CommandContext& context) {
  const bool validated = context.arguments.Has("validate_only");
  if (context.output.json()) {
    context.output.PrintJson(webhook);
  } else {
    const std::string name = webhook.name().empty() ? webhook.display_name() : webhook.name();
    context.output.stream() << (validated ? absl::StrCat("valid: would be ", done) : std::string(done)) << ' '
                            << PrintableLine(name) << '\n';
  }
  NoteWarnings(webhook, context);
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> CreateWebhook(CommandContext& context) {
  HERALD_ASSIGN_OR_RETURN(WebhookEdit edit, ReadWebhookEdit({}, context.arguments.operand(0), context));
  v1::CreateWebhookRequest request;
  request.set_webhook_id(context.arguments.Text("id", absl::StripPrefix(edit.webhook.name(), "webhooks/")));
  request.set_validate_only(context.arguments.Has("validate_only"));
  edit.webhook.clear_name();
  edit.webhook.clear_etag();
  *request.mutable_webhook() = std::move(edit.webhook);
  HERALD_ASSIGN_OR_RETURN(const v1::Webhook webhook,
                          context.Connect().Call(&v1::WebhookService::Stub::CreateWebhook, request));
  return PrintChanged(webhook, "created", context);
}

absl::StatusOr<v1::Webhook> Fetch(const std::string& name, CommandContext& context) {
  v1::GetWebhookRequest request;
  request.set_name(name);
  return context.Connect().Call(&v1::WebhookService::Stub::GetWebhook, request);
}

absl::StatusOr<ExitCode> GetWebhook(CommandContext& context) {
  HERALD_ASSIGN_OR_RETURN(const v1::Webhook webhook, Fetch(WebhookNameOf(context.arguments.operand(0)), context));
  if (context.output.json()) {
    context.output.PrintJson(webhook);
  } else {
    PrintWebhook(webhook, context.output);
  }
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> ListWebhooks(CommandContext& context) {
  v1::ListWebhooksRequest request;
  if (context.arguments.Has("state")) {
    HERALD_ASSIGN_OR_RETURN(const int state,
                            EnumNumber(*v1::Webhook::State_descriptor(), context.arguments.Text("state"), "state"));
    request.set_state(static_cast<v1::Webhook::State>(state));
  }
  request.set_trigger(context.arguments.Text("trigger"));
  for (const std::string& label : context.arguments.Texts("label")) {
    HERALD_ASSIGN_OR_RETURN(const auto entry, ParseNameAndValue("label", label));
    (*request.mutable_labels())[entry.first] = entry.second;
  }
  return PrintList(context, &v1::WebhookService::Stub::ListWebhooks, request, &v1::ListWebhooksResponse::webhooks,
                   WebhookHeader(), WebhookRow);
}

// Entries of maps given as flags are added to those that are stored, whose values the server shows as "***" and keeps.
absl::StatusOr<v1::Webhook> StoredEntries(const std::string& name, CommandContext& context) {
  const Arguments& arguments = context.arguments;
  v1::Webhook entries;
  if (!arguments.Has("header") && !arguments.Has("secret") && !arguments.Has("label")) return entries;
  HERALD_ASSIGN_OR_RETURN(const v1::Webhook stored, Fetch(name, context));
  if (arguments.Has("header")) *entries.mutable_headers() = stored.headers();
  if (arguments.Has("secret")) *entries.mutable_secrets() = stored.secrets();
  if (arguments.Has("label")) *entries.mutable_labels() = stored.labels();
  entries.set_etag(stored.etag());
  return entries;
}

absl::StatusOr<ExitCode> UpdateWebhook(CommandContext& context) {
  const Arguments& arguments = context.arguments;
  const std::string name = WebhookNameOf(arguments.operand(0));
  const absl::string_view file = arguments.operand(1);
  v1::Webhook base;
  if (file.empty()) {
    HERALD_ASSIGN_OR_RETURN(base, StoredEntries(name, context));
  }
  HERALD_ASSIGN_OR_RETURN(WebhookEdit edit, ReadWebhookEdit(std::move(base), file, context));
  if (edit.fields.empty()) {
    return absl::InvalidArgumentError("nothing is changed; give a FILE or flags such as --state INACTIVE");
  }
  v1::UpdateWebhookRequest request;
  *request.mutable_update_mask() = MaskOf(edit.fields, arguments);
  request.set_validate_only(arguments.Has("validate_only"));
  edit.webhook.set_name(name);
  if (arguments.Has("etag")) edit.webhook.set_etag(arguments.Text("etag"));
  *request.mutable_webhook() = std::move(edit.webhook);
  HERALD_ASSIGN_OR_RETURN(const v1::Webhook webhook,
                          context.Connect().Call(&v1::WebhookService::Stub::UpdateWebhook, request));
  return PrintChanged(webhook, "updated", context);
}

absl::StatusOr<ExitCode> DeleteWebhook(CommandContext& context) {
  v1::DeleteWebhookRequest request;
  request.set_name(WebhookNameOf(context.arguments.operand(0)));
  request.set_etag(context.arguments.Text("etag"));
  HERALD_ASSIGN_OR_RETURN(const google::protobuf::Empty empty,
                          context.Connect().Call(&v1::WebhookService::Stub::DeleteWebhook, request));
  if (context.output.json()) {
    context.output.PrintJson(empty);
  } else {
    context.output.stream() << "deleted " << request.name() << '\n';
  }
  return ExitCode::kOk;
}

// A webhook to try that is not, or not only, one that is stored as it is.
absl::StatusOr<v1::Webhook> EditedTarget(const std::string& name, absl::string_view file, CommandContext& context) {
  v1::Webhook base;
  if (!name.empty() && file.empty()) {
    HERALD_ASSIGN_OR_RETURN(base, Fetch(name, context));
  }
  HERALD_ASSIGN_OR_RETURN(WebhookEdit edit, ReadWebhookEdit(std::move(base), file, context));
  if (name.empty() && edit.fields.empty()) {
    return absl::InvalidArgumentError("NAME, a FILE or flags such as --url are missing");
  }
  edit.webhook.set_name(name);
  return std::move(edit.webhook);
}

template <typename Request>
absl::Status SetTarget(CommandContext& context, Request& request) {
  const Arguments& arguments = context.arguments;
  const bool saved = !arguments.operands().empty() && !IsFile(arguments.operand(0));
  const std::string name = saved ? WebhookNameOf(arguments.operand(0)) : "";
  const absl::string_view file = arguments.operand(saved ? 1 : 0);
  const std::vector<Flag> flags = WebhookFlags();
  const bool edited = !file.empty() || std::any_of(flags.begin(), flags.end(),
                                                   [&](const Flag& flag) { return arguments.Has(flag.name); });
  if (saved && !edited) {
    request.set_name(name);
  } else {
    HERALD_ASSIGN_OR_RETURN(*request.mutable_webhook(), EditedTarget(name, file, context));
  }
  if (!arguments.Has("event")) return absl::OkStatus();
  HERALD_ASSIGN_OR_RETURN(*request.mutable_event(), ReadEvent(arguments.Text("event"), context.files));
  return absl::OkStatus();
}

absl::StatusOr<ExitCode> TestWebhook(CommandContext& context) {
  v1::TestWebhookRequest request;
  HERALD_RETURN_IF_ERROR(SetTarget(context, request));
  HERALD_ASSIGN_OR_RETURN(const v1::InvocationResult result,
                          context.Connect().Call(&v1::WebhookService::Stub::TestWebhook, request));
  const bool succeeded = result.outcome() == v1::InvocationResult::SUCCEEDED;
  if (context.output.json()) {
    context.output.PrintJson(result);
  } else {
    context.output.stream() << Painted(succeeded ? "Test successful" : "Test failed",
                                       succeeded ? Style::kGreen : Style::kRed, context.output.terminal())
                            << '\n';
    PrintInvocation(result, context.output);
  }
  return succeeded ? ExitCode::kOk : ExitCode::kNegative;
}

absl::StatusOr<ExitCode> PreviewTemplate(CommandContext& context) {
  v1::PreviewWebhookRequest request;
  HERALD_RETURN_IF_ERROR(SetTarget(context, request));
  HERALD_ASSIGN_OR_RETURN(const v1::PreviewWebhookResponse response,
                          context.Connect().Call(&v1::WebhookService::Stub::PreviewWebhook, request));
  Output& output = context.output;
  if (output.json()) {
    output.PrintJson(response);
    return ExitCode::kOk;
  }
  output.stream() << "nothing was sent\n";
  PrintRequest(response.request(), output);
  output.PrintHeading("Rules");
  PrintVerdicts(response.verdicts(), output);
  if (response.positions().empty()) return ExitCode::kOk;
  output.PrintHeading("Tags");
  PrintPositions(response.positions(), output);
  return ExitCode::kOk;
}

const Flag kEtag = {"etag", Flag::Kind::kText, "ETAG", "only when this is the current version"};
const Flag kEvent = {"event", Flag::Kind::kText, "FILE", "the event to use; default a sample of the webhook's trigger"};

constexpr char kTargetHelp[] =
    "NAME is a saved webhook; FILE (its name has a dot, or is -) or flags describe one that was never saved.\n"
    "NAME with FILE or flags is the saved webhook as edited: \"***\" in the file stands for what is stored.";

}  // namespace

Command WebhooksCommand() {
  Command create{
      .name = "create",
      .summary = "creates a webhook",
      .description = "FILE holds a Webhook as JSON, - is standard input. Flags add to the file or change it.",
      .operands = {"[FILE]"},
      .flags = Together(
          {{"id", Flag::Kind::kText, "ID", "the webhook's id; default the file's, else generated"}, ValidateOnlyFlag()},
          WebhookFlags()),
      .examples = {"herald webhooks create examples/slack/webhook.json",
                   "herald webhooks create --id ops --display_name Ops --trigger RequestCreated \\\n"
                   "      --url https://hooks.example.com/x --body_template @body.hbs"},
      .run = CreateWebhook};
  Command get{.name = "get",
              .summary = "shows a webhook, secrets masked",
              .operands = {"NAME"},
              .examples = {"herald webhooks get ops", "herald webhooks get webhooks/ops --output json > ops.json"},
              .run = GetWebhook};
  Command list{
      .name = "list",
      .summary = "lists webhooks",
      .flags = Together(
          {{"state", Flag::Kind::kText, EnumNames(*v1::Webhook::State_descriptor()), "only those in this state"},
           {"trigger", Flag::Kind::kText, "TRIGGER", "only those with this very trigger"},
           {"label", Flag::Kind::kTexts, "NAME=VALUE", "only those with this label"}},
          ListFlags()),
      .examples = {"herald webhooks list --state INACTIVE", "herald webhooks list --all --output json | jq .name"},
      .run = ListWebhooks};
  Command update{
      .name = "update",
      .summary = "changes a webhook",
      .description =
          "Changes the fields that FILE and the flags set, and leaves the others. A list given by flags replaces\n"
          "the whole list; --header, --secret and --label add to what is stored (with a FILE: to the file's).\n"
          "\"***\" in the file stands for what is stored.",
      .operands = {"NAME", "[FILE]"},
      .flags = Together(Together(UpdateFlags(), {kEtag, ValidateOnlyFlag()}), WebhookFlags()),
      .examples = {"herald webhooks update ops --state INACTIVE", "herald webhooks update ops ops.json",
                   "herald webhooks update ops --secret token=@token.txt --clear filters"},
      .run = UpdateWebhook};
  Command del{.name = "delete",
              .summary = "deletes a webhook and cancels its open deliveries",
              .operands = {"NAME"},
              .flags = {kEtag},
              .examples = {"herald webhooks delete ops"},
              .run = DeleteWebhook};
  Command test{.name = "test",
               .summary = "sends one event at once and for real, and shows all that came of it",
               .description = kTargetHelp,
               .operands = {"[NAME|FILE]", "[FILE]"},
               .flags = Together({kEvent}, WebhookFlags()),
               .examples = {"herald webhooks test ops", "herald webhooks test ops --event event.json",
                            "herald webhooks test examples/slack/webhook.json"},
               .run = TestWebhook,
               .timeout = kTimeoutOfTests};
  Command preview{.name = "preview",
                  .summary = "shows what would be sent, and sends nothing",
                  .description = kTargetHelp,
                  .operands = {"[NAME|FILE]", "[FILE]"},
                  .flags = Together({kEvent}, WebhookFlags()),
                  .examples = {"herald webhooks preview ops.json --event event.json"},
                  .run = PreviewTemplate};
  return {.name = "webhooks",
          .summary = "sets webhooks up and tries them",
          .subcommands = {create, get, list, update, del, test, preview, SigningSecretCommand()}};
}

}  // namespace herald::cli
