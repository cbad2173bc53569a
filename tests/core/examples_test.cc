// Every example that people copy is a webhook that the core takes, and makes a request of its event.

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "src/core/event_document.h"
#include "src/core/plan.h"
#include "src/core/redact.h"
#include "tests/core/sentences.h"
#include "tests/core/webhook_testing.h"

namespace herald {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

template <typename Message>
Message ReadMessage(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  Message message;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(text.str(), &message).ok()) << path;
  return message;
}

v1::Event ReadEvent(const std::filesystem::path& path) {
  auto event = ReadMessage<v1::Event>(path);
  FieldViolations violations;
  event.set_data_json(ValidateEvent(event, DefaultLimits(), "event", violations).text);
  EXPECT_THAT(Sentences(violations), IsEmpty()) << path;
  return event;
}

std::vector<std::filesystem::path> Examples() {
  std::vector<std::filesystem::path> examples;
  for (const auto& entry : std::filesystem::directory_iterator("examples")) {
    if (entry.is_directory()) examples.push_back(entry.path());
  }
  return examples;
}

TEST(Examples, AreWebhooksThatFireForTheirEvent) {
  const std::vector<std::filesystem::path> examples = Examples();
  ASSERT_THAT(examples, Not(IsEmpty()));
  for (const std::filesystem::path& example : examples) {
    const auto webhook = ReadMessage<v1::Webhook>(example / "webhook.json");
    FieldViolations violations;
    Unmasked(webhook, nullptr, "webhook", violations);
    ValidateWebhook(webhook, DefaultLimits(), "webhook", violations);
    const WebhookPtr compiled = TryCompile(webhook, violations);
    ASSERT_THAT(Sentences(violations), IsEmpty()) << example;
    EXPECT_THAT(compiled->webhook().warnings(), IsEmpty()) << example;

    const v1::Event event = ReadEvent(example / "event.json");
    const std::string text = EventDocumentText(event);
    const JsonDocument document = JsonDocument::Parse(text).value();
    EXPECT_THAT(WebhookIndex({compiled}).Plan(event.type(), document.root()), ElementsAre(compiled.get())) << example;
    EXPECT_TRUE(compiled->Render(text, document.root(), "dlv_1", "Herald/1", absl::UnixEpoch()).ok()) << example;
  }
}

}  // namespace
}  // namespace herald
