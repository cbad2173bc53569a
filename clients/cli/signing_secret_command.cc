#include "clients/cli/signing_secret_command.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "clients/cli/resource_list.h"
#include "clients/cli/values_text.h"
#include "herald/v1/webhook_service.grpc.pb.h"
#include "src/base/protobuf_time.h"
#include "src/base/status_macros.h"

namespace herald::cli {
namespace {

// No table: its columns are cut on a terminal, and half a secret is of no use.
ExitCode PrintSecret(const v1::SigningSecret& shown, Output& output) {
  if (output.json()) {
    output.PrintJson(shown);
    return ExitCode::kOk;
  }
  for (int i = 0; i < shown.secrets_size(); ++i) {
    const v1::Signing::Secret& secret = shown.secrets(i);
    Details details;
    details.Add(i == 0 ? "current secret" : "former secret", secret.value());
    details.Add("public key", secret.public_key());
    details.Add("created", TimeText(secret.create_time()));
    details.Add("signs until", secret.has_expire_time() ? TimeText(secret.expire_time()) : "");
    if (i > 0) output.stream() << '\n';
    output.Print(details);
  }
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> GetSecret(CommandContext& context) {
  v1::GetSigningSecretRequest request;
  request.set_name(ResourceName("webhooks", context.arguments.operand(0)));
  HERALD_ASSIGN_OR_RETURN(const v1::SigningSecret shown,
                          context.Connect().Call(&v1::WebhookService::Stub::GetSigningSecret, request));
  return PrintSecret(shown, context.output);
}

absl::StatusOr<ExitCode> RotateSecret(CommandContext& context) {
  const Arguments& arguments = context.arguments;
  v1::RotateSigningSecretRequest request;
  request.set_name(ResourceName("webhooks", arguments.operand(0)));
  request.set_etag(arguments.Text("etag"));
  if (arguments.Has("overlap")) *request.mutable_overlap() = ToProto(arguments.Duration("overlap", {}));
  if (arguments.Has("secret_from")) {
    HERALD_ASSIGN_OR_RETURN(const std::string text, context.files.Read(arguments.Text("secret_from")));
    request.set_secret(std::string(absl::StripAsciiWhitespace(text)));
    // An empty secret would ask for a new one.
    if (request.secret().empty()) return absl::InvalidArgumentError("the file of --secret_from is empty");
  }
  HERALD_ASSIGN_OR_RETURN(const v1::SigningSecret shown,
                          context.Connect().Call(&v1::WebhookService::Stub::RotateSigningSecret, request));
  return PrintSecret(shown, context.output);
}

}  // namespace

Command SigningSecretCommand() {
  Command get{.name = "get",
              .summary = "shows the secrets that sign at the moment, unmasked",
              .operands = {"NAME"},
              .examples = {"herald webhooks signing-secret get ops"},
              .run = GetSecret};
  Command rotate{.name = "rotate",
                 .summary = "makes a new secret, and shows those that sign from now on, unmasked",
                 .description =
                     "The former secrets go on signing beside the new one for the overlap: each request bears both\n"
                     "signatures, so the receiver can change over at any time in it.",
                 .operands = {"NAME"},
                 .flags = {{"overlap", Flag::Kind::kDuration, "DURATION",
                            "how long the former secrets sign: 0s to 168h, default 24h"},
                           {"secret_from", Flag::Kind::kText, "FILE",
                            "holds the new secret, \"whsec_…\" or \"whsk_…\"; - is standard input; default: generated"},
                           {"etag", Flag::Kind::kText, "ETAG", "only when this is the current version"}},
                 .examples = {"herald webhooks signing-secret rotate ops",
                              "herald webhooks signing-secret rotate ops --overlap 0s",
                              "herald webhooks signing-secret rotate ops --secret_from secret.txt"},
                 .run = RotateSecret};
  return {.name = "signing-secret",
          .summary = "the secrets that sign requests",
          .subcommands = {std::move(get), std::move(rotate)}};
}

}  // namespace herald::cli
