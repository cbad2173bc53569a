// herald webhooks signing-secret.

#include "tests/cli/rpc_commands.h"

namespace herald::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class SigningSecretCommands : public RpcCommands {};

constexpr char kSecrets[] = R"(webhook: "webhooks/ops"
  secrets { value: "whsk_bmV3" public_key: "whpk_bmV3" create_time { seconds: 1696263265 } }
  secrets { value: "whsec_b2xk" create_time { seconds: 1696263200 } expire_time { seconds: 1696349665 } })";

TEST_F(SigningSecretCommands, GetShowsEachWhole) {
  script().Answer("GetSigningSecret", Text<v1::SigningSecret>(kSecrets));
  const RunResult result = Run({"webhooks", "signing-secret", "get", "ops"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  for (const char* line : {"current secret  whsk_bmV3", "public key      whpk_bmV3", "former secret  whsec_b2xk",
                           "signs until    2023-10-03 16:14:25Z"}) {
    EXPECT_THAT(result.out, HasSubstr(line));
  }
  EXPECT_THAT(script().requests(), ElementsAre("GetSigningSecret name: \"webhooks/ops\""));
  EXPECT_THAT(Run({"webhooks", "signing-secret", "get", "ops", "--output", "json"}).out,
              HasSubstr("\"value\": \"whsk_bmV3\""));
}

TEST_F(SigningSecretCommands, RotateAsksForANewSecret) {
  script().Answer("RotateSigningSecret", Text<v1::SigningSecret>(kSecrets));
  const RunResult result =
      Run({"webhooks", "signing-secret", "rotate", "webhooks/ops", "--overlap", "1h30m", "--etag", "e1"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("current secret  whsk_bmV3"));
  Run({"webhooks", "signing-secret", "rotate", "ops"});
  EXPECT_THAT(script().requests(),
              ElementsAre("RotateSigningSecret name: \"webhooks/ops\" overlap { seconds: 5400 } etag: \"e1\"",
                          "RotateSigningSecret name: \"webhooks/ops\""));
}

TEST_F(SigningSecretCommands, RotateReadsAGivenSecretFromAFileOnly) {
  script().Answer("RotateSigningSecret", Text<v1::SigningSecret>(kSecrets));
  const std::string file = WriteTestFile("secret", "whsec_AAAA\n");
  EXPECT_EQ(Run({"webhooks", "signing-secret", "rotate", "ops", "--secret-from", file}).exit_code, 0);
  EXPECT_EQ(Run({"webhooks", "signing-secret", "rotate", "ops", "--secret-from=-"}, {.input = "whsec_BBBB"}).exit_code,
            0);
  EXPECT_THAT(script().requests(), ElementsAre("RotateSigningSecret name: \"webhooks/ops\" secret: \"whsec_AAAA\"",
                                               "RotateSigningSecret name: \"webhooks/ops\" secret: \"whsec_BBBB\""));
}

TEST_F(SigningSecretCommands, AnEmptyFileIsNotARequestForANewSecret) {
  const RunResult result =
      Run({"webhooks", "signing-secret", "rotate", "ops", "--secret_from", WriteTestFile("secret", "\n")});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("the file of --secret_from is empty"));
  EXPECT_THAT(script().requests(), ElementsAre());
}

}  // namespace
}  // namespace herald::cli
