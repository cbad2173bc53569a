// What every call begins and ends with: the tenant it speaks for, whether the server still takes calls, how long the
// caller waits, and the one answer.
//
// An Answer may be given on any thread, once. A caller that has gone away does not undo what was done.

#ifndef HERALD_RPC_CALL_H_
#define HERALD_RPC_CALL_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "src/core/trace_context.h"
#include "src/rpc/draining.h"
#include "src/rpc/status.h"

namespace herald {

// The tenant that a call speaks for. PERMISSION_DENIED: TENANT_NOT_ALLOWED.
absl::StatusOr<std::string> TenantOf(const grpc::CallbackServerContext& context);

// The reactor of one call, which counts as under way from its making until gRPC has sent the answer. Owns itself.
class CallReactor final : public grpc::ServerUnaryReactor {
 public:
  explicit CallReactor(Draining& draining) : draining_(draining), entered_(draining.Enter()) {}

  // As TenantOf; and UNAVAILABLE: DRAINING.
  absl::StatusOr<std::string> Tenant(const grpc::CallbackServerContext& context) const;

  void OnDone() override;

 private:
  Draining& draining_;
  const bool entered_;
};

// How long the caller waits for the answer; InfiniteDuration without a deadline.
absl::Duration TimeLeft(const grpc::CallbackServerContext& context);

// The trace that the call is part of; its metadata are the headers of the W3C's Trace Context.
TraceContext TraceOf(const grpc::CallbackServerContext& context);

// Ends one call.
template <typename Response>
class Answer {
 public:
  Answer(grpc::ServerUnaryReactor* reactor, Response* response) : reactor_(reactor), response_(response) {}

  void operator()(absl::StatusOr<Response> answer) const {
    const grpc::Status status = ToGrpcStatus(answer.status());
    if (answer.ok()) *response_ = *std::move(answer);
    reactor_->Finish(status);
  }

 private:
  grpc::ServerUnaryReactor* reactor_;
  Response* response_;
};

// Runs `call(tenant, answer)`, which answers at once or later.
template <typename Response, typename Call>
grpc::ServerUnaryReactor* Serve(grpc::CallbackServerContext* context, Draining& draining, Response* response,
                                const Call& call) {
  auto* const reactor = new CallReactor(draining);
  const Answer<Response> answer(reactor, response);
  const absl::StatusOr<std::string> tenant = reactor->Tenant(*context);
  if (tenant.ok()) {
    call(*tenant, answer);
  } else {
    answer(tenant.status());
  }
  return reactor;
}

}  // namespace herald

#endif  // HERALD_RPC_CALL_H_
