#include "src/server/limit_flags.h"

#include <algorithm>
#include <cstdint>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/core/limits.h"

ABSL_FLAG(int32_t, request_bytes_max, herald::DefaultLimits().request_bytes_max(), "One gRPC request, in bytes.");
ABSL_FLAG(int32_t, event_data_bytes_max, herald::DefaultLimits().event_data_bytes_max(),
          "The payload of an event as JSON text, in bytes.");
ABSL_FLAG(int32_t, template_bytes_max, herald::DefaultLimits().template_bytes_max(), "A body template, in bytes.");
ABSL_FLAG(int32_t, rendered_body_bytes_max, herald::DefaultLimits().rendered_body_bytes_max(),
          "A rendered body, in bytes.");
ABSL_FLAG(int32_t, captured_body_bytes_max, herald::DefaultLimits().captured_body_bytes_max(),
          "The part of a request or response body that is kept as invocation data, in bytes.");
ABSL_FLAG(int32_t, response_bytes_max, herald::DefaultLimits().response_bytes_max(),
          "The part of a response that is read before the connection is closed, in bytes.");
ABSL_FLAG(int32_t, description_bytes_max, herald::DefaultLimits().description_bytes_max(),
          "The description of a webhook or an event type, in bytes.");
ABSL_FLAG(int32_t, url_bytes_max, herald::DefaultLimits().url_bytes_max(), "A webhook's url, in bytes.");
ABSL_FLAG(int32_t, headers_max, herald::DefaultLimits().headers_max(), "Headers of a webhook.");
ABSL_FLAG(int32_t, header_bytes_max, herald::DefaultLimits().header_bytes_max(),
          "Name and value of one header together, in bytes.");
ABSL_FLAG(int32_t, secrets_max, herald::DefaultLimits().secrets_max(), "Secrets of a webhook.");
ABSL_FLAG(int32_t, secret_bytes_max, herald::DefaultLimits().secret_bytes_max(), "One secret, in bytes.");
ABSL_FLAG(int32_t, triggers_max, herald::DefaultLimits().triggers_max(), "Triggers of a webhook.");
ABSL_FLAG(int32_t, filters_max, herald::DefaultLimits().filters_max(), "Filters of a webhook.");
ABSL_FLAG(int32_t, validators_max, herald::DefaultLimits().validators_max(), "Response validators of a webhook.");
ABSL_FLAG(int32_t, values_max, herald::DefaultLimits().values_max(), "Values of one filter or response validator.");
ABSL_FLAG(int32_t, labels_max, herald::DefaultLimits().labels_max(), "Labels of a webhook.");
ABSL_FLAG(int32_t, attributes_max, herald::DefaultLimits().attributes_max(), "Attributes of an event.");
ABSL_FLAG(int32_t, short_text_bytes_max, herald::DefaultLimits().short_text_bytes_max(),
          "One label or attribute, an event's source and subject, and an event type's display_name, in bytes.");
ABSL_FLAG(int32_t, json_depth_max, herald::DefaultLimits().json_depth_max(), "Levels of JSON.");
ABSL_FLAG(int32_t, json_path_bytes_max, herald::DefaultLimits().json_path_bytes_max(), "A JSONPath, in bytes.");
ABSL_FLAG(int32_t, json_path_nodes_max, herald::DefaultLimits().json_path_nodes_max(),
          "Nodes that one evaluation of a JSONPath visits.");
ABSL_FLAG(int32_t, regex_bytes_max, herald::DefaultLimits().regex_bytes_max(),
          "Memory of one compiled regular expression, in bytes.");
ABSL_FLAG(int32_t, page_size_max, herald::DefaultLimits().page_size_max(), "Resources on a page.");
ABSL_FLAG(int32_t, fan_out_max, herald::DefaultLimits().fan_out_max(), "Deliveries of one event.");
ABSL_FLAG(int32_t, webhooks_max, herald::DefaultLimits().webhooks_max(), "Webhooks of a tenant.");
ABSL_FLAG(int32_t, batch_events_max, herald::DefaultLimits().batch_events_max(), "Events of one BatchDispatchEvents.");
ABSL_FLAG(int32_t, template_depth_max, herald::DefaultLimits().template_depth_max(),
          "Blocks and sub-expressions of a template, one in another.");
ABSL_FLAG(int32_t, template_iterations_max, herald::DefaultLimits().template_iterations_max(),
          "Iterations of all each blocks in one rendering.");
ABSL_FLAG(int32_t, template_helper_bytes_max, herald::DefaultLimits().template_helper_bytes_max(),
          "Bytes that helpers make in one rendering.");
ABSL_FLAG(int32_t, event_types_max, herald::DefaultLimits().event_types_max(),
          "Event types of a tenant, without those that came with Herald.");
ABSL_FLAG(int32_t, webhook_bytes_max, herald::DefaultLimits().webhook_bytes_max(),
          "Bytes of a webhook in all: filters, validators, template, headers, secrets and the rest.");
ABSL_FLAG(int32_t, event_type_json_bytes_max, herald::DefaultLimits().event_type_json_bytes_max(),
          "The schema_json of an event type, and its sample_json, in bytes.");

