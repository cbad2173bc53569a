#include "tests/e2e/ledger_webhook.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace herald {
namespace {

constexpr char kHost[] = "ledger.example.com";

}  // namespace

Receiver::Options LedgerReceiver(const TestCa& ca) { return {.ca = &ca, .hosts = {kHost}}; }

HeraldProcess::Options LedgerOptions(const TestCa& ca, const Receiver& receiver, const TempDir* directory,
                                     std::vector<std::string> flags) {
  return {.store = directory == nullptr ? "memory" : "sqlite:" + directory->File("herald.db"),
          .ca = &ca,
          .receiver = &receiver,
          .hosts = {kHost},
          .flags = std::move(flags)};
}

void CreateLedgerWebhook(HeraldProcess& herald, const std::string& fields) {
  const auto request = FromJson<v1::CreateWebhookRequest>(absl::StrCat(
      R"({"webhook_id": "ledger", "webhook": {"display_name": "Ledger", "triggers": ["*"], "url": "https://)", kHost,
      "/in\"", fields.empty() ? "" : ", ", fields, "}}"));
  v1::Webhook created;
  grpc::ClientContext context;
  const grpc::Status status = herald.webhooks().CreateWebhook(&context, request, &created);
  ASSERT_TRUE(status.ok()) << status.error_message();
}

}  // namespace herald
