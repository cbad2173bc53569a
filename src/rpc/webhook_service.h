// herald.v1.WebhookService over gRPC.

#ifndef HERALD_RPC_WEBHOOK_SERVICE_H_
#define HERALD_RPC_WEBHOOK_SERVICE_H_

#include "herald/v1/webhook_service.grpc.pb.h"
#include "src/engine/tester.h"
#include "src/engine/webhook_registry.h"
#include "src/rpc/call.h"

namespace herald {

class WebhookService final : public v1::WebhookService::CallbackService {
 public:
  WebhookService(WebhookRegistry& registry, Tester& tester, Draining& draining)
      : registry_(registry), tester_(tester), draining_(draining) {}

  grpc::ServerUnaryReactor* CreateWebhook(grpc::CallbackServerContext* context, const v1::CreateWebhookRequest* request,
                                          v1::Webhook* response) override;
  grpc::ServerUnaryReactor* GetWebhook(grpc::CallbackServerContext* context, const v1::GetWebhookRequest* request,
                                       v1::Webhook* response) override;
  grpc::ServerUnaryReactor* ListWebhooks(grpc::CallbackServerContext* context, const v1::ListWebhooksRequest* request,
                                         v1::ListWebhooksResponse* response) override;
  grpc::ServerUnaryReactor* UpdateWebhook(grpc::CallbackServerContext* context, const v1::UpdateWebhookRequest* request,
                                          v1::Webhook* response) override;
  grpc::ServerUnaryReactor* DeleteWebhook(grpc::CallbackServerContext* context, const v1::DeleteWebhookRequest* request,
                                          google::protobuf::Empty* response) override;
  grpc::ServerUnaryReactor* TestWebhook(grpc::CallbackServerContext* context, const v1::TestWebhookRequest* request,
                                        v1::InvocationResult* response) override;
  grpc::ServerUnaryReactor* PreviewWebhook(grpc::CallbackServerContext* context,
                                           const v1::PreviewWebhookRequest* request,
                                           v1::PreviewWebhookResponse* response) override;
  grpc::ServerUnaryReactor* GetSigningSecret(grpc::CallbackServerContext* context,
                                             const v1::GetSigningSecretRequest* request,
                                             v1::SigningSecret* response) override;
  grpc::ServerUnaryReactor* RotateSigningSecret(grpc::CallbackServerContext* context,
                                                const v1::RotateSigningSecretRequest* request,
                                                v1::SigningSecret* response) override;

 private:
  WebhookRegistry& registry_;
  Tester& tester_;
  Draining& draining_;
};

}  // namespace herald

#endif  // HERALD_RPC_WEBHOOK_SERVICE_H_
