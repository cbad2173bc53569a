// herald.v1.DeliveryService over gRPC.

#ifndef HERALD_RPC_DELIVERY_SERVICE_H_
#define HERALD_RPC_DELIVERY_SERVICE_H_

#include "herald/v1/delivery_service.grpc.pb.h"
#include "src/engine/history.h"
#include "src/rpc/call.h"

namespace herald {

class DeliveryService final : public v1::DeliveryService::CallbackService {
 public:
  DeliveryService(const History& history, Draining& draining) : history_(history), draining_(draining) {}

  grpc::ServerUnaryReactor* GetDelivery(grpc::CallbackServerContext* context, const v1::GetDeliveryRequest* request,
                                        v1::Delivery* response) override;
  grpc::ServerUnaryReactor* ListDeliveries(grpc::CallbackServerContext* context,
                                           const v1::ListDeliveriesRequest* request,
                                           v1::ListDeliveriesResponse* response) override;
  grpc::ServerUnaryReactor* ListInvocations(grpc::CallbackServerContext* context,
                                            const v1::ListInvocationsRequest* request,
                                            v1::ListInvocationsResponse* response) override;

 private:
  const History& history_;
  Draining& draining_;
};

}  // namespace herald

#endif  // HERALD_RPC_DELIVERY_SERVICE_H_
