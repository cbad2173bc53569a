#include "clients/cli/invocation_text.h"

#include <iostream>

#include "absl/strings/str_cat.h"
#include "clients/cli/message_json.h"
#include "clients/cli/values_text.h"

namespace herald::cli {
namespace {

constexpr int kIndent = 2;

void PrintIndented(absl::string_view text, Output& output) { output.stream() << Indented(Printable(text), kIndent); }

void PrintHeaders(const google::protobuf::Map<std::string, std::string>& headers, Output& output) {
  if (!headers.empty()) PrintIndented(LinesOf(headers), output);
}

void PrintBody(const std::string& body, bool truncated, Output& output) {
  if (body.empty()) return;
  output.stream() << '\n';
  PrintIndented(IndentedJson(absl::string_view(body)), output);
  if (truncated) PrintIndented("… (only the beginning was kept)", output);
}

void PrintResponse(const v1::InvocationResult::Response& response, Output& output) {
  output.PrintHeading("Response");
  PrintIndented(absl::StrCat(response.status_code(), ", ", response.body_bytes(), " bytes"), output);
  PrintHeaders(response.headers(), output);
  PrintBody(response.body(), response.body_truncated(), output);
}

void PrintValidations(const v1::InvocationResult& invocation, Output& output) {
  output.PrintHeading("Validations");
  for (const auto& validation : invocation.validations()) {
    const absl::string_view mark = validation.passed() ? "✓" : "✗";
    output.stream() << "  " << Painted(mark, validation.passed() ? Style::kGreen : Style::kRed, output.terminal())
                    << ' '
                    << PrintableLine(absl::StrCat(validation.json_path(), " ",
                                                  v1::Filter::Operator_Name(validation.operator_()), " ",
                                                  Joined(validation.expected_values(), ", ")))
                    << '\n';
    PrintIndented(absl::StrCat("  saw ", validation.actual_values().empty() ? "nothing" : "",
                               Joined(validation.actual_values(), ", ")),
                  output);
    if (!validation.message().empty()) PrintIndented(absl::StrCat("  ", validation.message()), output);
  }
}

void PrintTiming(const v1::InvocationResult& invocation, Output& output) {
  const v1::InvocationResult::Timing& timing = invocation.timing();
  const auto text = [](bool happened, const google::protobuf::Duration& duration) {
    return happened ? DurationText(duration) : "";
  };
  Details details;
  details.Add("  name lookup", text(timing.has_name_lookup(), timing.name_lookup()));
  details.Add("  connect", text(timing.has_connect(), timing.connect()));
  details.Add("  TLS", text(timing.has_tls(), timing.tls()));
  details.Add("  first byte", text(timing.has_first_byte(), timing.first_byte()));
  details.Add("  total", text(timing.has_total(), timing.total()));
  details.Add("  address", invocation.remote_address());
  details.Add("  HTTP", invocation.http_version());
  details.Add("  started", TimeText(invocation.start_time()));
  details.Add("  next attempt", TimeText(invocation.next_attempt_time()));
  output.PrintHeading("Timing");
  output.Print(details);
}

}  // namespace

void PrintRequest(const v1::InvocationResult::Request& request, Output& output) {
  output.PrintHeading("Request");
  PrintIndented(absl::StrCat(request.method(), " ", request.url()), output);
  PrintHeaders(request.headers(), output);
  PrintBody(request.body(), request.body_truncated(), output);
}

void PrintInvocation(const v1::InvocationResult& invocation, Output& output) {
  const Cell outcome = OutcomeCell(invocation.outcome());
  output.stream() << Painted(outcome.text, outcome.style, output.terminal())
                  << (invocation.attempt() > 0 ? absl::StrCat(", attempt ", invocation.attempt()) : "")
                  << (invocation.message().empty() ? "" : ": ") << Printable(invocation.message()) << '\n';
  if (invocation.has_request()) PrintRequest(invocation.request(), output);
  if (invocation.has_response()) PrintResponse(invocation.response(), output);
  if (!invocation.validations().empty()) PrintValidations(invocation, output);
  PrintTiming(invocation, output);
}

std::string StatusCodeText(const v1::InvocationResult& invocation) {
  return invocation.has_response() ? absl::StrCat(invocation.response().status_code()) : "";
}

}  // namespace herald::cli
