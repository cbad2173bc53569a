// The commands that talk to a server: the real binary against a server that answers by script.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_join.h"
#include "google/rpc/status.pb.h"
#include "src/core/errors.h"
#include "tests/cli/fake_server.h"
#include "tests/cli/run_herald.h"

namespace herald::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

grpc::Status WithDetails(const absl::Status& error) {
  google::rpc::Status details;
  details.set_code(static_cast<int>(error.code()));
  details.set_message(std::string(error.message()));
  error.ForEachPayload([&](absl::string_view type, const absl::Cord& value) {
    google::protobuf::Any* detail = details.add_details();
    detail->set_type_url(std::string(type));
    detail->set_value(std::string(value));
  });
  return {static_cast<grpc::StatusCode>(error.code()), details.message(), details.SerializeAsString()};
}

class RpcCommands : public ::testing::Test {
 protected:
  RunResult Run(const std::vector<std::string>& words, RunOptions options = {}) {
    options.environment.push_back("HERALD_SERVER=" + server_.address());
    return RunHerald(words, options);
  }
  Script& script() { return server_.script(); }

  FakeServer server_;
};

constexpr char kWebhook[] =
    R"(name: "webhooks/ops" uid: "u1" display_name: "Ops" state: ACTIVE triggers: "RequestCreated"
  triggers: "invoice.*" method: POST url: "https://hooks.example.com/***" headers { key: "x-key" value: "***" }
  filters { path: "$.data.environment" operator: IN values: "production" }
  body_template: "{\n  \"text\": 1\n}" timeout { seconds: 10 } update_time { seconds: 1696263265 } etag: "e1"
  warnings: "no event type \"RequestCreate\"; did you mean RequestCreated?")";

constexpr char kInvocation[] = R"(webhook: "webhooks/ops" test: true outcome: VALIDATION_FAILED
  message: "$.data.ok is false, not one of true"
  request { method: "POST" url: "https://hooks.example.com/***" headers { key: "content-type" value: "application/json" }
            body: "{\"text\":\"hi\"}" }
  response { status_code: 200 headers { key: "date" value: "today" } body: "{\"ok\":false}\033[2J" body_bytes: 12 }
  validations { json_path: "$.data.ok" operator: IN expected_values: "true" actual_values: "false"
                message: "false is not one of true" }
  timing { connect { nanos: 1500000 } total { seconds: 1 nanos: 20000000 } }
  remote_address: "203.0.113.7:443" http_version: "2")";

TEST_F(RpcCommands, CreateSendsTheFileAsChangedByFlags) {
  script().Answer("CreateWebhook", Text<v1::Webhook>(kWebhook));
  const RunResult result =
      Run({"webhooks",
           "create",
           "-",
           "--id",
           "ops",
           "--display_name",
           "Ops",
           "--header",
           "x-key=a=b",
           "--trigger",
           "b",
           "--trigger",
           "c",
           "--request_timeout",
           "1m",
           "--filter",
           R"({"path": "$.data.x", "values": ["1"]})",
           "--secret",
           "token=@" + WriteTestFile("secret", "s3cret"),
           "--success_status",
           "404"},
          {.input = R"({"displayName": "File", "triggers": ["a"], "headers": {"accept": "*/*"}})"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "created webhooks/ops\n");
  EXPECT_EQ(result.err, "warning: no event type \"RequestCreate\"; did you mean RequestCreated?\n");
  EXPECT_THAT(script().requests(),
              ElementsAre(::testing::AllOf(
                  HasSubstr("display_name: \"Ops\""), HasSubstr("triggers: \"b\" triggers: \"c\""),
                  HasSubstr("headers { key: \"accept\" value: \"*/*\" }"),
                  HasSubstr("headers { key: \"x-key\" value: \"a=b\" }"), HasSubstr("timeout { seconds: 60 }"),
                  HasSubstr("filters { path: \"$.data.x\" values: \"1\" }"),
                  HasSubstr("secrets { key: \"token\" value: \"s3cret\" }"), HasSubstr("success_statuses: 404"),
                  HasSubstr("webhook_id: \"ops\""), Not(HasSubstr("validate_only")))));
}

