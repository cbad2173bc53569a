// herald webhooks.

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "google/protobuf/empty.pb.h"
#include "src/core/field_mask.h"
#include "tests/cli/rpc_commands.h"

namespace herald::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class WebhooksCommands : public RpcCommands {};

constexpr char kWebhook[] =
    R"(name: "webhooks/ops" uid: "u1" display_name: "Ops" state: ACTIVE triggers: "RequestCreated"
  triggers: "invoice.*" method: POST url: "https://hooks.example.com/***" headers { key: "x-key" value: "***" }
  filters { path: "$.data.environment" operator: IN values: "production" }
  body_template: "{\n  \"text\": 1\n}" timeout { seconds: 10 } update_time { seconds: 1696263265 } etag: "e1"
  warnings: "no event type \"RequestCreate\"; did you mean RequestCreated?")";

TEST_F(WebhooksCommands, CreateSendsTheFileAsChangedByFlags) {
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
           "404",
           "--rate_limit",
           R"({"requests_per_second": 0.5, "burst": 3})",
           "--max_in_flight",
           "7"},
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
                  HasSubstr("rate_limit { requests_per_second: 0.5 burst: 3 } max_in_flight: 7"),
                  HasSubstr("webhook_id: \"ops\""), Not(HasSubstr("validate_only")))));
}

