// The errors that callers see: absl::Status with google.rpc details as payloads, made where the cause is known.
//
// Every one bears an ErrorInfo; the rpc floor only carries them over. None holds a secret.

#ifndef HERALD_CORE_ERRORS_H_
#define HERALD_CORE_ERRORS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "herald/v1/error_reason.pb.h"

namespace herald {

// An error of `code` with ErrorInfo{domain: "herald", reason}. What is too long of `message` is cut off, and control
// characters in it are escaped: it may name what a caller wrote.
absl::Status MakeError(absl::StatusCode code, v1::ErrorReason reason, absl::string_view message);

// RESOURCE_EXHAUSTED, QUEUE_FULL, with RetryInfo.
absl::Status QueueFullError(absl::Duration retry_after);

// The reason of a status that MakeError or FieldViolations made; ERROR_REASON_UNSPECIFIED for any other.
v1::ErrorReason ReasonOf(const absl::Status& status);

// The violations of an INVALID_FIELDS status, in order; empty for any other.
google::rpc::BadRequest BadRequestOf(const absl::Status& status);

// The path of one entry of a map field: FieldOfKey("webhook.headers", "accept") is webhook.headers["accept"].
std::string FieldOfKey(absl::string_view map_field, absl::string_view key);
// The path of one element of a repeated field: webhook.filters[1].
std::string FieldOfIndex(absl::string_view repeated_field, int index);

// The same error as it goes over the wire, its ErrorInfo first.
google::rpc::Status ToRpcStatus(const absl::Status& status);

// Collects everything that is wrong with a request. Confined to one thread.
class FieldViolations {
 public:
  // `field` is the path in the request, "webhook.filters[1].path"; `sentence` says what is allowed, at most 200 bytes
  // (the rest is cut off).
  void Add(absl::string_view field, absl::string_view sentence);

  // Adds those of an INVALID_FIELDS status; nothing of any other.
  void AddAll(const absl::Status& status);

  bool empty() const { return violations_.empty(); }
  size_t size() const { return violations_.size(); }

  // OK when there are none; else INVALID_ARGUMENT, INVALID_FIELDS with all of them. Its encoded google.rpc.Status is at
  // most 4 KiB: what does not fit is counted in a last violation.
  absl::Status ToStatus() const;

 private:
  std::vector<google::rpc::BadRequest::FieldViolation> violations_;
};

}  // namespace herald

#endif  // HERALD_CORE_ERRORS_H_
