// How commands fail: exit codes, and what stands on standard error.

#include "google/rpc/status.pb.h"
#include "src/core/errors.h"
#include "tests/cli/rpc_commands.h"

namespace herald::cli {
namespace {

using ::testing::HasSubstr;

class ErrorsOfCommands : public RpcCommands {};

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

TEST_F(ErrorsOfCommands, ViolationsAreAList) {
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

TEST_F(ErrorsOfCommands, ASingleViolationIsToldOnce) {
  FieldViolations violations;
  violations.Add("webhook.url", "use https");
  script().Fail("CreateWebhook", WithDetails(violations.ToStatus()));
  EXPECT_EQ(Run({"webhooks", "create", "--url", "http://x"}).err, "error: webhook.url: use https [INVALID_FIELDS]\n");
}

TEST_F(ErrorsOfCommands, AViolationThatTheMessageLeavesOutIsTold) {
  FieldViolations violations;
  violations.Add("webhook.url", "use https");
  absl::Status status(absl::StatusCode::kInvalidArgument, "no");
  violations.ToStatus().ForEachPayload(
      [&](absl::string_view type, const absl::Cord& value) { status.SetPayload(type, value); });
  script().Fail("CreateWebhook", WithDetails(status));
  EXPECT_EQ(Run({"webhooks", "create", "--url", "http://x"}).err,
            "error: no [INVALID_FIELDS]\n  - webhook.url: use https\n");
}

TEST_F(ErrorsOfCommands, ExitCodesFollowTheStatus) {
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

TEST_F(ErrorsOfCommands, GlobalFlagsMayStandBeforeTheCommand) {
  const RunResult result = RunHerald({"--timeout", "5s", "--server=127.0.0.1:1", "webhooks", "list"});
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(result.err, HasSubstr("no Herald answers at 127.0.0.1:1"));
  EXPECT_THAT(result.err, HasSubstr("start heraldd, or give --server HOST:PORT or HERALD_SERVER"));
}

TEST_F(ErrorsOfCommands, EnvironmentNamesTheServer) {
  const RunResult result = RunHerald({"webhooks", "list"}, {.environment = {"HERALD_SERVER=127.0.0.1:1"}});
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(result.err, HasSubstr("no Herald answers at 127.0.0.1:1 "));
}

}  // namespace
}  // namespace herald::cli
