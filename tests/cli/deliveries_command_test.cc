// herald deliveries, event-types and server.

#include "tests/cli/rpc_commands.h"

namespace herald::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class OtherCommands : public RpcCommands {};

TEST_F(OtherCommands, DeliveriesAreListedAndShown) {
  const auto delivery = Text<v1::Delivery>(R"(name: "deliveries/dlv_1" event: "events/e1" webhook: "webhooks/ops"
      event_type: "t" state: RETRYING attempt_count: 2 next_attempt_time { seconds: 60 }
      last_result { outcome: HTTP_FAILED attempt: 2 message: "x answered 500" })");
  v1::ListDeliveriesResponse response;
  *response.add_deliveries() = delivery;
  script().Answer("ListDeliveries", response);
  script().Answer("GetDelivery", delivery);
  const RunResult list =
      Run({"deliveries", "list", "--webhook", "ops", "--event", "e1", "--state", "retrying", "--type", "t"});
  EXPECT_THAT(list.out, HasSubstr("RETRYING  deliveries/dlv_1  t           webhooks/ops  2"));
  EXPECT_THAT(list.out, HasSubstr("1970-01-01 00:01:00Z  x answered 500\n"));
  EXPECT_THAT(Run({"deliveries", "get", "dlv_1"}).out,
              HasSubstr("\nLast result\nHTTP_FAILED, attempt 2: x answered 500\n"));
  EXPECT_THAT(script().requests(),
              ElementsAre("ListDeliveries page_size: 50 webhook: \"webhooks/ops\" event: \"events/e1\" state: RETRYING "
                          "event_type: \"t\" range { }",
                          "GetDelivery name: \"deliveries/dlv_1\""));
}

TEST_F(OtherCommands, DeliveriesAreRetriedAndCancelled) {
  const auto delivery = Text<v1::Delivery>(R"(name: "deliveries/dlv_1" state: RETRYING)");
  script().Answer("RetryDelivery", delivery);
  script().Answer("CancelDelivery", delivery);
  script().Answer("CancelDeliveries", Text<v1::CancelDeliveriesResponse>("cancelled_count: 7"));
  EXPECT_THAT(Run({"deliveries", "retry", "dlv_1", "--force"}).out, HasSubstr("RETRYING"));
  EXPECT_THAT(Run({"deliveries", "cancel", "dlv_1"}).out, HasSubstr("deliveries/dlv_1"));
  EXPECT_EQ(Run({"deliveries", "cancel", "--webhook", "ops", "--end", "1970-01-01T00:01:00Z"}).out,
            "cancelled 7 deliveries\n");
  EXPECT_EQ(Run({"deliveries", "cancel"}).exit_code, 2);
  EXPECT_EQ(Run({"deliveries", "cancel", "dlv_1", "--webhook", "ops"}).exit_code, 2);
  EXPECT_EQ(Run({"deliveries", "cancel", "dlv_1", "--start", "1970-01-01T00:01:00Z"}).exit_code, 2);
  EXPECT_THAT(
      script().requests(),
      ElementsAre("RetryDelivery name: \"deliveries/dlv_1\" force: true", "CancelDelivery name: \"deliveries/dlv_1\"",
                  "CancelDeliveries webhook: \"webhooks/ops\" range { end_time { seconds: 60 } }"));
}

TEST_F(OtherCommands, DeliveriesAreReplayed) {
  const auto replay = Text<v1::Replay>(R"(name: "replays/rpl_1" webhook: "webhooks/ops" states: FAILED states: CANCELLED
      range { end_time { seconds: 90 } } include_missed: true state: RUNNING matched: 7 replayed: 6
      progress_time { seconds: 60 } create_time { seconds: 90 } update_time { seconds: 91 })");
  script().Answer("ReplayDeliveries", replay);
  script().Answer("GetReplay", replay);
  v1::ListReplaysResponse response;
  *response.add_replays() = replay;
  script().Answer("ListReplays", response);
  const RunResult created = Run({"replays", "create", "ops", "--state", "failed", "--state", "CANCELLED", "--end",
                                 "1970-01-01T00:01:30Z", "--missed"});
  EXPECT_THAT(created.out, HasSubstr("state          RUNNING\n"));
  EXPECT_THAT(created.out, HasSubstr("sends again    FAILED, CANCELLED, missed events\n"));
  EXPECT_THAT(created.out, HasSubstr("looked at, to  1970-01-01 00:01:00Z\n"));
  EXPECT_THAT(Run({"replays", "get", "rpl_1", "--output", "json"}).out, HasSubstr("\"replayed\": \"6\""));
  EXPECT_THAT(Run({"replays", "list", "--webhook", "ops"}).out,
              HasSubstr("RUNNING  replays/rpl_1  webhooks/ops  FAILED, CANCELLED, missed events  7        6 "));
  EXPECT_THAT(script().requests(),
              ElementsAre("ReplayDeliveries webhook: \"webhooks/ops\" states: FAILED states: CANCELLED "
                          "range { end_time { seconds: 90 } } include_missed: true",
                          "GetReplay name: \"replays/rpl_1\"", "ListReplays page_size: 50 webhook: \"webhooks/ops\""));
}

