// herald.v1.ServerService over gRPC.

#ifndef HERALD_RPC_SERVER_SERVICE_H_
#define HERALD_RPC_SERVER_SERVICE_H_

#include <utility>

#include "herald/v1/server_service.grpc.pb.h"
#include "src/rpc/call.h"

namespace herald {

class ServerService final : public v1::ServerService::CallbackService {
 public:
  ServerService(v1::ServerInfo info, Draining& draining) : info_(std::move(info)), draining_(draining) {}

  grpc::ServerUnaryReactor* GetServerInfo(grpc::CallbackServerContext* context, const v1::GetServerInfoRequest*,
                                          v1::ServerInfo* response) override {
    return Serve(context, draining_, response, [&](const std::string&, const auto& answer) { answer(info_); });
  }

 private:
  const v1::ServerInfo info_;
  Draining& draining_;
};

}  // namespace herald

#endif  // HERALD_RPC_SERVER_SERVICE_H_
