// Calls to a Herald server: one blocking call a method, a deadline on each, errors as absl::Status with the details of
// google.rpc.Status as payloads (src/core/errors.h reads them).
//
// Confined to one thread.

#ifndef HERALD_CLIENTS_CLI_RPC_CLIENT_H_
#define HERALD_CLIENTS_CLI_RPC_CLIENT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/grpcpp.h"

namespace herald::cli {

class RpcClient {
 public:
  // `server` is "host:port". Connects with the first call; each call may take `timeout`.
  RpcClient(std::string server, absl::Duration timeout);

  // client.Call(&v1::WebhookService::Stub::GetWebhook, request)
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                const Request& request) {
    Stub stub(channel_);
    grpc::ClientContext context;
    SetDeadline(context);
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) return ErrorOf(status);
    return response;
  }

  // Calls `visit(const Response&)` for each message of a stream, until that returns false or the stream ends.
  template <typename Stub, typename Request, typename Response, typename Visit>
  absl::Status ForEach(std::unique_ptr<grpc::ClientReader<Response>> (Stub::*method)(grpc::ClientContext*,
                                                                                     const Request&),
                       const Request& request, const Visit& visit) {
    Stub stub(channel_);
    grpc::ClientContext context;
    SetDeadline(context);
    const std::unique_ptr<grpc::ClientReader<Response>> reader = (stub.*method)(&context, request);
    Response response;
    while (reader->Read(&response)) {
      if (visit(response)) continue;
      context.TryCancel();
      reader->Finish();
      return absl::OkStatus();
    }
    const grpc::Status status = reader->Finish();
    return status.ok() ? absl::OkStatus() : ErrorOf(status);
  }

 private:
  // None when the time is without end.
  void SetDeadline(grpc::ClientContext& context) const;
  absl::Status ErrorOf(const grpc::Status& status) const;

  std::string server_;
  absl::Duration timeout_;
  std::shared_ptr<grpc::Channel> channel_;
};

// `status` with its details as payloads.
absl::Status StatusOf(const google::rpc::Status& status);

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_RPC_CLIENT_H_