TEST_F(RpcCommands, CreateTakesTheIdFromTheFile) {
  script().Answer("CreateWebhook", Text<v1::Webhook>(kWebhook));
  const RunResult result =
      Run({"webhooks", "create", "-", "--validate-only", "--output=json"}, {.input = R"({"name": "webhooks/ops"})"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out,
              HasSubstr("{\n  \"name\": \"webhooks/ops\",\n  \"uid\": \"u1\",\n  \"display_name\": \"Ops\""));
  EXPECT_THAT(script().requests(), ElementsAre("CreateWebhook webhook { } webhook_id: \"ops\" validate_only: true"));
}

TEST_F(RpcCommands, ViolationsAreAList) {
  FieldViolations violations;
  violations.Add("webhook.url", "use https");
  violations.Add("webhook.filters[0].path", "position 1: expected $");
  script().Fail("CreateWebhook", WithDetails(violations.ToStatus()));
  const RunResult result = Run({"webhooks", "create", "--url", "http://x"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err,
            "error: 2 fields are wrong; the first is webhook.url: use https [INVALID_FIELDS]\n"
            "  - webhook.url: use https\n"
            "  - webhook.filters[0].path: position 1: expected $\n");
}

TEST_F(RpcCommands, ExitCodesFollowTheStatus) {
  const struct {
    absl::Status status;
    int exit_code;
    std::string sentence;
  } kCases[] = {
      {MakeError(absl::StatusCode::kNotFound, v1::WEBHOOK_NOT_FOUND, "no webhook \"a\""), 3,
       "error: no webhook \"a\" [WEBHOOK_NOT_FOUND]\n"},
      {MakeError(absl::StatusCode::kUnavailable, v1::DRAINING, "stopping"), 4, "error: stopping [DRAINING]\n"},
      {MakeError(absl::StatusCode::kAborted, v1::ETAG_MISMATCH, "changed"), 5, "error: changed [ETAG_MISMATCH]\n"},
      {QueueFullError(absl::Milliseconds(1500)), 5,
       "error: the queue is full; call again a little later [QUEUE_FULL]\n  try again in 1.5s\n"},
      {absl::InternalError(""), 5, "error: the server gave no reason\n"},
  };
  for (const auto& test : kCases) {
    FakeServer server;
    server.script().Fail("GetWebhook", WithDetails(test.status));
    const RunResult result = RunHerald({"webhooks", "get", "a", "--server", server.address()});
    EXPECT_EQ(result.exit_code, test.exit_code) << test.sentence;
    EXPECT_EQ(result.err, test.sentence);
  }
}

TEST_F(RpcCommands, GetShowsEveryField) {
  script().Answer("GetWebhook", Text<v1::Webhook>(kWebhook));
  const RunResult result = Run({"webhooks", "get", "ops"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("name           webhooks/ops\n"));
  EXPECT_THAT(result.out, HasSubstr("state          ● ACTIVE\n"));
  EXPECT_THAT(result.out, HasSubstr("filters        $.data.environment IN production\n"));
  EXPECT_THAT(result.out, HasSubstr("headers        x-key: ***\n"));
  EXPECT_THAT(result.out, HasSubstr("body template\n  {\n    \"text\": 1\n  }\n"));
  EXPECT_THAT(script().requests(), ElementsAre("GetWebhook name: \"webhooks/ops\""));
}

TEST_F(RpcCommands, ListIsATableWithDots) {
  v1::ListWebhooksResponse response;
  *response.add_webhooks() = Text<v1::Webhook>(kWebhook);
  *response.add_webhooks() = Text<v1::Webhook>(R"(name: "webhooks/b" display_name: "B" state: INACTIVE method: PUT
                                                  triggers: "*" url: "https://b.example.com")");
  script().Answer("ListWebhooks", response);
  const RunResult result = Run({"webhooks", "list", "--state", "active", "--label", "team=ops"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(
      result.out,
      "STATE       NAME          DISPLAY NAME  TRIGGERS                   METHOD  URL                            "
      "UPDATED\n"
      "● ACTIVE    webhooks/ops  Ops           RequestCreated, invoice.*  POST    https://hooks.example.com/***  "
      "2023-10-02 16:14:25Z\n"
      "○ INACTIVE  webhooks/b    B             *                          PUT     https://b.example.com          \n");
  EXPECT_THAT(script().requests(),
              ElementsAre("ListWebhooks page_size: 50 state: ACTIVE labels { key: \"team\" value: \"ops\" }"));
}

TEST_F(RpcCommands, ColoursAndWidthAreForTerminals) {
  v1::ListWebhooksResponse response;
  *response.add_webhooks() = Text<v1::Webhook>(kWebhook);
  script().Answer("ListWebhooks", response);
  const RunResult coloured = Run({"webhooks", "list"}, {.terminal = true});
  EXPECT_THAT(coloured.out, HasSubstr("\x1b[32m● ACTIVE\x1b[0m"));
  EXPECT_THAT(coloured.out, HasSubstr("…"));
  const RunResult plain = Run({"webhooks", "list"}, {.environment = {"NO_COLOR=1"}, .terminal = true});
  EXPECT_THAT(plain.out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(plain.out, HasSubstr("● ACTIVE"));
  EXPECT_THAT(Run({"webhooks", "list"}).out, Not(HasSubstr("…")));
}

TEST_F(RpcCommands, ListGoesThroughPagesUpToTheLimit) {
  v1::ListWebhooksResponse page;
  page.add_webhooks()->set_name("webhooks/a");
  page.add_webhooks()->set_name("webhooks/b");
  page.set_next_page_token("t2");
  v1::ListWebhooksResponse last = page;
  last.clear_next_page_token();
  script().Answer("ListWebhooks", page);
  script().Answer("ListWebhooks", page);
  script().Answer("ListWebhooks", last);
  const RunResult limited = Run({"webhooks", "list", "--limit", "3", "--output", "json"});
  EXPECT_EQ(limited.exit_code, 0) << limited.err;
  EXPECT_EQ(
      limited.out,
      "{\"name\":\"webhooks/a\"}\n{\"name\":\"webhooks/b\"}\n{\"name\":\"webhooks/a\"}\n{\"name\":\"webhooks/b\"}\n");
  EXPECT_EQ(limited.err, "there are more: --limit NUMBER shows more of them, --all all\n");
  const RunResult all = Run({"webhooks", "list", "--all", "--output", "json"});
  EXPECT_EQ(all.err, "");
  EXPECT_THAT(script().requests(),
              ElementsAre("ListWebhooks page_size: 3", "ListWebhooks page_size: 1 page_token: \"t2\"",
                          "ListWebhooks page_size: 1000"));
}

TEST_F(RpcCommands, UpdateMasksWhatIsGiven) {
  script().Answer("UpdateWebhook", Text<v1::Webhook>(kWebhook));
  const RunResult result =
      Run({"webhooks", "update", "ops", "--state", "INACTIVE", "--clear", "filters", "--etag", "e1"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "updated webhooks/ops\n");
  EXPECT_THAT(script().requests(),
              ElementsAre("UpdateWebhook webhook { name: \"webhooks/ops\" state: INACTIVE etag: \"e1\" } "
                          "update_mask { paths: \"filters\" paths: \"state\" }"));
}

TEST_F(RpcCommands, UpdateWithAFileLeavesOutWhatHeraldSets) {
  script().Answer("UpdateWebhook", Text<v1::Webhook>(kWebhook));
  const RunResult result =
      Run({"webhooks", "update", "ops", "-"},
          {.input = R"({"name": "webhooks/other", "uid": "u1", "etag": "e1", "labels": {}, "url": "https://x"})"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(
      script().requests(),
      ElementsAre("UpdateWebhook webhook { name: \"webhooks/ops\" uid: \"u1\" url: \"https://x\" etag: \"e1\" } "
                  "update_mask { paths: \"labels\" paths: \"url\" }"));
}

TEST_F(RpcCommands, UpdateAddsAHeaderToThoseThatAreStored) {
  script().Answer("GetWebhook", Text<v1::Webhook>(kWebhook));
  script().Answer("UpdateWebhook", Text<v1::Webhook>(kWebhook));
  const RunResult result = Run({"webhooks", "update", "ops", "--header", "accept=*/*"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(
      script().requests(),
      ElementsAre("GetWebhook name: \"webhooks/ops\"",
                  "UpdateWebhook webhook { name: \"webhooks/ops\" headers { key: \"accept\" value: \"*/*\" } "
                  "headers { key: \"x-key\" value: \"***\" } etag: \"e1\" } update_mask { paths: \"headers\" }"));
}

TEST_F(RpcCommands, DeleteTellsWhatIsGone) {
  script().Answer("DeleteWebhook", google::protobuf::Empty());
  EXPECT_EQ(Run({"webhooks", "delete", "webhooks/ops"}).out, "deleted webhooks/ops\n");
  EXPECT_EQ(Run({"webhooks", "delete", "ops", "--output", "json"}).out, "{}\n");
}

TEST_F(RpcCommands, TestPrintsTheWholeInvocation) {
  script().Answer("TestWebhook", Text<v1::InvocationResult>(kInvocation));
  const RunResult result = Run({"webhooks", "test", "ops"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.out,
            "Test failed\n"
            "VALIDATION_FAILED: $.data.ok is false, not one of true\n"
            "\n"
            "Request\n"
            "  POST https://hooks.example.com/***\n"
            "  content-type: application/json\n"
            "\n"
            "  {\n"
            "    \"text\": \"hi\"\n"
            "  }\n"
            "\n"
            "Response\n"
            "  200, 12 bytes\n"
            "  date: today\n"
            "\n"
            "  {\"ok\":false}\\x1b[2J\n"
            "\n"
            "Validations\n"
            "  ✗ $.data.ok IN true\n"
            "    saw false\n"
            "    false is not one of true\n"
            "\n"
            "Timing\n"
            "  connect  1.5ms\n"
            "  total    1.02s\n"
            "  address  203.0.113.7:443\n"
            "  HTTP     2\n");
  EXPECT_THAT(script().requests(), ElementsAre("TestWebhook name: \"webhooks/ops\""));
}

TEST_F(RpcCommands, TestThatSucceedsExitsWithZero) {
  script().Answer("TestWebhook", Text<v1::InvocationResult>("outcome: SUCCEEDED message: \"x answered 200\""));
  const RunResult result = Run({"webhooks", "test", "-", "--url", "https://x"}, {.input = R"({"name": "webhooks/a"})"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("Test successful\nSUCCEEDED: x answered 200\n"));
  EXPECT_THAT(script().requests(), ElementsAre("TestWebhook webhook { url: \"https://x\" }"));
}

TEST_F(RpcCommands, TestOfASavedWebhookAsEdited) {
  script().Answer("GetWebhook", Text<v1::Webhook>("name: \"webhooks/a\" url: \"https://x/***\" display_name: \"A\""));
  script().Answer("TestWebhook", Text<v1::InvocationResult>("outcome: BLOCKED"));
  const std::string event = WriteTestFile("event", R"({"type": "t", "data": {"n": 12345678901234567890}})");
  const RunResult result = Run({"webhooks", "test", "a", "--display_name", "B", "--event", event, "--output", "json"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.out, "{\n  \"outcome\": \"BLOCKED\"\n}\n");
  EXPECT_THAT(script().requests(),
              ElementsAre("GetWebhook name: \"webhooks/a\"",
                          "TestWebhook webhook { name: \"webhooks/a\" display_name: \"B\" url: \"https://x/***\" } "
                          "event { type: \"t\" data_json: \"{\\\"n\\\":12345678901234567890}\" }"));
}

TEST_F(RpcCommands, PreviewShowsRequestRulesAndTags) {
  script().Answer("PreviewWebhook", Text<v1::PreviewWebhookResponse>(R"(
      request { method: "POST" url: "https://x" body: "hi" }
      verdicts { rule: "triggers" passed: true values: "RequestCreated" }
      verdicts { rule: "filters[0]" message: "$.data.x selects nothing" }
      positions { line: 1 column: 3 tag: "{{x}}" position: "JSON value" })"));
  const RunResult result = Run({"webhooks", "preview", "ops"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out,
            "nothing was sent\n\nRequest\n  POST https://x\n\n  hi\n\n"
            "Rules\n  ✓ triggers  saw RequestCreated\n  ✗ filters[0]  saw nothing\n    $.data.x selects nothing\n\n"
            "Tags\nLINE  COLUMN  TAG    POSITION\n1     3       {{x}}  JSON value\n");
}

constexpr char kDispatched[] = R"(event { name: "events/e1" type: "t" } delivery_count: 101
  deliveries { name: "deliveries/dlv_1" webhook: "webhooks/ops" event_type: "t" state: SUCCEEDED attempt_count: 1
               last_result { outcome: SUCCEEDED attempt: 1 message: "x answered 200" } })";

TEST_F(RpcCommands, DispatchWithWaitPrintsDeliveriesAndResults) {
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

TEST_F(RpcCommands, DispatchWithWaitFailsUnlessEveryDeliverySucceeded) {
  v1::DispatchEventResponse response = Text<v1::DispatchEventResponse>(kDispatched);
  response.add_deliveries()->set_state(v1::Delivery::RETRYING);
  script().Answer("DispatchEvent", response);
  EXPECT_EQ(Run({"events", "dispatch", "--type", "t", "--wait"}).exit_code, 1);
  EXPECT_EQ(Run({"events", "dispatch", "--type", "t"}).exit_code, 0);
}

TEST_F(RpcCommands, DispatchOfAnArrayIsOneBatch) {
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

TEST_F(RpcCommands, EventsAreListedAndShown) {
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

TEST_F(RpcCommands, ExplainNamesTheRuleThatSaidNo) {
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
            "○ does not fire  webhooks/b  B\n  ✗ filters[0]  saw staging\n    not one of production\n"
            "  the request cannot be made: line 1, column 2: no\n");
  Run({"events", "explain", "--type", "t", "--output", "json"});
  EXPECT_THAT(script().requests(),
              ElementsAre("ExplainEvent event_name: \"events/e1\" webhook: \"webhooks/a\" page_size: 50",
                          "ExplainEvent event { type: \"t\" } page_size: 50"));
}

TEST_F(RpcCommands, DeliveriesAreListedAndShown) {
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

TEST_F(RpcCommands, InvocationsAreATableOrWhole) {
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

TEST_F(RpcCommands, EventTypesAreListedAndShown) {
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

TEST_F(RpcCommands, ServerInfo) {
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
