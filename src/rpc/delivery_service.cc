#include "src/rpc/delivery_service.h"

#include <string>

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

}  // namespace herald
