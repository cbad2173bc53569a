// Webhooks for people.

#ifndef HERALD_CLIENTS_CLI_WEBHOOK_TEXT_H_
#define HERALD_CLIENTS_CLI_WEBHOOK_TEXT_H_

#include <string>
#include <vector>

#include "clients/cli/output.h"
#include "herald/v1/webhook.pb.h"

namespace herald::cli {

std::vector<std::string> WebhookHeader();
std::vector<Cell> WebhookRow(const v1::Webhook& webhook);

// Every field that is set.
void PrintWebhook(const v1::Webhook& webhook, Output& output);

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_WEBHOOK_TEXT_H_
