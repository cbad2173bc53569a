#include "clients/cli/error_text.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/values_text.h"
#include "google/rpc/error_details.pb.h"
#include "src/core/errors.h"

namespace herald::cli {
namespace {

template <typename Detail>
Detail DetailOf(const absl::Status& status) {
  Detail detail;
  const auto payload = status.GetPayload(absl::StrCat("type.googleapis.com/", Detail::GetDescriptor()->full_name()));
  if (payload.has_value()) detail.ParseFromString(std::string(*payload));
  return detail;
}

// Of a single violation the server's message says all there is.
bool SaysAll(absl::string_view message, const google::rpc::BadRequest& bad_request) {
  return bad_request.field_violations_size() == 1 &&
         absl::StrContains(message, bad_request.field_violations(0).field()) &&
         absl::StrContains(message, bad_request.field_violations(0).description());
}

}  // namespace

std::string ErrorText(const absl::Status& status, const Terminal& terminal) {
  const absl::string_view message = status.message().empty() ? "the server gave no reason" : status.message();
  std::string out = absl::StrCat(Painted("error:", Style::kRed, terminal), " ", Printable(message));
  const std::string reason = DetailOf<google::rpc::ErrorInfo>(status).reason();
  if (!reason.empty()) absl::StrAppend(&out, " [", PrintableLine(reason), "]");
  out.push_back('\n');
  google::rpc::BadRequest bad_request = BadRequestOf(status);
  if (SaysAll(message, bad_request)) bad_request.clear_field_violations();
  for (const auto& violation : bad_request.field_violations()) {
    absl::StrAppend(&out, "  - ", Painted(PrintableLine(violation.field()), Style::kBold, terminal), ": ",
                    PrintableLine(violation.description()), "\n");
  }
  const auto retry = DetailOf<google::rpc::RetryInfo>(status);
  if (retry.has_retry_delay()) absl::StrAppend(&out, "  try again in ", DurationText(retry.retry_delay()), "\n");
  return out;
}

}  // namespace herald::cli
