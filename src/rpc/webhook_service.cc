#include "src/rpc/webhook_service.h"

#include <string>

namespace herald {

using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

Reactor* WebhookService::CreateWebhook(Context* context, const v1::CreateWebhookRequest* request,
                                       v1::Webhook* response) {
  return Serve(context, draining_, response,
               [&](const std::string& tenant, const auto& answer) { registry_.Create(tenant, *request, answer); });
}

Reactor* WebhookService::GetWebhook(Context* context, const v1::GetWebhookRequest* request, v1::Webhook* response) {
  return Serve(context, draining_, response,
               [&](const std::string& tenant, const auto& answer) { answer(registry_.Get(tenant, request->name())); });
}

Reactor* WebhookService::ListWebhooks(Context* context, const v1::ListWebhooksRequest* request,
                                      v1::ListWebhooksResponse* response) {
  return Serve(context, draining_, response,
               [&](const std::string& tenant, const auto& answer) { answer(registry_.List(tenant, *request)); });
}

Reactor* WebhookService::UpdateWebhook(Context* context, const v1::UpdateWebhookRequest* request,
                                       v1::Webhook* response) {
  return Serve(context, draining_, response,
               [&](const std::string& tenant, const auto& answer) { registry_.Update(tenant, *request, answer); });
}

Reactor* WebhookService::DeleteWebhook(Context* context, const v1::DeleteWebhookRequest* request,
                                       google::protobuf::Empty* response) {
  return Serve(context, draining_, response, [&](const std::string& tenant, const auto& answer) {
    registry_.Delete(tenant, *request, [answer](const absl::Status& status) {
      answer(status.ok() ? absl::StatusOr<google::protobuf::Empty>(google::protobuf::Empty()) : status);
    });
  });
}

Reactor* WebhookService::TestWebhook(Context* context, const v1::TestWebhookRequest* request,
                                     v1::InvocationResult* response) {
  return Serve(context, draining_, response, [&](const std::string& tenant, const auto& answer) {
    tester_.Test(tenant, *request, TimeLeft(*context), answer, TraceOf(*context));
  });
}

Reactor* WebhookService::PreviewWebhook(Context* context, const v1::PreviewWebhookRequest* request,
                                        v1::PreviewWebhookResponse* response) {
  return Serve(context, draining_, response,
               [&](const std::string& tenant, const auto& answer) { answer(tester_.Preview(tenant, *request)); });
}

Reactor* WebhookService::GetSigningSecret(Context* context, const v1::GetSigningSecretRequest* request,
                                          v1::SigningSecret* response) {
  return Serve(context, draining_, response, [&](const std::string& tenant, const auto& answer) {
    answer(registry_.GetSigningSecret(tenant, request->name()));
  });
}

Reactor* WebhookService::RotateSigningSecret(Context* context, const v1::RotateSigningSecretRequest* request,
                                             v1::SigningSecret* response) {
  return Serve(context, draining_, response, [&](const std::string& tenant, const auto& answer) {
    registry_.RotateSigningSecret(tenant, *request, answer);
  });
}

}  // namespace herald
