// Counts and times every call of herald.v1, from outside the services. Health and reflection are not counted.
//
// Thread-safe.

#ifndef HERALD_RPC_CALL_METRICS_H_
#define HERALD_RPC_CALL_METRICS_H_

#include <grpcpp/support/server_interceptor.h>

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "src/base/clock.h"
#include "src/base/metrics.h"

namespace herald {

class CallMetrics final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  // For the methods of `services`, by their full names. Both others outlive it.
  CallMetrics(const std::vector<std::string>& services, Metrics& metrics, const Clock& clock);

  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) override;

  struct Method {
    std::string name;                 // "herald.v1.EventService/DispatchEvent"
    prometheus::Histogram* duration;  // none for a stream, which lasts as long as its caller likes
    prometheus::Counter* ok;
  };

 private:
  Metrics& metrics_;
  const Clock& clock_;
  absl::flat_hash_map<std::string, Method> methods_;  // by gRPC's path: "/herald.v1.EventService/DispatchEvent"
};

}  // namespace herald

#endif  // HERALD_RPC_CALL_METRICS_H_
