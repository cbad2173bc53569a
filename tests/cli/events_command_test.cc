// herald events.

#include "tests/cli/rpc_commands.h"

namespace herald::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class EventsCommands : public RpcCommands {};

constexpr char kDispatched[] = R"(event { name: "events/e1" type: "t" } delivery_count: 101
  deliveries { name: "deliveries/dlv_1" webhook: "webhooks/ops" event_type: "t" state: SUCCEEDED attempt_count: 1
               last_result { outcome: SUCCEEDED attempt: 1 message: "x answered 200" } })";

TEST_F(EventsCommands, DispatchWithWaitPrintsDeliveriesAndResults) {
  script().Answer("DispatchEvent", Text<v1::DispatchEventResponse>(kDispatched));
  const RunResult result =
      Run({"events", "dispatch", "-", "--wait", "--id", "e1", "--attribute", "k=v"},
          {.input = R"({"type": "t", "time": "2023-10-02T16:14:25.851898Z", "data": {"n": 1.50}})"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("accepted events/e1: 101 deliveries\n"));
  EXPECT_THAT(result.out, HasSubstr("SUCCEEDED  deliveries/dlv_1  t"));
  EXPECT_THAT(result.out, HasSubstr("and 100 more\n"));
  EXPECT_THAT(result.out, HasSubstr("deliveries/dlv_1 to webhooks/ops\nSUCCEEDED, attempt 1: x answered 200\n"));
  EXPECT_THAT(script().requests(),
              ElementsAre("DispatchEvent event { id: \"e1\" type: \"t\" time { seconds: 1696263265 nanos: 851898000 } "
                          "data_json: \"{\\\"n\\\":1.50}\" attributes { key: \"k\" value: \"v\" } } wait: true"));
}

TEST_F(EventsCommands, DispatchWithWaitFailsUnlessEveryDeliverySucceeded) {
  v1::DispatchEventResponse response = Text<v1::DispatchEventResponse>(kDispatched);
  response.add_deliveries()->set_state(v1::Delivery::RETRYING);
  script().Answer("DispatchEvent", response);
  EXPECT_EQ(Run({"events", "dispatch", "--type", "t", "--wait"}).exit_code, 1);
  EXPECT_EQ(Run({"events", "dispatch", "--type", "t"}).exit_code, 0);
}

TEST_F(EventsCommands, DispatchOfAnArrayIsOneBatch) {
  v1::BatchDispatchEventsResponse response = Text<v1::BatchDispatchEventsResponse>(
      "results { event { name: \"events/a\" } duplicate: true delivery_count: 1 }");
  auto* error = response.add_results()->mutable_error();
  error->set_code(3);
  error->set_message("type is missing");
  script().Answer("BatchDispatchEvents", response);
  const RunResult result = Run({"events", "dispatch", "-"}, {.input = R"([{"type": "t"}, {"data": {}}])"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.out, "[0] already accepted events/a: 1 delivery\n");
  EXPECT_EQ(result.err, "[1] error: type is missing\n");
  EXPECT_THAT(script().requests(),
              ElementsAre("BatchDispatchEvents events { type: \"t\" } events { data_json: \"{}\" }"));
  EXPECT_THAT(Run({"events", "dispatch", "-"}, {.input = R"([{"type": "t"}, {"tpye": "t"}])"}).err,
              HasSubstr("standard input: [1]: Event has no field \"tpye\"; did you mean type?"));
  EXPECT_EQ(Run({"events", "dispatch", "-", "--wait"}, {.input = "[{}, {}]"}).exit_code, 2);
}

TEST_F(EventsCommands, EventsAreListedAndShown) {
  const auto event = Text<v1::Event>(R"(name: "events/e1" type: "t" time { seconds: 1 } data_json: "{\"a\":1.50}")");
  v1::ListEventsResponse response;
  *response.add_events() = event;
  script().Answer("ListEvents", response);
  script().Answer("GetEvent", event);
  EXPECT_THAT(Run({"events", "list", "--type", "t", "--start", "1970-01-01T00:00:01Z"}).out,
              HasSubstr("events/e1  t     1970-01-01 00:00:01Z"));
  EXPECT_THAT(Run({"events", "get", "e1"}).out, HasSubstr("data\n  {\n    \"a\": 1.50\n  }\n"));
  EXPECT_THAT(Run({"events", "get", "e1", "--output", "json"}).out, HasSubstr("\"data\": {\n    \"a\": 1.50\n  }"));
  EXPECT_EQ(script().requests()[0], "ListEvents page_size: 50 type: \"t\" range { start_time { seconds: 1 } }");
}

TEST_F(EventsCommands, ExplainNamesTheRuleThatSaidNo) {
  script().Answer("ExplainEvent", Text<v1::ExplainEventResponse>(R"(
      explanations { webhook: "webhooks/a" display_name: "A" would_fire: true
                     verdicts { rule: "state" passed: true values: "ACTIVE" }
                     request { method: "POST" url: "https://x" } }
      explanations { webhook: "webhooks/b" display_name: "B"
                     verdicts { rule: "filters[0]" values: "staging" message: "not one of production" }
                     request_error: "line 1, column 2: no" })"));
  const RunResult result = Run({"events", "explain", "events/e1", "--webhook", "a"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out,
            "● fires  webhooks/a  A\n  ✓ state  saw ACTIVE\n\nRequest\n  POST https://x\n"
            "○ does not fire  webhooks/b  B\n  ✗ filters[0]  not one of production\n    saw staging\n"
            "  the request cannot be made: line 1, column 2: no\n");
  Run({"events", "explain", "--type", "t", "--output", "json"});
  EXPECT_THAT(script().requests(),
              ElementsAre("ExplainEvent event_name: \"events/e1\" webhook: \"webhooks/a\" page_size: 50",
                          "ExplainEvent event { type: \"t\" } page_size: 50"));
}

}  // namespace
}  // namespace herald::cli
