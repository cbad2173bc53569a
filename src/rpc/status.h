// From absl::Status to grpc::Status: the same error with its details in grpc-status-details-bin.

#ifndef HERALD_RPC_STATUS_H_
#define HERALD_RPC_STATUS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace herald {

grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace herald

#endif  // HERALD_RPC_STATUS_H_
