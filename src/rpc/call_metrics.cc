#include "src/rpc/call_metrics.h"

#include <google/protobuf/descriptor.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace herald {
namespace {

using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::InterceptorBatchMethods;

// Lives as long as its call.
class MeasuredCall final : public grpc::experimental::Interceptor {
 public:
  MeasuredCall(const CallMetrics::Method& method, Metrics& metrics, const Clock& clock)
      : method_(method), metrics_(metrics), clock_(clock), start_(clock.Monotonic()) {}

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) {
      Ended(methods->GetSendStatus().error_code());
    }
    methods->Proceed();
  }

 private:
  void Ended(grpc::StatusCode code) const {
    if (method_.duration != nullptr) method_.duration->Observe(absl::ToDoubleSeconds(clock_.Monotonic() - start_));
    if (code == grpc::StatusCode::OK) return method_.ok->Increment();
    const std::string name = absl::StatusCodeToString(static_cast<absl::StatusCode>(code));
    metrics_.rpcs.Add({{"method", method_.name}, {"code", name}}).Increment();
  }

  const CallMetrics::Method& method_;
  Metrics& metrics_;
  const Clock& clock_;
  const absl::Duration start_;
};

CallMetrics::Method Registered(const google::protobuf::MethodDescriptor& method, Metrics& metrics) {
  const std::string name = absl::StrCat(method.service()->full_name(), "/", method.name());
  const bool unary = !method.client_streaming() && !method.server_streaming();
  return {name, unary ? &metrics.rpc_duration.Add({{"method", name}}, DurationBuckets()) : nullptr,
          &metrics.rpcs.Add({{"method", name}, {"code", "OK"}})};
}

}  // namespace

CallMetrics::CallMetrics(const std::vector<std::string>& services, Metrics& metrics, const Clock& clock)
    : metrics_(metrics), clock_(clock) {
  for (const std::string& name : services) {
    const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    for (int i = 0; i < service->method_count(); ++i) {
      Method method = Registered(*service->method(i), metrics);
      methods_.emplace(absl::StrCat("/", method.name), std::move(method));
    }
  }
}

grpc::experimental::Interceptor* CallMetrics::CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) {
  const auto found = methods_.find(absl::string_view(info->method()));
  return found == methods_.end() ? nullptr : new MeasuredCall(found->second, metrics_, clock_);
}

}  // namespace herald
