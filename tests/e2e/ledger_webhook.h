// What many tests deliver to: "webhooks/ledger", which takes every event at https://ledger.example.com/in.

#ifndef HERALD_TESTS_E2E_LEDGER_WEBHOOK_H_
#define HERALD_TESTS_E2E_LEDGER_WEBHOOK_H_

#include <string>
#include <vector>

#include "tests/e2e/herald_process.h"
#include "tests/support/receiver.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_ca.h"

namespace herald {

// A receiver that stands for ledger.example.com, with a certificate of `ca`.
Receiver::Options LedgerReceiver(const TestCa& ca);
// A server that sends there, on the store file herald.db in `directory`; null: in memory. What is named outlives it.
HeraldProcess::Options LedgerOptions(const TestCa& ca, const Receiver& receiver, const TempDir* directory,
                                     std::vector<std::string> flags = {});

// Creates it. `fields` are further ones of its own, in protobuf JSON: R"("timeout": "60s")". The test fails when the
// server refuses it.
void CreateLedgerWebhook(HeraldProcess& herald, const std::string& fields = "");

}  // namespace herald

#endif  // HERALD_TESTS_E2E_LEDGER_WEBHOOK_H_
