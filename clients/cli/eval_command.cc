#include "clients/cli/eval_command.h"

#include <iostream>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/cli/eval_template_command.h"
#include "clients/cli/message_json.h"
#include "clients/cli/offline_event.h"
#include "src/base/status_macros.h"
#include "src/core/compiled_webhook.h"
#include "src/core/condition.h"
#include "src/core/json_path.h"
#include "src/core/limits.h"
#include "src/core/url_policy.h"

namespace herald::cli {
namespace {

constexpr int kDepthMax = 256;

// Nodes, or where they are, as one JSON array.
absl::StatusOr<std::string> Nodelist(const JsonPath& path, const JsonValue& root, bool paths) {
  HERALD_ASSIGN_OR_RETURN(const std::vector<JsonPath::LocatedNode> nodes, path.SelectWithPaths(root));
  std::string out = "[";
  for (const JsonPath::LocatedNode& node : nodes) {
    if (out.size() > 1) out.push_back(',');
    AppendJson(paths ? JsonValue::String(node.path) : node.value, &out);
  }
  return out + "]";
}

absl::StatusOr<ExitCode> EvalJsonPath(CommandContext& context) {
  const Arguments& arguments = context.arguments;
  absl::StatusOr<JsonPath> path = JsonPath::Compile(arguments.operand(0));
  if (!path.ok()) return path.status();
  const std::string file = arguments.operands().size() > 1 ? arguments.operands()[1] : "-";
  HERALD_ASSIGN_OR_RETURN(const std::string text, context.files.Read(file));
  const absl::StatusOr<JsonDocument> document = JsonDocument::Parse(text, {.depth_max = kDepthMax});
  if (!document.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(FileLabel(file), ": ", document.status().message()));
  }
  const absl::StatusOr<std::string> nodelist = Nodelist(*path, document->root(), arguments.Has("paths"));
  if (!nodelist.ok()) return absl::InvalidArgumentError(nodelist.status().message());
  context.output.stream() << *nodelist << '\n';
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> EvalFilter(CommandContext& context) {
  const std::string& file = context.arguments.operands()[0];
  HERALD_ASSIGN_OR_RETURN(const std::string text, context.files.Read(file));
  v1::Filter filter;
  HERALD_RETURN_IF_ERROR(ParseMessage(text, FileLabel(file), &filter));
  FieldViolations violations;
  const std::optional<Condition> condition = Condition::CompileFilter(filter, DefaultLimits(), "filter", violations);
  HERALD_RETURN_IF_ERROR(violations.ToStatus());
  HERALD_ASSIGN_OR_RETURN(const OfflineEvent event, ReadOfflineEvent(context.arguments.operand(1), context.files));
  const Condition::Explanation explanation = condition->Explain(event.document.root());
  if (context.arguments.Has("explain")) context.notes << PrintableLine(explanation.message) << '\n';
  context.output.stream() << (explanation.holds ? "true\n" : "false\n");
  return ExitCode::kOk;
}

absl::StatusOr<std::vector<int>> Ports(absl::string_view list) {
  std::vector<int> ports;
  for (absl::string_view text : absl::StrSplit(list, ',', absl::SkipWhitespace())) {
    int port = 0;
    if (!absl::SimpleAtoi(text, &port) || port < 1 || port > 65535) {
      return absl::InvalidArgumentError(absl::StrCat("--allow_ports has \"", text, "\"; ports are 1 to 65535"));
    }
    ports.push_back(port);
  }
  return ports;
}

absl::StatusOr<std::vector<Cidr>> Networks(absl::string_view list) {
  std::vector<Cidr> networks;
  for (absl::string_view text : absl::StrSplit(list, ',', absl::SkipWhitespace())) {
    const absl::StatusOr<Cidr> network = Cidr::Parse(absl::StripAsciiWhitespace(text));
    if (!network.ok()) return absl::InvalidArgumentError(absl::StrCat("--allow_cidrs: ", network.status().message()));
    networks.push_back(*network);
  }
  return networks;
}

absl::StatusOr<ExitCode> EvalUrl(CommandContext& context) {
  UrlAllowances allowances;
  allowances.http = context.arguments.Has("allow_http");
  HERALD_ASSIGN_OR_RETURN(allowances.ports, Ports(context.arguments.Text("allow_ports")));
  HERALD_ASSIGN_OR_RETURN(allowances.cidrs, Networks(context.arguments.Text("allow_cidrs")));
  const absl::Status allowed =
      CompileWebhookUrl(context.arguments.operand(0), UrlPolicy(std::move(allowances)), DefaultLimits()).status();
  context.output.stream() << (allowed.ok() ? "allowed" : PrintableLine(allowed.message())) << '\n';
  return allowed.ok() ? ExitCode::kOk : ExitCode::kNegative;
}

Command JsonPathCommand() {
  return {.name = "jsonpath",
          .summary = "prints what a JSONPath (RFC 9535) selects, as a JSON array",
          .description = "FILE is any JSON text; without one it is read from standard input.",
          .operands = {"QUERY", "[FILE]"},
          .flags = {{"paths", Flag::Kind::kSwitch, "", "prints the normalized path of each node instead"}},
          .examples = {"herald eval jsonpath '$.data.requester.email' examples/slack/event.json",
                       "curl -s https://example.com/x.json | herald eval jsonpath --paths '$..id'"},
          .run = EvalJsonPath};
}

Command FilterCommand() {
  return {.name = "filter",
          .summary = "prints whether a filter holds for an event: true or false",
          .description = "FILTER is a file with a Filter as JSON, EVENT a file with an Event; - is standard input.",
          .operands = {"FILTER", "EVENT"},
          .flags = {{"explain", Flag::Kind::kSwitch, "", "says why, on standard error"}},
          .examples = {"herald eval filter filter.json examples/slack/event.json",
                       R"(echo '{"path": "$.data.id", "values": ["123"]}' | herald eval filter - event.json)"},
          .run = EvalFilter};
}

Command UrlCommand() {
  return {.name = "url",
          .summary = "prints whether a webhook may have a URL: allowed (exit code 0), or the rule that forbids it (1)",
          .description = "Names are not looked up: the server judges their addresses when it connects.",
          .operands = {"URL"},
          .flags = {{"allow_http", Flag::Kind::kSwitch, "", "as the server's flag: http URLs"},
                    {"allow_ports", Flag::Kind::kText, "PORT,...", "as the server's flag: ports beside 443"},
                    {"allow_cidrs", Flag::Kind::kText, "NETWORK,...",
                     "as the server's flag: networks beside the public ones"}},
          .examples = {"herald eval url https://hooks.slack.com/services/T0/B0/x",
                       "herald eval url --allow_ports 8443 --allow_cidrs 127.0.0.0/8 https://127.0.0.1:8443/"},
          .run = EvalUrl};
}

}  // namespace

Command EvalCommand() {
  return {.name = "eval",
          .summary = "tries a path, a template, a filter or a URL offline, as the server would take them",
          .subcommands = {JsonPathCommand(), EvalTemplateCommand(), FilterCommand(), UrlCommand()}};
}

}  // namespace herald::cli
