#include "src/core/limits.h"

namespace herald {

v1::Limits DefaultLimits() {
  constexpr int kKiB = 1024;
  constexpr int kMiB = 1024 * kKiB;
  v1::Limits limits;
  limits.set_request_bytes_max(16 * kMiB);
  limits.set_event_data_bytes_max(kMiB);
  limits.set_template_bytes_max(64 * kKiB);
  limits.set_rendered_body_bytes_max(4 * kMiB);
  limits.set_captured_body_bytes_max(64 * kKiB);
  limits.set_response_bytes_max(kMiB);
  limits.set_description_bytes_max(kKiB);
  limits.set_url_bytes_max(2048);
  limits.set_headers_max(64);
  limits.set_header_bytes_max(4 * kKiB);
  limits.set_secrets_max(16);
  limits.set_secret_bytes_max(4 * kKiB);
  limits.set_triggers_max(32);
  limits.set_filters_max(32);
  limits.set_validators_max(16);
  limits.set_values_max(64);
  limits.set_labels_max(32);
  limits.set_attributes_max(32);
  limits.set_short_text_bytes_max(256);
  limits.set_json_depth_max(32);
  limits.set_json_path_bytes_max(kKiB);
  limits.set_json_path_nodes_max(100'000);
  limits.set_regex_bytes_max(kMiB);
  limits.set_page_size_max(1000);
  limits.set_fan_out_max(10'000);
  limits.set_webhooks_max(100'000);
  limits.set_batch_events_max(1000);
  limits.set_template_depth_max(32);
  limits.set_template_iterations_max(10'000);
  limits.set_template_helper_bytes_max(16 * kMiB);
  limits.set_event_types_max(1000);
  limits.set_event_type_json_bytes_max(64 * kKiB);
  limits.set_webhook_bytes_max(kMiB);
  return limits;
}

}  // namespace herald
