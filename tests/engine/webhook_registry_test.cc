#include "src/engine/webhook_registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "src/core/errors.h"
#include "tests/engine/engine_fixture.h"

namespace herald {
namespace {

class WebhookRegistryTest : public EngineTest {};

TEST_F(WebhookRegistryTest, ShowsNoSecretAndKeepsAllOfThem) {
  const auto created =
      Create("a", R"(, "headers": {"authorization": "Bearer {{@secret.t}}"}, "secrets": {"t": "value"})");
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ(created->secrets().at("t"), "***");
  v1::Webhook edit = *created;
  edit.set_description("new");
  const auto updated = Update(edit, {"*"});
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_EQ(updated->description(), "new");
  EXPECT_NE(updated->etag(), created->etag());
  ASSERT_TRUE(Dispatch().ok());
  bool sent = false;
  for (const auto& [name, value] : sender_.sent.at(0).headers) sent = sent || value == "Bearer value";
  EXPECT_TRUE(sent) << "the stored secret was lost by an update with masks";
}

TEST_F(WebhookRegistryTest, ChangesOnlyTheVersionThatItsCallerKnows) {
  const auto created = Create("a");
  v1::Webhook edit;
  edit.set_name("webhooks/a");
  edit.set_description("first");
  ASSERT_TRUE(Update(edit, {"description"}).ok()) << "without an etag: whatever it is now";
  edit.set_etag(created->etag());
  EXPECT_EQ(ReasonOf(Update(edit, {"description"}).status()), v1::ETAG_MISMATCH);
}

TEST_F(WebhookRegistryTest, WritesNothingWhenNothingChanges) {
  const auto created = Create("a", R"(, "description": "same", "headers": {"x-key": "value"})");
  ASSERT_TRUE(created.ok()) << created.status();
  Advance(absl::Seconds(5));
  store_.refuses = true;
  v1::Webhook edit = *created;
  const auto whole = Update(edit, {"*"});
  ASSERT_TRUE(whole.ok()) << whole.status();
  EXPECT_EQ(whole->SerializeAsString(), created->SerializeAsString());
  edit.clear_etag();
  ASSERT_TRUE(Update(edit, {"description"}).ok());
  edit.set_description("other");
  EXPECT_FALSE(Update(edit, {"description"}).ok()) << "a change is written";
}

TEST_F(WebhookRegistryTest, SurvivesARestart) {
  ASSERT_TRUE(Create("a").ok());
  Restart();
  EXPECT_TRUE(engine_->registry.Get("default", "webhooks/a").ok());
  EXPECT_EQ(ReasonOf(engine_->registry.Get("default", "webhooks/b").status()), v1::WEBHOOK_NOT_FOUND);
  EXPECT_EQ(ReasonOf(Create("a").status()), v1::WEBHOOK_ID_TAKEN);
}

TEST_F(WebhookRegistryTest, PagesById) {
  for (const char* id : {"c", "a", "b"}) ASSERT_TRUE(Create(id, R"(, "labels": {"team": "x"})").ok());
  ASSERT_TRUE(Create("d").ok());
  v1::ListWebhooksRequest request;
  request.set_page_size(2);
  (*request.mutable_labels())["team"] = "x";
  const auto first = engine_->registry.List("default", request);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->total_size(), 3);
  ASSERT_EQ(first->webhooks_size(), 2);
  EXPECT_EQ(first->webhooks(1).name(), "webhooks/b");
  request.set_page_token(first->next_page_token());
  const auto second = engine_->registry.List("default", request);
  ASSERT_EQ(second->webhooks_size(), 1);
  EXPECT_EQ(second->webhooks(0).name(), "webhooks/c");
  EXPECT_EQ(second->next_page_token(), "");
}

TEST_F(WebhookRegistryTest, ReplacesAScheduleByABackoff) {
  ASSERT_TRUE(Create("a").ok());
  v1::Webhook edit;
  edit.set_name("webhooks/a");
  edit.mutable_retry_policy()->mutable_backoff()->mutable_initial()->set_seconds(2);
  const auto updated = Update(edit, {"retry_policy.backoff"});
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_EQ(updated->retry_policy().schedule_size(), 0);
  EXPECT_EQ(updated->retry_policy().max_attempts(), 10);
}

TEST_F(WebhookRegistryTest, FollowsTheStoreWhenAChangesOutcomeIsUnknown) {
  ASSERT_TRUE(Create("a").ok());
  v1::Webhook edit;
  edit.set_name("webhooks/a");
  edit.set_description("new");
  store_.loses_answer = true;
  EXPECT_EQ(ReasonOf(Update(edit, {"description"}).status()), v1::OUTCOME_UNKNOWN);
  EXPECT_EQ(ReasonOf(Create("b").status()), v1::OUTCOME_UNKNOWN);
  store_.loses_answer = false;
  EXPECT_EQ(engine_->registry.Get(kTenant, "webhooks/a")->description(), "new");
  EXPECT_TRUE(engine_->registry.Get(kTenant, "webhooks/b").ok());
  ASSERT_TRUE(Update(edit, {"description"}).ok()) << "its etag is the stored one";
  store_.loses_answer = true;
  EXPECT_EQ(ReasonOf(Delete("a")), v1::OUTCOME_UNKNOWN);
  store_.loses_answer = false;
  EXPECT_EQ(ReasonOf(engine_->registry.Get(kTenant, "webhooks/a").status()), v1::WEBHOOK_NOT_FOUND);
  EXPECT_TRUE(Create("a").ok());
}

TEST_F(WebhookRegistryTest, KeepsAWebhookThatIsNotValidAnyMore) {
  ASSERT_TRUE(Create("a").ok());
  limits_.set_url_bytes_max(5);
  Restart();
  const auto kept = engine_->registry.Get("default", "webhooks/a");
  ASSERT_TRUE(kept.ok());
  EXPECT_EQ(Dispatch()->delivery_count(), 0);
}

}  // namespace
}  // namespace herald
