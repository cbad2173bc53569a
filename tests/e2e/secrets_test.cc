// No secret leaves Herald but in the request itself, or as the answer to who asks for a signing secret: a busy run with
// planted secrets, and then everything is read that it said.

#include <gtest/gtest.h>
#include <httplib.h>

#include <atomic>
#include <csignal>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/mutex.h"
#include "tests/e2e/herald_process.h"
#include "tests/support/temp_dir.h"

namespace herald {
namespace {

constexpr char kPlanted[] = "PLANTED-SECRET";

// Everything that was said to a caller, as text.
class Said {
 public:
  template <typename Message>
  void Add(const Message& message) {
    text_ += message.DebugString();
  }
  void Add(const grpc::Status& status) { text_ += status.error_message() + status.error_details(); }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

template <typename Request, typename Response, typename Stub>
Response Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*), Stub& stub,
              const Request& request, Said& said) {
  Response response;
  grpc::ClientContext context;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  said.Add(response);
  said.Add(status);
  return response;
}

// Rotates by a secret that is refused, then by none; gives the base64 of those that sign. Only the refusal is said.
std::vector<std::string> RotateAndGetSecrets(v1::WebhookService::Stub& stub, Said& said) {
  v1::RotateSigningSecretRequest request;
  request.set_name("webhooks/planted");
  request.set_secret("whsec_PLANTED-SECRET-KEY");
  Call(&v1::WebhookService::Stub::RotateSigningSecret, stub, request, said);
  request.clear_secret();
  v1::SigningSecret rotated;
  grpc::ClientContext context;
  EXPECT_TRUE(stub.RotateSigningSecret(&context, request, &rotated).ok());
  std::vector<std::string> secrets;
  for (const v1::Signing::Secret& secret : rotated.secrets()) secrets.push_back(secret.value().substr(6));
  EXPECT_EQ(secrets.size(), 2u);
  return secrets;
}

v1::Webhook PlantedWebhook() {
  return FromJson<v1::Webhook>(R"({
    "display_name": "Planted", "triggers": ["*"], "url": "https://hooks.slack.com/PLANTED-SECRET-PATH?q=PLANTED-SECRET-QUERY",
    "headers": {"authorization": "Bearer PLANTED-SECRET-HEADER", "x-other": "{{@secret.other}}"},
    "secrets": {"token": "PLANTED-SECRET-VALUE", "other": "PLANTED-SECRET-OTHER"},
    "body_template": "{\"token\":\"{{@secret.token}}\",\"half\":\"{{truncate @secret.other 20}}\",\"id\":\"{{event_id}}\"}",
    "response_validators": [{"json_path": "$.data", "expected_values": ["ok"]}],
    "retry_policy": {"schedule": ["0.05s"], "max_attempts": 3}})");
}

