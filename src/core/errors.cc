#include "src/core/errors.h"

#include <algorithm>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "google/protobuf/any.pb.h"
#include "google/protobuf/duration.pb.h"
#include "src/base/ascii.h"
#include "src/base/json.h"
#include "src/base/utf8.h"
#include "src/core/limits.h"

namespace herald {
namespace {

constexpr size_t kSentenceBytesMax = 200;
constexpr size_t kFieldBytesMax = 200;
constexpr size_t kMessageBytesMax = 600;
// What the status, the ErrorInfo and the last violation take beside the listed ones.
constexpr size_t kReservedBytes = 900;

template <typename Message>
void Attach(const Message& detail, absl::Status& status) {
  status.SetPayload(absl::StrCat("type.googleapis.com/", detail.GetDescriptor()->full_name()),
                    absl::Cord(detail.SerializeAsString()));
}

template <typename Message>
Message DetailOf(const absl::Status& status) {
  Message detail;
  const auto payload = status.GetPayload(absl::StrCat("type.googleapis.com/", Message::GetDescriptor()->full_name()));
  if (payload.has_value()) detail.ParseFromString(std::string(*payload));
  return detail;
}

// `message` as one line that no name in it can make long, nor steer a terminal with.
std::string Printable(absl::string_view message) {
  std::string line;
  for (const char c : Shortened(message, kMessageBytesMax)) {
    if (IsControl(c)) {
      absl::StrAppendFormat(&line, "\\u%04x", static_cast<unsigned int>(c));
    } else {
      line.push_back(c);
    }
  }
  return Shortened(line, kMessageBytesMax);
}

bool IsErrorInfo(const google::protobuf::Any& detail) { return detail.Is<google::rpc::ErrorInfo>(); }

std::string Summary(const std::vector<google::rpc::BadRequest::FieldViolation>& violations) {
  std::string first = absl::StrCat(violations.front().field(), ": ", violations.front().description());
  if (violations.size() == 1) return first;
  return absl::StrCat(violations.size(), " fields are wrong; the first is ", first);
}

}  // namespace

absl::Status MakeError(absl::StatusCode code, v1::ErrorReason reason, absl::string_view message) {
  absl::Status status(code, Printable(message));
  google::rpc::ErrorInfo info;
  info.set_domain("herald");
  info.set_reason(v1::ErrorReason_Name(reason));
  Attach(info, status);
  return status;
}

absl::Status QueueFullError(absl::Duration retry_after) {
  absl::Status status =
      MakeError(absl::StatusCode::kResourceExhausted, v1::QUEUE_FULL, "the queue is full; call again a little later");
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(retry_after / absl::Seconds(1));
  retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>((retry_after % absl::Seconds(1)) / absl::Nanoseconds(1)));
  Attach(retry, status);
  return status;
}

v1::ErrorReason ReasonOf(const absl::Status& status) {
  v1::ErrorReason reason = v1::ERROR_REASON_UNSPECIFIED;
  v1::ErrorReason_Parse(DetailOf<google::rpc::ErrorInfo>(status).reason(), &reason);
  return reason;
}

google::rpc::BadRequest BadRequestOf(const absl::Status& status) { return DetailOf<google::rpc::BadRequest>(status); }

std::string FieldOfKey(absl::string_view map_field, absl::string_view key) {
  std::string field = absl::StrCat(map_field, "[");
  AppendJsonString(key, &field);
  field.push_back(']');
  return field;
}

std::string FieldOfIndex(absl::string_view repeated_field, int index) {
  return absl::StrCat(repeated_field, "[", index, "]");
}

google::rpc::Status ToRpcStatus(const absl::Status& status) {
  google::rpc::Status out;
  out.set_code(static_cast<int>(status.code()));
  out.set_message(std::string(status.message()));
  status.ForEachPayload([&](absl::string_view type_url, const absl::Cord& payload) {
    google::protobuf::Any* detail = out.add_details();
    detail->set_type_url(std::string(type_url));
    detail->set_value(std::string(payload));
  });
  // absl::Status visits payloads in no order; people are to see the same one each time.
  std::stable_partition(out.mutable_details()->begin(), out.mutable_details()->end(), IsErrorInfo);
  return out;
}

void FieldViolations::Add(absl::string_view field, absl::string_view sentence) {
  google::rpc::BadRequest::FieldViolation& violation = violations_.emplace_back();
  violation.set_field(Shortened(field, kFieldBytesMax));
  violation.set_description(Shortened(sentence, kSentenceBytesMax));
}

void FieldViolations::AddAll(const absl::Status& status) {
  const google::rpc::BadRequest bad_request = BadRequestOf(status);
  for (const auto& violation : bad_request.field_violations()) violations_.push_back(violation);
}

absl::Status FieldViolations::ToStatus() const {
  if (violations_.empty()) return absl::OkStatus();
  absl::Status status = MakeError(absl::StatusCode::kInvalidArgument, v1::INVALID_FIELDS, Summary(violations_));
  google::rpc::BadRequest bad_request;
  size_t bytes = kReservedBytes;
  for (const auto& violation : violations_) {
    bytes += violation.ByteSizeLong() + 3;
    if (bytes > static_cast<size_t>(kStatusBytesMax)) break;
    *bad_request.add_field_violations() = violation;
  }
  const size_t left_out = violations_.size() - static_cast<size_t>(bad_request.field_violations_size());
  if (left_out > 0) {
    auto* last = bad_request.add_field_violations();
    last->set_field("…");
    last->set_description(absl::StrCat(left_out, " more fields are wrong; mend these first"));
  }
  Attach(bad_request, status);
  return status;
}

}  // namespace herald
