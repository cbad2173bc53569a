// The contract of src/store/store.h on webhooks, over every store.

#include <gmock/gmock.h>

#include <string>

#include "src/core/errors.h"
#include "tests/store/store_contract.h"

namespace herald {
namespace {

using ::testing::IsEmpty;

TEST_P(StoreContract, GivesWebhooksBackWhole) {
  v1::Webhook webhook = MakeWebhook("a");
  (*webhook.mutable_secrets())["token"] = "planted-secret";
  (*webhook.mutable_headers())["authorization"] = "Bearer {{@secret.token}}";
  Do(Creating(webhook));
  const auto loaded = store_->LoadWebhooks();
  ASSERT_TRUE(loaded.ok());
  ASSERT_EQ(loaded->size(), 1u);
  EXPECT_EQ((*loaded)[0].tenant, kTenant);
  EXPECT_EQ((*loaded)[0].webhook.SerializeAsString(), webhook.SerializeAsString());
}

TEST_P(StoreContract, RefusesAnIdThatIsTaken) {
  Create("a");
  v1::Webhook again = MakeWebhook("a");
  again.set_uid("another");
  again.set_display_name("Another");
  const absl::Status status = Do(Creating(again)).status;
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ReasonOf(status), v1::WEBHOOK_ID_TAKEN);
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("webhooks/a"));
}

TEST_P(StoreContract, RefusesADisplayNameThatIsTakenCaseAside) {
  Create("a");
  v1::Webhook again = MakeWebhook("b");
  again.set_display_name("hOOk A");
  const absl::Status status = Do(Creating(again)).status;
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ReasonOf(status), v1::DISPLAY_NAME_TAKEN);
}

TEST_P(StoreContract, RefusesMoreWebhooksThanAllowed) {
  Create("a");
  CreateWebhook create = Creating(MakeWebhook("b"));
  create.webhooks_max = 1;
  const absl::Status status = Do(create).status;
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(status), v1::LIMIT_REACHED);
  create.webhooks_max = 2;
  EXPECT_TRUE(Do(create).status.ok());
}

TEST_P(StoreContract, KeepsTenantsApart) {
  Create("a");
  CreateWebhook other = Creating(MakeWebhook("a"));
  other.tenant = "other";
  other.webhook.set_uid("uid-of-other");
  EXPECT_TRUE(Do(other).status.ok());
  const Sequence delivery = Enqueue("e", "a", At(0));

  EnqueueEvent same_id = Enqueueing("e", {"a"}, At(0));
  same_id.tenant = "other";
  const EnqueueEvent enqueued = Do(same_id);
  EXPECT_TRUE(enqueued.status.ok());
  EXPECT_EQ(enqueued.targets[0].delivery, 0) << "the uid is of another tenant's webhook";

  EXPECT_EQ(ReasonOf(store_->FindDelivery("other", delivery).status()), v1::DELIVERY_NOT_FOUND);
  DeliveryQuery query;
  query.bounds = Rows(10);
  EXPECT_THAT(store_->ListDeliveries("other", query)->rows, IsEmpty());
  EventQuery events;
  events.bounds = Rows(10);
  EXPECT_EQ(store_->ListEvents("other", events)->rows.size(), 1u);
  ClaimDeliveries claim = Claiming("a", At(1));
  claim.tenant = "other";
  EXPECT_THAT(Do(claim).claimed, IsEmpty());
  SettleDelivery settle = Settling(ClaimOne("a", At(1)), v1::Delivery::SUCCEEDED, At(1));
  settle.tenant = "other";
  EXPECT_EQ(Do(settle).status.code(), absl::StatusCode::kAborted);
  settle.tenant = kTenant;
  EXPECT_TRUE(Do(settle).status.ok());
  EXPECT_THAT(store_->ListInvocations("other", delivery, 0, Rows(10))->rows, IsEmpty());
}

TEST_P(StoreContract, ReplacesAWebhook) {
  Create("a");
  ReplaceWebhook replace;
  replace.tenant = kTenant;
  replace.webhook = MakeWebhook("a");
  replace.webhook.set_display_name("HOOK A");  // its own name, in other case
  replace.webhook.set_url("https://hooks.example.com/elsewhere");
  replace.webhook.set_etag("e2");
  replace.expected_etag = "e1";
  EXPECT_TRUE(Do(replace).status.ok());
  EXPECT_EQ((*store_->LoadWebhooks())[0].webhook.SerializeAsString(), replace.webhook.SerializeAsString());
}