TEST_F(OtherCommands, DeliveriesAreWatched) {
  script().Answer("WatchDeliveries", Text<v1::Delivery>(R"(name: "deliveries/dlv_1" webhook: "webhooks/ops"
      event_type: "t" state: FAILED attempt_count: 3 update_time { seconds: 60 }
      last_result { message: "x answered\t500" })"));
  const RunResult watched =
      Run({"deliveries", "watch", "--webhook", "ops", "--state", "failed", "--state", "RETRYING", "--limit", "2"});
  const std::string line =
      "1970-01-01 00:01:00Z FAILED deliveries/dlv_1 t to webhooks/ops, attempt 3: x answered\\t500\n";
  EXPECT_EQ(watched.out, line + line);
  EXPECT_EQ(watched.exit_code, 0);
  EXPECT_THAT(Run({"deliveries", "watch", "--limit", "1", "--output", "json"}).out, HasSubstr("\"FAILED\""));
  script().Fail("WatchDeliveries", {grpc::StatusCode::RESOURCE_EXHAUSTED, "too slow"});
  EXPECT_EQ(Run({"deliveries", "watch", "--limit", "1"}).exit_code, 0);
  EXPECT_EQ(Run({"deliveries", "watch"}).exit_code, 5);
  EXPECT_THAT(script().requests()[0], "WatchDeliveries webhook: \"webhooks/ops\" states: FAILED states: RETRYING");
}

TEST_F(OtherCommands, InvocationsAreATableOrWhole) {
  v1::ListInvocationsResponse response;
  *response.add_invocations() = Text<v1::InvocationResult>(kInvocation);
  response.mutable_invocations(0)->set_attempt(1);
  *response.add_invocations() = Text<v1::InvocationResult>("attempt: 2 outcome: SUCCEEDED");
  script().Answer("ListInvocations", response);
  EXPECT_THAT(Run({"deliveries", "invocations", "dlv_1"}).out,
              HasSubstr("1        VALIDATION_FAILED  200              1.02s"));
  const RunResult whole = Run({"deliveries", "invocations", "dlv_1", "--full"});
  EXPECT_THAT(whole.out, HasSubstr("VALIDATION_FAILED, attempt 1: "));
  EXPECT_THAT(whole.out, HasSubstr("  POST https://hooks.example.com/***\n"));
  EXPECT_THAT(whole.out, HasSubstr("\n----\n\nSUCCEEDED, attempt 2\n"));
}

TEST_F(OtherCommands, EventTypesAreListedAndShown) {
  const auto type = Text<v1::EventType>(R"(name: "eventTypes/RequestCreated" display_name: "Request created"
                                           description: "asked" sample_json: "{\"a\":1}" built_in: true)");
  v1::ListEventTypesResponse response;
  *response.add_event_types() = type;
  script().Answer("ListEventTypes", response);
  script().Answer("GetEventType", type);
  EXPECT_THAT(Run({"event-types", "list"}).out, HasSubstr("RequestCreated  Request created  asked\n"));
  EXPECT_THAT(Run({"event-types", "get", "RequestCreated"}).out, HasSubstr("\nSample\n{\n  \"a\": 1\n}\n"));
  EXPECT_EQ(script().requests()[1], "GetEventType name: \"eventTypes/RequestCreated\"");
}

TEST_F(OtherCommands, ServerInfo) {
  script().Answer("GetServerInfo", Text<v1::ServerInfo>(R"(version: "0.1.0" allowed_ports: 8443 allow_http: true
                                                           allowed_cidrs: "127.0.0.0/8" limits { fan_out_max: 7 })"));
  const RunResult result = Run({"server", "info"});
  EXPECT_THAT(result.out, HasSubstr("version    0.1.0\n"));
  EXPECT_THAT(result.out, HasSubstr("ports      80, 443, 8443\n"));
  EXPECT_THAT(result.out, HasSubstr("networks   public, 127.0.0.0/8\n"));
  EXPECT_THAT(result.out, HasSubstr("    \"fan_out_max\": 7\n"));
}

}  // namespace
}  // namespace herald::cli
