#include "src/rpc/call.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "src/core/errors.h"
#include "src/core/names.h"

namespace herald {
namespace {

std::vector<absl::string_view> MetadataOf(const grpc::CallbackServerContext& context, const char* name) {
  std::vector<absl::string_view> values;
  const auto [begin, end] = context.client_metadata().equal_range(name);
  for (auto it = begin; it != end; ++it) values.emplace_back(it->second.data(), it->second.size());
  return values;
}

}  // namespace

absl::StatusOr<std::string> TenantOf(const grpc::CallbackServerContext& context) {
  for (const absl::string_view tenant : MetadataOf(context, "herald-tenant")) {
    if (tenant == kDefaultTenant) continue;
    return MakeError(absl::StatusCode::kPermissionDenied, v1::TENANT_NOT_ALLOWED,
                     absl::StrCat("herald-tenant is not one of this caller's; want \"", kDefaultTenant, "\" or none"));
  }
  return std::string(kDefaultTenant);
}

absl::StatusOr<std::string> CallReactor::Tenant(const grpc::CallbackServerContext& context) const {
  if (!entered_) return MakeError(absl::StatusCode::kUnavailable, v1::DRAINING, "the server is stopping; call again");
  return TenantOf(context);
}

void CallReactor::OnDone() {
  if (entered_) draining_.Leave();
  delete this;
}

absl::Duration TimeLeft(const grpc::CallbackServerContext& context) {
  const auto deadline = context.deadline();
  if (deadline == std::chrono::system_clock::time_point::max()) return absl::InfiniteDuration();
  return absl::FromChrono(deadline) - absl::Now();
}

TraceContext TraceOf(const grpc::CallbackServerContext& context) {
  return ParseTraceContext(MetadataOf(context, "traceparent"), MetadataOf(context, "tracestate"));
}

}  // namespace herald