TEST_P(StoreContract, RefusesToReplaceWhatIsNotThere) {
  ReplaceWebhook replace;
  replace.tenant = kTenant;
  replace.webhook = MakeWebhook("a");
  replace.expected_etag = "e1";
  absl::Status status = Do(replace).status;
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReasonOf(status), v1::WEBHOOK_NOT_FOUND);

  Create("a");
  replace.expected_etag = "e0";
  status = Do(replace).status;
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(ReasonOf(status), v1::ETAG_MISMATCH);

  replace.expected_etag = "e1";
  replace.webhook.set_uid("of-a-former-webhook");
  EXPECT_EQ(ReasonOf(Do(replace).status), v1::ETAG_MISMATCH);

  Create("b");
  replace.webhook = MakeWebhook("a");
  replace.webhook.set_display_name("HOOK B");
  EXPECT_EQ(ReasonOf(Do(replace).status), v1::DISPLAY_NAME_TAKEN);
}

TEST_P(StoreContract, FreesANameThatWasReplacedOrDeleted) {
  Create("a");
  ReplaceWebhook replace;
  replace.tenant = kTenant;
  replace.webhook = MakeWebhook("a");
  replace.webhook.set_display_name("Renamed");
  replace.expected_etag = "e1";
  EXPECT_TRUE(Do(replace).status.ok());
  v1::Webhook second = MakeWebhook("b");
  second.set_display_name("hook a");
  EXPECT_TRUE(Do(Creating(second)).status.ok());
  EXPECT_TRUE(Do(DeleteWebhook{kTenant, "a", "", At(0), {}}).status.ok());
  v1::Webhook third = MakeWebhook("a");
  third.set_uid("a-new-uid");
  third.set_display_name("renamed");
  EXPECT_TRUE(Do(Creating(third)).status.ok());
}

TEST_P(StoreContract, DeletesAWebhookByItsEtag) {
  absl::Status status = Do(DeleteWebhook{kTenant, "a", "", At(0), {}}).status;
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReasonOf(status), v1::WEBHOOK_NOT_FOUND);
  Create("a");
  status = Do(DeleteWebhook{kTenant, "a", "e0", At(0), {}}).status;
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(ReasonOf(status), v1::ETAG_MISMATCH);
  EXPECT_TRUE(Do(DeleteWebhook{kTenant, "a", "e1", At(0), {}}).status.ok());
  EXPECT_THAT(*store_->LoadWebhooks(), IsEmpty());
}

TEST_P(StoreContract, CancelsTheOpenDeliveriesOfADeletedWebhook) {
  Create("a");
  Create("b");
  const Sequence done = Enqueue("e1", "a", At(0));
  Do(Settling(ClaimOne("a", At(0)), v1::Delivery::SUCCEEDED, At(1)));
  const Sequence in_flight = Enqueue("e2", "a", At(2));
  const Claim claim = ClaimOne("a", At(2));
  const Sequence pending = Enqueue("e3", "a", At(3));
  const Sequence of_another = Enqueue("e4", "b", At(3));

  EXPECT_TRUE(Do(DeleteWebhook{kTenant, "a", "", At(5), {}}).status.ok());

  EXPECT_EQ(Find(done).state(), v1::Delivery::SUCCEEDED);
  EXPECT_EQ(Find(in_flight).state(), v1::Delivery::CANCELLED);
  EXPECT_EQ(Find(pending).state(), v1::Delivery::CANCELLED);
  EXPECT_EQ(FromProto(Find(pending).update_time()), At(5));
  EXPECT_FALSE(Find(pending).has_next_attempt_time());
  EXPECT_EQ(Find(of_another).state(), v1::Delivery::PENDING);
  EXPECT_EQ(Do(Settling(claim, v1::Delivery::SUCCEEDED, At(6))).status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(Find(in_flight).attempt_count(), 0);
  EXPECT_THAT(Do(Claiming("a", At(100))).claimed, IsEmpty());
}

}  // namespace
}  // namespace herald