namespace herald {
namespace {

// No limit may be so large that what it bounds does not fit into one gRPC answer or into memory many times over.
constexpr int32_t kLimitMax = 1 << 30;
constexpr int32_t kJsonDepthMax = 1000;  // values are walked by recursion

// What the clients of gRPC take of one answer unless they are told otherwise.
constexpr int64_t kAnswerBytesMax = 4 << 20;
// Of one invocation: the answer's headers, the url and the sentences, generously.
constexpr int64_t kInvocationRestBytes = 512 << 10;
// Of a webhook: a page of webhooks ends past 2 MiB, with what Herald adds to the last, and an invocation has what
// validators expected.
constexpr int64_t kWebhookBytesMax = 2 << 20;
// Of an event type: its name and what the encoding adds.
constexpr int64_t kEventTypeRestBytes = 1 << 10;

absl::Status Refuse(absl::string_view flag, int64_t value, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("--", flag, " is ", value, "; ", why));
}

// What comes in a request is not longer than one.
absl::Status CheckFitsRequest(const v1::Limits& limits) {
  const google::protobuf::Reflection& reflection = *v1::Limits::GetReflection();
  for (const int number : {v1::Limits::kEventDataBytesMaxFieldNumber, v1::Limits::kTemplateBytesMaxFieldNumber,
                           v1::Limits::kDescriptionBytesMaxFieldNumber, v1::Limits::kUrlBytesMaxFieldNumber,
                           v1::Limits::kHeaderBytesMaxFieldNumber, v1::Limits::kSecretBytesMaxFieldNumber,
                           v1::Limits::kShortTextBytesMaxFieldNumber, v1::Limits::kJsonPathBytesMaxFieldNumber,
                           v1::Limits::kEventTypeJsonBytesMaxFieldNumber}) {
    const auto* field = v1::Limits::GetDescriptor()->FindFieldByNumber(number);
    const int32_t value = reflection.GetInt32(limits, field);
    if (value <= limits.request_bytes_max()) continue;
    return Refuse(field->name(), value,
                  absl::StrCat("want at most --request_bytes_max, which is ", limits.request_bytes_max(),
                               ": it comes in a request"));
  }
  return absl::OkStatus();
}

// What may be saved may also be sent.
absl::Status CheckFitsRendered(const v1::Limits& limits) {
  if (limits.url_bytes_max() > kRenderedUrlBytesMax) {
    return Refuse("url_bytes_max", limits.url_bytes_max(),
                  absl::StrCat("want at most ", kRenderedUrlBytesMax, ", which a rendered url may have"));
  }
  if (limits.header_bytes_max() > kRenderedHeaderBytesMax) {
    return Refuse("header_bytes_max", limits.header_bytes_max(),
                  absl::StrCat("want at most ", kRenderedHeaderBytesMax, ", which a rendered header may have"));
  }
  return absl::OkStatus();
}

// What is kept of a body was read before, and both bodies of an invocation fit into one answer.
absl::Status CheckCaptured(const v1::Limits& limits) {
  const int64_t captured = limits.captured_body_bytes_max();
  if (captured > limits.response_bytes_max()) {
    return Refuse("captured_body_bytes_max", captured,
                  absl::StrCat("want at most --response_bytes_max, which is ", limits.response_bytes_max(),
                               ": no more of a response is read"));
  }
  const int64_t headers = int64_t{limits.headers_max()} * kRenderedHeaderBytesMax;
  const int64_t values = int64_t{limits.values_max()} + kSeenValuesMax;
  const int64_t validations = limits.validators_max() * (limits.json_path_bytes_max() + values * kSeenValueBytesMax);
  const int64_t rest = kInvocationRestBytes + std::min<int64_t>(validations, limits.webhook_bytes_max());
  const int64_t captured_max = (kAnswerBytesMax - rest - headers) / 2;
  if (captured <= captured_max) return absl::OkStatus();
  if (captured_max < 1) {
    return Refuse("headers_max", limits.headers_max(),
                  absl::StrCat("want at most ", (kAnswerBytesMax - rest) / kRenderedHeaderBytesMax - 1,
                               ", since an invocation with its headers fits into an answer of 4 MiB"));
  }
  return Refuse("captured_body_bytes_max", captured,
                absl::StrCat("want at most ", captured_max, " with --headers_max ", limits.headers_max(),
                             ", since an invocation with both bodies fits into an answer of 4 MiB"));
}

// An event type, with its schema and its sample, fits into one answer.
absl::Status CheckWebhooks(const v1::Limits& limits) {
  if (limits.webhook_bytes_max() < kWebhookBytesMax) return absl::OkStatus();
  return Refuse("webhook_bytes_max", limits.webhook_bytes_max(),
                absl::StrCat("want less than ", kWebhookBytesMax, ", since webhooks fit into an answer of 4 MiB"));
}

absl::Status CheckEventTypes(const v1::Limits& limits) {
  const int64_t rest = int64_t{limits.description_bytes_max()} + limits.short_text_bytes_max();
  const int64_t json_max = (kAnswerBytesMax - kEventTypeRestBytes - rest) / 2;
  if (limits.event_type_json_bytes_max() <= json_max) return absl::OkStatus();
  if (json_max < 1) {
    return Refuse("description_bytes_max", limits.description_bytes_max(),
                  "want less: with --short_text_bytes_max it has to fit, in an event type, into an answer of 4 MiB");
  }
  return Refuse("event_type_json_bytes_max", limits.event_type_json_bytes_max(),
                absl::StrCat("want at most ", json_max, ", since an event type fits into an answer of 4 MiB"));
}

// Whether each can be had beside the others.
absl::Status CheckTogether(const v1::Limits& limits) {
  HERALD_RETURN_IF_ERROR(CheckFitsRequest(limits));
  HERALD_RETURN_IF_ERROR(CheckFitsRendered(limits));
  HERALD_RETURN_IF_ERROR(CheckWebhooks(limits));
  HERALD_RETURN_IF_ERROR(CheckEventTypes(limits));
  return CheckCaptured(limits);
}

absl::Status CheckEach(const v1::Limits& limits) {
  const google::protobuf::Reflection& reflection = *v1::Limits::GetReflection();
  for (int i = 0; i < v1::Limits::GetDescriptor()->field_count(); ++i) {
    const auto* field = v1::Limits::GetDescriptor()->field(i);
    const int32_t value = reflection.GetInt32(limits, field);
    const int32_t max = field->number() == v1::Limits::kJsonDepthMaxFieldNumber ||
                                field->number() == v1::Limits::kTemplateDepthMaxFieldNumber
                            ? kJsonDepthMax
                            : kLimitMax;
    if (value >= 1 && value <= max) continue;
    return absl::InvalidArgumentError(absl::StrCat("--", field->name(), " is ", value, "; want 1 to ", max));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::Limits> LimitsFromFlags() {
  v1::Limits limits;
  limits.set_request_bytes_max(absl::GetFlag(FLAGS_request_bytes_max));
  limits.set_event_data_bytes_max(absl::GetFlag(FLAGS_event_data_bytes_max));
  limits.set_template_bytes_max(absl::GetFlag(FLAGS_template_bytes_max));
  limits.set_rendered_body_bytes_max(absl::GetFlag(FLAGS_rendered_body_bytes_max));
  limits.set_captured_body_bytes_max(absl::GetFlag(FLAGS_captured_body_bytes_max));
  limits.set_response_bytes_max(absl::GetFlag(FLAGS_response_bytes_max));
  limits.set_description_bytes_max(absl::GetFlag(FLAGS_description_bytes_max));
  limits.set_url_bytes_max(absl::GetFlag(FLAGS_url_bytes_max));
  limits.set_headers_max(absl::GetFlag(FLAGS_headers_max));
  limits.set_header_bytes_max(absl::GetFlag(FLAGS_header_bytes_max));
  limits.set_secrets_max(absl::GetFlag(FLAGS_secrets_max));
  limits.set_secret_bytes_max(absl::GetFlag(FLAGS_secret_bytes_max));
  limits.set_triggers_max(absl::GetFlag(FLAGS_triggers_max));
  limits.set_filters_max(absl::GetFlag(FLAGS_filters_max));
  limits.set_validators_max(absl::GetFlag(FLAGS_validators_max));
  limits.set_values_max(absl::GetFlag(FLAGS_values_max));
  limits.set_labels_max(absl::GetFlag(FLAGS_labels_max));
  limits.set_attributes_max(absl::GetFlag(FLAGS_attributes_max));
  limits.set_short_text_bytes_max(absl::GetFlag(FLAGS_short_text_bytes_max));
  limits.set_json_depth_max(absl::GetFlag(FLAGS_json_depth_max));
  limits.set_json_path_bytes_max(absl::GetFlag(FLAGS_json_path_bytes_max));
  limits.set_json_path_nodes_max(absl::GetFlag(FLAGS_json_path_nodes_max));
  limits.set_regex_bytes_max(absl::GetFlag(FLAGS_regex_bytes_max));
  limits.set_page_size_max(absl::GetFlag(FLAGS_page_size_max));
  limits.set_fan_out_max(absl::GetFlag(FLAGS_fan_out_max));
  limits.set_webhooks_max(absl::GetFlag(FLAGS_webhooks_max));
  limits.set_batch_events_max(absl::GetFlag(FLAGS_batch_events_max));
  limits.set_template_depth_max(absl::GetFlag(FLAGS_template_depth_max));
  limits.set_template_iterations_max(absl::GetFlag(FLAGS_template_iterations_max));
  limits.set_template_helper_bytes_max(absl::GetFlag(FLAGS_template_helper_bytes_max));
  limits.set_event_types_max(absl::GetFlag(FLAGS_event_types_max));
  limits.set_webhook_bytes_max(absl::GetFlag(FLAGS_webhook_bytes_max));
  limits.set_event_type_json_bytes_max(absl::GetFlag(FLAGS_event_type_json_bytes_max));
  HERALD_RETURN_IF_ERROR(CheckEach(limits));
  HERALD_RETURN_IF_ERROR(CheckTogether(limits));
  return limits;
}

}  // namespace herald
