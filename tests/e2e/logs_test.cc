// What the real server logs: one JSON object a line, and whoever reads of a delivery reads its event and webhook too.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "src/base/json.h"
#include "tests/e2e/ledger_webhook.h"

namespace herald {
namespace {

using ::testing::StartsWith;

using Line = std::map<std::string, std::string>;

std::vector<Line> LinesOf(const std::string& file) {
  std::vector<Line> lines;
  for (const absl::string_view text : absl::StrSplit(ReadFile(file), '\n', absl::SkipEmpty())) {
    const absl::StatusOr<JsonDocument> parsed = JsonDocument::Parse(text, {.refuse_duplicate_names = true});
    EXPECT_TRUE(parsed.ok()) << parsed.status() << ": " << text;
    if (!parsed.ok()) continue;
    Line& line = lines.emplace_back();
    for (const JsonMember& member : parsed->root().members()) {
      line[std::string(member.name)] = std::string(member.value.string());
    }
  }
  return lines;
}

TEST(Logs, AreJsonAndNameEventAndDelivery) {
  TestCa ca;
  Receiver receiver(LedgerReceiver(ca));
  HeraldProcess herald(LedgerOptions(ca, receiver, nullptr, {"--log_level=debug"}));
  CreateLedgerWebhook(herald, R"("retry_policy": {"max_attempts": 2, "schedule": ["3600s"]})");
  for (const int status : {200, 404, 500}) {
    receiver.Handle([status](const ReceivedRequest&) { return ScriptedAnswer{.status = status}; });
    v1::DispatchEventRequest dispatch;
    dispatch.mutable_event()->set_type("A");
    dispatch.set_wait(true);
    v1::DispatchEventResponse response;
    grpc::ClientContext context;
    ASSERT_TRUE(herald.events().DispatchEvent(&context, dispatch, &response).ok());
  }
  herald.Signal(SIGTERM);
  EXPECT_TRUE(herald.ExitsWith(0));

  std::map<std::string, std::string> level_of;  // by the state that the attempt led to
  for (const Line& line : LinesOf(herald.log_file())) {
    EXPECT_EQ(line.count("time") + line.count("level") + line.count("message"), 3u);
    EXPECT_EQ(line.count("event"), line.count("delivery")) << line.at("message");
    if (!line.contains("delivery") || line.at("message") != "attempt") continue;
    EXPECT_THAT(line.at("event"), StartsWith("events/"));
    EXPECT_THAT(line.at("delivery"), StartsWith("deliveries/"));
    EXPECT_EQ(line.at("webhook"), "webhooks/ledger");
    level_of[line.at("state")] = line.at("level");
  }
  const std::map<std::string, std::string> wanted = {
      {"SUCCEEDED", "debug"}, {"RETRYING", "info"}, {"FAILED", "warning"}};
  EXPECT_EQ(level_of, wanted);
}

}  // namespace
}  // namespace herald