TEST_F(WebhooksCommands, CreateTakesTheIdFromTheFile) {
  script().Answer("CreateWebhook", Text<v1::Webhook>(kWebhook));
  const RunResult result =
      Run({"webhooks", "create", "-", "--validate-only", "--output=json"}, {.input = R"({"name": "webhooks/ops"})"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out,
              HasSubstr("{\n  \"name\": \"webhooks/ops\",\n  \"uid\": \"u1\",\n  \"display_name\": \"Ops\""));
  EXPECT_THAT(script().requests(), ElementsAre("CreateWebhook webhook { } webhook_id: \"ops\" validate_only: true"));
}

TEST_F(WebhooksCommands, GetShowsEveryField) {
  auto webhook = Text<v1::Webhook>(kWebhook);
  webhook.MergeFrom(Text<v1::Webhook>(R"(rate_limit { requests_per_second: 5 } max_in_flight: 7 disabled_reason: GONE
      disable_time { seconds: 1696263265 } health { consecutive_failures: 3 breaker: OPEN })"));
  script().Answer("GetWebhook", webhook);
  const RunResult result = Run({"webhooks", "get", "ops"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("name           webhooks/ops\n"));
  EXPECT_THAT(result.out, HasSubstr("state          ● ACTIVE\n"));
  EXPECT_THAT(result.out, HasSubstr("filters        $.data.environment IN production\n"));
  EXPECT_THAT(result.out, HasSubstr("headers        x-key: ***\n"));
  EXPECT_THAT(result.out, HasSubstr("disabled       GONE since 2023-10-02 16:14:25Z\n"));
  EXPECT_THAT(result.out, HasSubstr("rate limit     {\"requests_per_second\":5}\n"));
  EXPECT_THAT(result.out, HasSubstr("max in flight  7\n"));
  EXPECT_THAT(result.out, HasSubstr("health         {\"consecutive_failures\":3,\"breaker\":\"OPEN\"}\n"));
  EXPECT_THAT(result.out, HasSubstr("body template\n  {\n    \"text\": 1\n  }\n"));
  EXPECT_THAT(script().requests(), ElementsAre("GetWebhook name: \"webhooks/ops\""));
}

TEST_F(WebhooksCommands, AuthenticationComesFromAFile) {
  const std::string file = WriteTestFile("auth.json", R"({"basic": {"username": "herald", "password": "s3cret"}})");
  script().Answer("UpdateWebhook", Text<v1::Webhook>(kWebhook));
  EXPECT_EQ(Run({"webhooks", "update", "ops", "--authentication", "@" + file}).exit_code, 0);
  EXPECT_THAT(
      script().requests(),
      ElementsAre("UpdateWebhook webhook { name: \"webhooks/ops\" authentication { basic { username: \"herald\" "
                  "password: \"s3cret\" } } } update_mask { paths: \"authentication\" }"));
}

TEST_F(WebhooksCommands, PeopleMaySetTwoStatesAndListThree) {
  const RunResult refused = Run({"webhooks", "update", "ops", "--state", "DISABLED"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_EQ(refused.err, "error: --state is \"DISABLED\"; it has to be one of ACTIVE, INACTIVE\n");
  script().Answer("ListWebhooks", v1::ListWebhooksResponse());
  EXPECT_EQ(Run({"webhooks", "list", "--state", "disabled"}).exit_code, 0);
  EXPECT_THAT(script().requests(), ElementsAre("ListWebhooks page_size: 50 state: DISABLED"));
}

// A field is known by its own name, or for a list by that of one element.
TEST_F(WebhooksCommands, EveryFieldThatPeopleSetHasAFlag) {
  const std::string help = Run({"webhooks", "create", "--help"}).out;
  const std::vector<absl::string_view>& output_only = OutputOnlyFields(*v1::Webhook::descriptor());
  for (int i = 0; i < v1::Webhook::descriptor()->field_count(); ++i) {
    const std::string name = v1::Webhook::descriptor()->field(i)->name();
    if (std::find(output_only.begin(), output_only.end(), name) != output_only.end()) continue;
    const std::string one(absl::StripSuffix(name, name == "success_statuses" ? "es" : "s"));
    const std::string flag = name == "timeout" ? "request_timeout" : one;
    EXPECT_TRUE(absl::StrContains(help, "\n  --" + name + " ") || absl::StrContains(help, "\n  --" + flag + " "))
        << name;
  }
}

TEST_F(WebhooksCommands, ListIsATableWithDots) {
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

TEST_F(WebhooksCommands, ColoursAndWidthAreForTerminals) {
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

TEST_F(WebhooksCommands, ListGoesThroughPagesUpToTheLimit) {
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

TEST_F(WebhooksCommands, UpdateMasksWhatIsGiven) {
  script().Answer("UpdateWebhook", Text<v1::Webhook>(kWebhook));
  const RunResult result =
      Run({"webhooks", "update", "ops", "--state", "INACTIVE", "--clear", "filters", "--etag", "e1"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "updated webhooks/ops\n");
  EXPECT_THAT(script().requests(),
              ElementsAre("UpdateWebhook webhook { name: \"webhooks/ops\" state: INACTIVE etag: \"e1\" } "
                          "update_mask { paths: \"filters\" paths: \"state\" }"));
}

TEST_F(WebhooksCommands, UpdateWithAFileLeavesOutWhatHeraldSets) {
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

TEST_F(WebhooksCommands, UpdateAddsAHeaderToThoseThatAreStored) {
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

TEST_F(WebhooksCommands, DeleteTellsWhatIsGone) {
  script().Answer("DeleteWebhook", google::protobuf::Empty());
  EXPECT_EQ(Run({"webhooks", "delete", "webhooks/ops"}).out, "deleted webhooks/ops\n");
  EXPECT_EQ(Run({"webhooks", "delete", "ops", "--output", "json"}).out, "{}\n");
}

TEST_F(WebhooksCommands, TestPrintsTheWholeInvocation) {
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

TEST_F(WebhooksCommands, TestThatSucceedsExitsWithZero) {
  script().Answer("TestWebhook", Text<v1::InvocationResult>("outcome: SUCCEEDED message: \"x answered 200\""));
  const RunResult result = Run({"webhooks", "test", "-", "--url", "https://x"}, {.input = R"({"name": "webhooks/a"})"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("Test successful\nSUCCEEDED: x answered 200\n"));
  EXPECT_THAT(script().requests(), ElementsAre("TestWebhook webhook { url: \"https://x\" }"));
}

TEST_F(WebhooksCommands, TestOfASavedWebhookAsEdited) {
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

TEST_F(WebhooksCommands, PreviewShowsRequestRulesAndTags) {
  script().Answer("PreviewWebhook", Text<v1::PreviewWebhookResponse>(R"(
      request { method: "POST" url: "https://x" body: "hi" }
      verdicts { rule: "triggers" passed: true values: "RequestCreated" }
      verdicts { rule: "filters[0]" message: "$.data.x selects nothing" }
      positions { line: 1 column: 3 tag: "{{x}}" position: "JSON value" })"));
  const RunResult result = Run({"webhooks", "preview", "ops"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out,
            "nothing was sent\n\nRequest\n  POST https://x\n\n  hi\n\n"
            "Rules\n  ✓ triggers  saw RequestCreated\n  ✗ filters[0]  $.data.x selects nothing\n    saw nothing\n\n"
            "Tags\nLINE  COLUMN  TAG    POSITION\n1     3       {{x}}  JSON value\n");
}

}  // namespace
}  // namespace herald::cli
