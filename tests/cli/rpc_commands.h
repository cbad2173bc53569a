// What the tests of commands that talk to a server have: the real binary against a server that answers by script.

#ifndef HERALD_TESTS_CLI_RPC_COMMANDS_H_
#define HERALD_TESTS_CLI_RPC_COMMANDS_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/cli/fake_server.h"
#include "tests/cli/run_herald.h"

namespace herald::cli {

class RpcCommands : public ::testing::Test {
 protected:
  RunResult Run(const std::vector<std::string>& words, RunOptions options = {}) {
    options.environment.push_back("HERALD_SERVER=" + server_.address());
    return RunHerald(words, options);
  }
  Script& script() { return server_.script(); }

  FakeServer server_;
};

// A test that failed for a validator.
inline constexpr char kInvocation[] = R"(webhook: "webhooks/ops" test: true outcome: VALIDATION_FAILED
  message: "$.data.ok is false, not one of true"
  request { method: "POST" url: "https://hooks.example.com/***" headers { key: "content-type" value: "application/json" }
            body: "{\"text\":\"hi\"}" }
  response { status_code: 200 headers { key: "date" value: "today" } body: "{\"ok\":false}\033[2J" body_bytes: 12 }
  validations { json_path: "$.data.ok" operator: IN expected_values: "true" actual_values: "false"
                message: "false is not one of true" }
  timing { connect { nanos: 1500000 } total { seconds: 1 nanos: 20000000 } }
  remote_address: "203.0.113.7:443" http_version: "2")";

}  // namespace herald::cli

#endif  // HERALD_TESTS_CLI_RPC_COMMANDS_H_
