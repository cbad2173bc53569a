#include "clients/cli/eval_template_command.h"

#include <iostream>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "clients/cli/name_and_value.h"
#include "clients/cli/offline_event.h"
#include "clients/cli/positions_text.h"
#include "src/base/status_macros.h"
#include "src/core/limits.h"
#include "src/core/template/template.h"

namespace herald::cli {
namespace {

absl::StatusOr<Template::Secrets> SecretsOf(CommandContext& context) {
  Template::Secrets secrets;
  for (const std::string& text : context.arguments.Texts("secret")) {
    HERALD_ASSIGN_OR_RETURN(const auto entry, ParseNameAndValue("secret", text));
    HERALD_ASSIGN_OR_RETURN(secrets[entry.first], context.files.Resolve(entry.second));
  }
  return secrets;
}

absl::Status CheckSecrets(const Template& compiled, const Template::Secrets& secrets) {
  for (const std::string& name : compiled.secret_names()) {
    if (secrets.contains(name)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("{{@secret.", name, "}} has no value; give --secret ", name, "=VALUE"));
  }
  return absl::OkStatus();
}

absl::Status WithLabel(absl::string_view label, const absl::Status& status) {
  return absl::InvalidArgumentError(absl::StrCat(label, ": ", status.message()));
}

absl::StatusOr<TemplateDialect> DialectOf(const Arguments& arguments) {
  const std::string content_type = arguments.Text("content_type", "application/json");
  const std::optional<TemplateDialect> dialect = DialectOfContentType(content_type);
  if (dialect.has_value()) return *dialect;
  return absl::InvalidArgumentError(
      absl::StrCat("--content_type is \"", content_type,
                   "\"; templates know JSON, XML, HTML, forms, text/plain and text/markdown, in utf-8"));
}

ExitCode PrintPositionsOf(const Template& compiled, Output& output) {
  v1::PreviewWebhookResponse response;
  for (const Template::Position& position : compiled.positions()) {
    auto* shown = response.add_positions();
    shown->set_line(position.line);
    shown->set_column(position.column);
    shown->set_tag(position.tag);
    shown->set_position(position.position);
  }
  PrintPositions(response.positions(), output);
  return ExitCode::kOk;
}

absl::StatusOr<std::string> Body(const Template& compiled, const OfflineEvent& event, CommandContext& context) {
  HERALD_ASSIGN_OR_RETURN(const Template::Secrets secrets, SecretsOf(context));
  HERALD_RETURN_IF_ERROR(CheckSecrets(compiled, secrets));
  return compiled.Render(event.document.root(), secrets);
}

absl::StatusOr<ExitCode> EvalTemplate(CommandContext& context) {
  const Arguments& arguments = context.arguments;
  const std::string& file = arguments.operands()[0];
  HERALD_ASSIGN_OR_RETURN(const std::string text, context.files.Read(file));
  HERALD_ASSIGN_OR_RETURN(const TemplateDialect dialect, DialectOf(arguments));
  const bool is_default = text.empty() && dialect == TemplateDialect::kJson;  // the event document itself
  const absl::StatusOr<Template> compiled = Template::Compile(is_default ? "null" : text, dialect, DefaultLimits());
  if (!compiled.ok()) return WithLabel(FileLabel(file), compiled.status());
  if (arguments.Has("positions")) return PrintPositionsOf(*compiled, context.output);
  if (arguments.operands().size() < 2) return absl::InvalidArgumentError("EVENT is missing");
  HERALD_ASSIGN_OR_RETURN(const OfflineEvent event, ReadOfflineEvent(arguments.operand(1), context.files));
  const absl::StatusOr<std::string> body = is_default ? event.text : Body(*compiled, event, context);
  if (!body.ok()) return WithLabel(FileLabel(file), body.status());
  context.output.stream() << *body;
  return ExitCode::kOk;
}

}  // namespace

Command EvalTemplateCommand() {
  return {.name = "template",
          .summary = "prints the body that a template makes of an event, and nothing else",
          .description = "TEMPLATE is a text file, EVENT a file with an Event as JSON; - is standard input.",
          .operands = {"TEMPLATE", "[EVENT]"},
          .flags = {{"content_type", Flag::Kind::kText, "TYPE", "of the body; default application/json"},
                    {"secret", Flag::Kind::kTexts, "NAME=VALUE", "for {{@secret.NAME}}; NAME=@FILE reads a file"},
                    {"positions", Flag::Kind::kSwitch, "", "prints where each tag stands instead; needs no EVENT"}},
          .examples = {"herald eval template body.hbs examples/slack/event.json",
                       "herald eval template --content_type text/plain body.hbs event.json",
                       "herald eval template --positions body.hbs"},
          .run = EvalTemplate};
}

}  // namespace herald::cli
