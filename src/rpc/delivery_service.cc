#include "src/rpc/delivery_service.h"

#include <string>

#include "src/rpc/watch_reactor.h"

namespace herald {

using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

Reactor* DeliveryService::GetDelivery(Context* context, const v1::GetDeliveryRequest* request, v1::Delivery* response) {
  return Serve(context, draining_, response,
               [&](const std::string& tenant, const auto& answer) { answer(history_.GetDelivery(tenant, *request)); });
}

Reactor* DeliveryService::ListDeliveries(Context* context, const v1::ListDeliveriesRequest* request,
                                         v1::ListDeliveriesResponse* response) {
  return Serve(context, draining_, response, [&](const std::string& tenant, const auto& answer) {
    answer(history_.ListDeliveries(tenant, *request));
  });
}

Reactor* DeliveryService::ListInvocations(Context* context, const v1::ListInvocationsRequest* request,
                                          v1::ListInvocationsResponse* response) {
  return Serve(context, draining_, response, [&](const std::string& tenant, const auto& answer) {
    answer(history_.ListInvocations(tenant, *request));
  });
}

Reactor* DeliveryService::RetryDelivery(Context* context, const v1::RetryDeliveryRequest* request,
                                        v1::Delivery* response) {
  return Serve(context, draining_, response,
               [&](const std::string& tenant, const auto& answer) { control_.Retry(tenant, *request, answer); });
}

Reactor* DeliveryService::CancelDelivery(Context* context, const v1::CancelDeliveryRequest* request,
                                         v1::Delivery* response) {
  return Serve(context, draining_, response,
               [&](const std::string& tenant, const auto& answer) { control_.Cancel(tenant, *request, answer); });
}

Reactor* DeliveryService::CancelDeliveries(Context* context, const v1::CancelDeliveriesRequest* request,
                                           v1::CancelDeliveriesResponse* response) {
  return Serve(context, draining_, response,
               [&](const std::string& tenant, const auto& answer) { control_.CancelAll(tenant, *request, answer); });
}

Reactor* DeliveryService::ReplayDeliveries(Context* context, const v1::ReplayDeliveriesRequest* request,
                                           v1::Replay* response) {
  return Serve(context, draining_, response,
               [&](const std::string& tenant, const auto& answer) { replays_.Begin(tenant, *request, answer); });
}

Reactor* DeliveryService::GetReplay(Context* context, const v1::GetReplayRequest* request, v1::Replay* response) {
  return Serve(context, draining_, response,
               [&](const std::string& tenant, const auto& answer) { answer(replays_.Get(tenant, *request)); });
}

Reactor* DeliveryService::ListReplays(Context* context, const v1::ListReplaysRequest* request,
                                      v1::ListReplaysResponse* response) {
  return Serve(context, draining_, response,
               [&](const std::string& tenant, const auto& answer) { answer(replays_.List(tenant, *request)); });
}

grpc::ServerWriteReactor<v1::Delivery>* DeliveryService::WatchDeliveries(Context* context,
                                                                         const v1::WatchDeliveriesRequest* request) {
  return WatchReactor::Start(watchers_, TenantOf(*context), *request);
}

}  // namespace herald