TEST(Secrets, AppearNowhereButInTheRequest) {
  TempDir directory;
  TestCa ca;
  Mutex mutex;
  std::vector<std::string> signing_secrets;  // guarded by mutex; the receiver has them, too
  Receiver receiver({.ca = &ca, .hosts = {"hooks.slack.com"}});
  // The receiver echoes all that it got, in body and headers, with every sort of answer.
  std::atomic<int> count{0};
  receiver.Handle([&](const ReceivedRequest& request) {
    const int statuses[] = {200, 400, 503, 500};
    ScriptedAnswer answer{.status = statuses[count++ % 4]};
    answer.headers = {{"x-echo", std::string(request.Header("authorization"))}};
    answer.body = request.target + " " + request.body + " " + std::string(request.Header("x-other"));
    MutexLock lock(mutex);
    for (const std::string& secret : signing_secrets) absl::StrAppend(&answer.body, " whsec_", secret, " or ", secret);
    return answer;
  });
  HeraldProcess herald({.store = "sqlite:" + directory.File("herald.db"),
                        .ca = &ca,
                        .receiver = &receiver,
                        .hosts = {"hooks.slack.com"},
                        .flags = {"--log_level=debug"}});
  ASSERT_NE(herald.address(), "");
  Said said;
  using W = v1::WebhookService::Stub;
  v1::CreateWebhookRequest create;
  create.set_webhook_id("planted");
  *create.mutable_webhook() = PlantedWebhook();
  Call(&W::CreateWebhook, herald.webhooks(), create, said);
  Call(&W::CreateWebhook, herald.webhooks(), create, said);  // taken
  create.mutable_webhook()->set_url("https://hooks.slack.com:99/PLANTED-SECRET-PATH#PLANTED-SECRET");
  (*create.mutable_webhook()->mutable_headers())["bad header"] = "PLANTED-SECRET\r\n";
  (*create.mutable_webhook()->mutable_secrets())["bad name!"] = std::string(5000, 'x') + kPlanted;
  create.mutable_webhook()->set_body_template("{{{@secret.token}}}{{{@secret.token}}}");
  Call(&W::CreateWebhook, herald.webhooks(), create, said);  // wrong everywhere

  v1::TestWebhookRequest test;
  *test.mutable_webhook() = PlantedWebhook();
  for (int i = 0; i < 4; ++i) Call(&W::TestWebhook, herald.webhooks(), test, said);
  const std::vector<std::string> secrets = RotateAndGetSecrets(herald.webhooks(), said);
  {
    MutexLock lock(mutex);
    signing_secrets = secrets;
  }
  test.set_name("webhooks/planted");
  Call(&W::TestWebhook, herald.webhooks(), test, said);
  v1::PreviewWebhookRequest preview;
  preview.set_name("webhooks/planted");
  Call(&W::PreviewWebhook, herald.webhooks(), preview, said);
  v1::UpdateWebhookRequest update;
  update.mutable_webhook()->set_name("webhooks/planted");
  update.mutable_webhook()->set_url("https://other.example.com/***");
  Call(&W::UpdateWebhook, herald.webhooks(), update, said);

  v1::DispatchEventRequest dispatch;
  dispatch.mutable_event()->set_type("RequestCreated");
  dispatch.set_wait(true);
  for (int i = 0; i < 12; ++i) Call(&v1::EventService::Stub::DispatchEvent, herald.events(), dispatch, said);
  v1::ExplainEventRequest explain;
  explain.mutable_event()->set_type("RequestCreated");
  explain.set_webhook("webhooks/planted");
  Call(&v1::EventService::Stub::ExplainEvent, herald.events(), explain, said);

  v1::GetWebhookRequest get;
  get.set_name("webhooks/planted");
  const v1::Webhook shown = Call(&W::GetWebhook, herald.webhooks(), get, said);
  EXPECT_EQ(shown.url(), "https://hooks.slack.com/***");
  EXPECT_EQ(shown.secrets().at("token"), "***");
  EXPECT_EQ(shown.headers().at("authorization"), "***");
  Call(&W::ListWebhooks, herald.webhooks(), v1::ListWebhooksRequest(), said);
  v1::ListDeliveriesRequest list;
  list.set_view(v1::View::FULL);
  const auto deliveries = Call(&v1::DeliveryService::Stub::ListDeliveries, herald.deliveries(), list, said);
  EXPECT_EQ(deliveries.deliveries_size(), 12);
  for (const v1::Delivery& delivery : deliveries.deliveries()) {
    v1::ListInvocationsRequest invocations;
    invocations.set_delivery(delivery.name());
    Call(&v1::DeliveryService::Stub::ListInvocations, herald.deliveries(), invocations, said);
    v1::GetDeliveryRequest get_delivery;
    get_delivery.set_name(delivery.name());
    Call(&v1::DeliveryService::Stub::GetDelivery, herald.deliveries(), get_delivery, said);
  }
  const auto events = Call(&v1::EventService::Stub::ListEvents, herald.events(), v1::ListEventsRequest(), said);
  ASSERT_EQ(events.events_size(), 12);
  v1::GetEventRequest get_event;
  get_event.set_name(events.events(0).name());
  Call(&v1::EventService::Stub::GetEvent, herald.events(), get_event, said);
  v1::BatchDispatchEventsRequest batch;
  batch.add_events()->set_type("RequestCreated");
  batch.add_events()->set_type(" wrong ");
  Call(&v1::EventService::Stub::BatchDispatchEvents, herald.events(), batch, said);
  Call(&v1::ServerService::Stub::GetServerInfo, herald.server(), v1::GetServerInfoRequest(), said);
  const httplib::Result metrics = httplib::Client("http://" + herald.http_address()).Get("/metrics");
  ASSERT_TRUE(metrics);
  EXPECT_NE(metrics->body.find("herald_attempts_total"), std::string::npos);
  herald.Signal(SIGTERM);
  EXPECT_TRUE(herald.ExitsWith(0));

  // The run did use them.
  ASSERT_GE(receiver.request_count(), 16);
  EXPECT_NE(receiver.requests().back().body.find("PLANTED-SECRET-VALUE"), std::string::npos);
  const std::string log = ReadFile(herald.log_file());
  EXPECT_NE(log.find("serving"), std::string::npos);
  EXPECT_FALSE(receiver.requests().back().Header("webhook-signature").empty());
  std::vector<std::string> wanted = secrets;
  wanted.emplace_back(kPlanted);
  for (const std::string& secret : wanted) {
    for (const std::string* text : {&said.text(), &log, &metrics->body}) {
      const size_t at = text->find(secret);
      EXPECT_EQ(at, std::string::npos) << text->substr(at > 300 ? at - 300 : 0, 600);
    }
  }
}

}  // namespace
}  // namespace herald
