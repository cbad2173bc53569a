// grpc.reflection.v1.ServerReflection: the descriptors of this program's services, for grpcurl and its like.
//
// Debian's gRPC serves v1alpha only; this serves v1, from the same descriptor pool, with
// the comments of the .proto files.

#ifndef HERALD_RPC_REFLECTION_SERVICE_H_
#define HERALD_RPC_REFLECTION_SERVICE_H_

#include <string>
#include <utility>
#include <vector>

#include "grpc/reflection/v1/reflection.grpc.pb.h"

namespace herald {

class ReflectionService final : public grpc::reflection::v1::ServerReflection::CallbackService {
 public:
  // The full names of the services to list.
  explicit ReflectionService(std::vector<std::string> services) : services_(std::move(services)) {}

  grpc::ServerBidiReactor<grpc::reflection::v1::ServerReflectionRequest,
                          grpc::reflection::v1::ServerReflectionResponse>*
  ServerReflectionInfo(grpc::CallbackServerContext* context) override;

 private:
  const std::vector<std::string> services_;
};

}  // namespace herald

#endif  // HERALD_RPC_REFLECTION_SERVICE_H_
