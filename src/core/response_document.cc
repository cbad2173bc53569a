#include "src/core/response_document.h"

#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "src/core/captured_text.h"

namespace herald {
namespace {

std::string AsUtf8(absl::string_view bytes) { return Capture(bytes, std::numeric_limits<int>::max()).text; }

}  // namespace

std::map<std::string, std::string> JoinedHeaders(const HttpResponse& response) {
  std::map<std::string, std::string> joined;
  for (const auto& [name, value] : response.headers) {
    const auto [entry, is_new] = joined.emplace(AsUtf8(name), AsUtf8(value));
    if (!is_new) absl::StrAppend(&entry->second, ", ", AsUtf8(value));
  }
  return joined;
}

ResponseDocument::ResponseDocument(const HttpResponse& response, int json_depth_max)
    : status_(absl::StrCat(response.status_code)), headers_(JoinedHeaders(response)) {
  for (const auto& [name, value] : headers_) header_members_.push_back({name, JsonValue::String(value)});
  members_ = {{"status", JsonValue::Number(response.status_code, status_)},
              {"headers", JsonValue::Object(header_members_)},
              {"data", Data(response, json_depth_max)}};
  root_ = JsonValue::Object(members_);
}

JsonValue ResponseDocument::Data(const HttpResponse& response, int json_depth_max) {
  const absl::string_view body = absl::StripPrefix(response.body, "\xEF\xBB\xBF");  // a byte order mark
  absl::StatusOr<JsonDocument> json = JsonDocument::Parse(body, {.depth_max = json_depth_max});
  if (json.ok()) {
    json_body_ = *std::move(json);
    return json_body_->root();
  }
  text_body_ = AsUtf8(response.body);
  return JsonValue::String(text_body_);
}

}  // namespace herald
