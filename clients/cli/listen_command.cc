#include "clients/cli/listen_command.h"

#include <iostream>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cli/http_listener.h"
#include "clients/cli/message_json.h"
#include "clients/cli/name_and_value.h"
#include "src/base/json.h"
#include "src/base/mutex.h"
#include "src/base/status_macros.h"
#include "src/core/captured_text.h"

namespace herald::cli {
namespace {

constexpr int kStatusUsual = 200;

std::string RequestJson(const HeardRequest& request) {
  std::string out = "{\"method\":";
  AppendJsonString(request.method, &out);
  out.append(",\"target\":");
  AppendJsonString(request.target, &out);
  out.append(",\"headers\":{");
  absl::string_view separator = "";
  for (const auto& [name, value] : request.headers) {
    absl::StrAppend(&out, std::exchange(separator, ","));
    AppendJsonString(name, &out);
    out.push_back(':');
    AppendJsonString(value, &out);
  }
  out.append("},\"body\":");
  AppendJsonString(Capture(request.body, std::numeric_limits<int>::max()).text, &out);
  return out + "}\n";
}

std::string RequestText(const HeardRequest& request, const Terminal& terminal) {
  std::string out = absl::StrCat(
      "\n", Painted(PrintableLine(absl::StrCat(request.method, " ", request.target)), Style::kBold, terminal), "\n");
  for (const auto& [name, value] : request.headers) {
    absl::StrAppend(&out, PrintableLine(absl::StrCat(name, ": ", value)), "\n");
  }
  if (!request.body.empty()) {
    absl::StrAppend(&out, "\n", Printable(IndentedJson(absl::string_view(request.body))), "\n");
  }
  return out;
}

// Prints requests one after the other, and counts those that were answered. Thread-safe.
class RequestLog {
 public:
  RequestLog(Output& output, int count) : output_(output), left_(count) {}

  void Print(const HeardRequest& request) {
    MutexLock lock(mutex_);
    output_.stream() << (output_.json() ? RequestJson(request) : RequestText(request, output_.terminal()))
                     << std::flush;
  }

  // Whether this was the last one.
  bool CountAnswer() {
    MutexLock lock(mutex_);
    return left_ > 0 && --left_ == 0;
  }

 private:
  Mutex mutex_;
  Output& output_ ABSL_GUARDED_BY(mutex_);
  int left_ ABSL_GUARDED_BY(mutex_);  // 0 from the start: without end
};

absl::StatusOr<FixedAnswer> AnswerOf(CommandContext& context) {
  FixedAnswer answer;
  answer.status = context.arguments.Number("status", kStatusUsual);
  if (answer.status < 200 || answer.status > 599) {
    return absl::InvalidArgumentError(absl::StrCat("--status is ", answer.status, "; it has to be 200 to 599"));
  }
  HERALD_ASSIGN_OR_RETURN(answer.body, context.files.Resolve(context.arguments.Text("body")));
  for (const std::string& header : context.arguments.Texts("header")) {
    HERALD_ASSIGN_OR_RETURN(answer.headers.emplace_back(), ParseNameAndValue("header", header));
  }
  return answer;
}

absl::StatusOr<HttpListener::Options> OptionsOf(const Arguments& arguments) {
  HttpListener::Options options{arguments.Number("port", 0), arguments.Text("cert"), arguments.Text("key")};
  if (options.port > 65535) {
    return absl::InvalidArgumentError(absl::StrCat("--port is ", options.port, "; it has to be 0 to 65535"));
  }
  if (options.cert_file.empty() != options.key_file.empty()) {
    return absl::InvalidArgumentError("--cert and --key go together; give both, or none for plain HTTP");
  }
  return options;
}

absl::StatusOr<ExitCode> Listen(CommandContext& context) {
  HERALD_ASSIGN_OR_RETURN(const HttpListener::Options options, OptionsOf(context.arguments));
  HERALD_ASSIGN_OR_RETURN(FixedAnswer answer, AnswerOf(context));
  RequestLog log(context.output, context.arguments.Number("count", 0));
  HttpListener* running = nullptr;
  HttpListener listener(
      options, std::move(answer), [&](const HeardRequest& request) { log.Print(request); },
      [&] {
        if (log.CountAnswer()) running->Stop();
      });
  running = &listener;
  HERALD_RETURN_IF_ERROR(listener.Bind());
  context.output.stream() << "listening " << listener.address() << std::endl;
  listener.Run();
  return ExitCode::kOk;
}

}  // namespace

Command ListenCommand() {
  return {.name = "listen",
          .summary = "a small receiver for trying webhooks: prints each request and answers it",
          .description =
              "Its first line is \"listening https 127.0.0.1:PORT\" (http without --cert). Runs until Ctrl-C.\n"
              "A server sends to it with --allow_cidrs 127.0.0.0/8, --allow_ports or --connect_to, and --ca_file.\n"
              "With --output json each request is one line; the body of a GET is not read.",
          .flags = {{"port", Flag::Kind::kNumber, "PORT", "default 0: the kernel chooses one"},
                    {"cert", Flag::Kind::kText, "FILE", "the certificate chain, PEM; with it the receiver speaks TLS"},
                    {"key", Flag::Kind::kText, "FILE", "the certificate's key, PEM"},
                    {"status", Flag::Kind::kNumber, "STATUS", "what it answers; default 200"},
                    {"body", Flag::Kind::kText, "TEXT|@FILE", "the body of the answer; default none"},
                    {"header", Flag::Kind::kTexts, "NAME=VALUE", "a header of the answer"},
                    {"count", Flag::Kind::kNumber, "NUMBER", "ends after so many requests"}},
          .examples = {"herald listen --port 8443 --cert cert.pem --key key.pem --body ok",
                       "herald listen --status 429 --header retry-after=5"},
          .run = Listen};
}

}  // namespace herald::cli
