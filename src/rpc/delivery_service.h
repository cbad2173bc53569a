// herald.v1.DeliveryService over gRPC.

#ifndef HERALD_RPC_DELIVERY_SERVICE_H_
#define HERALD_RPC_DELIVERY_SERVICE_H_

#include "herald/v1/delivery_service.grpc.pb.h"
#include "src/engine/delivery_control.h"
#include "src/engine/history.h"
#include "src/engine/replays.h"
#include "src/engine/watchers.h"
#include "src/rpc/call.h"

namespace herald {

class DeliveryService final : public v1::DeliveryService::CallbackService {
 public:
  DeliveryService(const History& history, DeliveryControl& control, Replays& replays, Watchers& watchers,
                  Draining& draining)
      : history_(history), control_(control), replays_(replays), watchers_(watchers), draining_(draining) {}

  grpc::ServerUnaryReactor* GetDelivery(grpc::CallbackServerContext* context, const v1::GetDeliveryRequest* request,
                                        v1::Delivery* response) override;
  grpc::ServerUnaryReactor* ListDeliveries(grpc::CallbackServerContext* context,
                                           const v1::ListDeliveriesRequest* request,
                                           v1::ListDeliveriesResponse* response) override;
  grpc::ServerUnaryReactor* ListInvocations(grpc::CallbackServerContext* context,
                                            const v1::ListInvocationsRequest* request,
                                            v1::ListInvocationsResponse* response) override;
  grpc::ServerUnaryReactor* RetryDelivery(grpc::CallbackServerContext* context, const v1::RetryDeliveryRequest* request,
                                          v1::Delivery* response) override;
  grpc::ServerUnaryReactor* CancelDelivery(grpc::CallbackServerContext* context,
                                           const v1::CancelDeliveryRequest* request, v1::Delivery* response) override;
  grpc::ServerUnaryReactor* CancelDeliveries(grpc::CallbackServerContext* context,
                                             const v1::CancelDeliveriesRequest* request,
                                             v1::CancelDeliveriesResponse* response) override;
  grpc::ServerUnaryReactor* ReplayDeliveries(grpc::CallbackServerContext* context,
                                             const v1::ReplayDeliveriesRequest* request, v1::Replay* response) override;
  grpc::ServerUnaryReactor* GetReplay(grpc::CallbackServerContext* context, const v1::GetReplayRequest* request,
                                      v1::Replay* response) override;
  grpc::ServerUnaryReactor* ListReplays(grpc::CallbackServerContext* context, const v1::ListReplaysRequest* request,
                                        v1::ListReplaysResponse* response) override;
  grpc::ServerWriteReactor<v1::Delivery>* WatchDeliveries(grpc::CallbackServerContext* context,
                                                          const v1::WatchDeliveriesRequest* request) override;

 private:
  const History& history_;
  DeliveryControl& control_;
  Replays& replays_;
  Watchers& watchers_;
  Draining& draining_;
};

}  // namespace herald

#endif  // HERALD_RPC_DELIVERY_SERVICE_H_
