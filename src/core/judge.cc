#include "src/core/judge.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "src/base/protobuf_time.h"
#include "src/base/utf8.h"
#include "src/core/captured_text.h"
#include "src/core/limits.h"
#include "src/core/redact.h"
#include "src/core/response_document.h"

namespace herald {
namespace {

using Result = v1::InvocationResult;

constexpr int kHeadersMax = 128;
constexpr size_t kHeaderBytesMax = 4096;

bool IsSuccess(int status, const v1::Webhook& webhook) {
  return (status >= 200 && status <= 299) || absl::c_linear_search(webhook.success_statuses(), status);
}

HttpResponse WithoutSecrets(const HttpResponse& response, const std::vector<std::string>& secrets) {
  HttpResponse masked = response;
  masked.body = herald::WithoutSecrets(std::move(masked.body), secrets);
  for (auto& [name, value] : masked.headers) value = herald::WithoutSecrets(std::move(value), secrets);
  return masked;
}

// `masked` is `response` without secrets.
Result::Response CaptureResponse(const HttpResponse& response, const HttpResponse& masked, const v1::Limits& limits) {
  Result::Response captured;
  captured.set_status_code(response.status_code);
  for (const auto& [name, value] : JoinedHeaders(masked)) {
    if (captured.headers_size() == kHeadersMax) break;
    (*captured.mutable_headers())[Shortened(name, kHeaderBytesMax)] = Shortened(value, kHeaderBytesMax);
  }
  CapturedText body = Capture(masked.body, limits.captured_body_bytes_max());
  captured.set_body(std::move(body.text));
  captured.set_body_truncated(body.truncated || !response.body_complete);
  captured.set_body_bytes(static_cast<int64_t>(response.body.size()));
  return captured;
}

void SetTiming(const HttpTiming& timing, Result::Timing& out) {
  if (timing.name_lookup.has_value()) *out.mutable_name_lookup() = ToProto(*timing.name_lookup);
  if (timing.connect.has_value()) *out.mutable_connect() = ToProto(*timing.connect);
  if (timing.tls.has_value()) *out.mutable_tls() = ToProto(*timing.tls);
  if (timing.first_byte.has_value()) *out.mutable_first_byte() = ToProto(*timing.first_byte);
  *out.mutable_total() = ToProto(timing.total);
}

std::string StatusSentence(const CompiledWebhook& webhook, const HttpResponse& masked) {
  const std::string answered = absl::StrCat(HostOfUrl(webhook.webhook().url()), " answered ", masked.status_code);
  if (masked.status_code >= 300 && masked.status_code <= 399) {
    return absl::StrCat(answered, ": redirects are not followed; set the url that it leads to");
  }
  const std::string excerpt = Excerpt(masked.body);
  return excerpt.empty() ? answered : absl::StrCat(answered, ": ", excerpt);
}

// What the validators say. `passed` is judged on the answer as it came, what people read on the one without secrets:
// values are shortened, and the half of a secret would not be found. They are masked once more for a secret that JSON
// wrote in another way.
void Validate(const CompiledWebhook& webhook, const HttpResponse& response, const HttpResponse& masked,
              const std::vector<std::string>& secrets, const v1::Limits& limits, Result& result) {
  const ResponseDocument shown(masked, limits.json_depth_max());
  std::optional<ResponseDocument> as_it_came;
  if (masked.body != response.body || masked.headers != response.headers) {
    as_it_came.emplace(response, limits.json_depth_max());
  }
  int index = 0;
  for (const Condition& validator : webhook.validators()) {
    const v1::ResponseValidator& source = webhook.webhook().response_validators(index++);
    Condition::Explanation explanation = validator.Explain(shown.root());
    Result::Validation& validation = *result.add_validations();
    validation.set_json_path(source.json_path());
    validation.set_operator_(validator.op());
    for (const std::string& value : source.expected_values()) {
      validation.add_expected_values(std::string(Shortened(value, kSeenValueBytesMax)));
    }
    for (std::string& value : explanation.seen) {
      validation.add_actual_values(herald::WithoutSecrets(std::move(value), secrets));
    }
    validation.set_passed(as_it_came.has_value() ? validator.Match(as_it_came->root()) : explanation.holds);
    if (validation.passed()) continue;
    validation.set_message(herald::WithoutSecrets(std::move(explanation.message), secrets));
  }
}

void JudgeAnswer(const CompiledWebhook& webhook, const HttpResponse& response, const HttpResponse& masked,
                 const std::vector<std::string>& secrets, const v1::Limits& limits, Result& result) {
  if (!IsSuccess(response.status_code, webhook.webhook())) {
    result.set_outcome(Result::HTTP_FAILED);
    result.set_message(StatusSentence(webhook, masked));
    return;
  }
  if (!webhook.validators().empty()) Validate(webhook, response, masked, secrets, limits, result);
  const std::string answered = absl::StrCat(HostOfUrl(webhook.webhook().url()), " answered ", response.status_code);
  const auto failed = absl::c_find_if(result.validations(), [](const Result::Validation& v) { return !v.passed(); });
  if (failed == result.validations().end()) {
    result.set_outcome(Result::SUCCEEDED);
    result.set_message(answered);
  } else {
    result.set_outcome(Result::VALIDATION_FAILED);
    result.set_message(absl::StrCat(answered, ", but ", failed->message()));
  }
}

Result::Outcome OutcomeWithoutAnswer(HttpExchange::End end) {
  switch (end) {
    case HttpExchange::End::kTimedOut:
      return Result::TIMED_OUT;
    case HttpExchange::End::kBlocked:
      return Result::BLOCKED;
    case HttpExchange::End::kCancelled:
      return Result::CANCELLED;
    case HttpExchange::End::kConnectionFailed:
    case HttpExchange::End::kAnswered:  // without a response: the sender's contract excludes it
      break;
  }
  return Result::CONNECTION_FAILED;
}

void JudgeBy(const std::vector<std::string>& secrets, const CompiledWebhook& webhook, const HttpExchange& exchange,
             const v1::Limits& limits, Result& result) {
  HttpResponse masked;
  if (exchange.response.has_value()) {
    masked = WithoutSecrets(*exchange.response, secrets);
    *result.mutable_response() = CaptureResponse(*exchange.response, masked, limits);
  }
  if (exchange.end == HttpExchange::End::kAnswered && exchange.response.has_value()) {
    return JudgeAnswer(webhook, *exchange.response, masked, secrets, limits, result);
  }
  result.set_outcome(OutcomeWithoutAnswer(exchange.end));
  result.set_message(herald::WithoutSecrets(exchange.message, secrets));
}

}  // namespace

void Judge(const CompiledWebhook& webhook, const HttpExchange& exchange, const v1::Limits& limits, Result& result) {
  SetTiming(exchange.timing, *result.mutable_timing());
  result.set_remote_address(exchange.remote_address);
  result.set_http_version(exchange.http_version);
  if (exchange.secrets.empty()) {
    JudgeBy(webhook.secrets(), webhook, exchange, limits, result);
  } else {
    std::vector<std::string> secrets = webhook.secrets();
    secrets.insert(secrets.end(), exchange.secrets.begin(), exchange.secrets.end());
    JudgeBy(secrets, webhook, exchange, limits, result);
  }
  absl::StrAppend(result.mutable_message(), exchange.note);
}

}  // namespace herald
