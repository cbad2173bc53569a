#include "src/rpc/call.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "src/core/errors.h"
#include "src/core/names.h"

namespace herald {

absl::StatusOr<std::string> CallReactor::Tenant(const grpc::CallbackServerContext& context) const {
  if (!entered_) return MakeError(absl::StatusCode::kUnavailable, v1::DRAINING, "the server is stopping; call again");
  const auto [begin, end] = context.client_metadata().equal_range("herald-tenant");
  for (auto it = begin; it != end; ++it) {
    const std::string tenant(it->second.data(), it->second.size());
    if (tenant == kDefaultTenant) continue;
    return MakeError(absl::StatusCode::kPermissionDenied, v1::TENANT_NOT_ALLOWED,
                     absl::StrCat("herald-tenant is not one of this caller's; want \"", kDefaultTenant, "\" or none"));
  }
  return std::string(kDefaultTenant);
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

}  // namespace herald
