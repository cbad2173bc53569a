// The contract of src/store/store.h, over every store.

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>

#include "src/core/errors.h"
#include "src/store/memory_store.h"
#include "src/store/sqlite_store.h"
#include "tests/store/store_testing.h"
#include "tests/support/temp_dir.h"

namespace herald {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class StoreContract : public ::testing::TestWithParam<const char*> {
 protected:
  StoreContract() {
    if (std::string(GetParam()) == "memory") {
      store_ = std::make_unique<MemoryStore>();
    } else {
      auto opened = SqliteStore::Open(dir_.File("herald.db"));
      EXPECT_TRUE(opened.ok()) << opened.status();
      store_ = *std::move(opened);
    }
  }

  template <typename T>
  T Do(T write) {
    return Apply(*store_, std::move(write));
  }
  void Create(const std::string& id) { EXPECT_TRUE(Do(Creating(MakeWebhook(id))).status.ok()); }
  // The delivery of a new event for one webhook.
  Sequence Enqueue(const std::string& event, const std::string& webhook, absl::Time now) {
    const EnqueueEvent enqueued = Do(Enqueueing(event, {webhook}, now));
    EXPECT_TRUE(enqueued.status.ok()) << enqueued.status;
    return enqueued.targets[0].delivery;
  }
  Claim ClaimOne(const std::string& webhook, absl::Time now) {
    const ClaimDeliveries claim = Do(Claiming(webhook, now, 1));
    EXPECT_EQ(claim.claimed.size(), 1u);
    return claim.claimed.empty() ? Claim{} : claim.claimed[0].claim;
  }
  v1::Delivery Find(Sequence delivery) {
    auto found = store_->FindDelivery(kTenant, delivery);
    EXPECT_TRUE(found.ok()) << found.status();
    return found.ok() ? *found : v1::Delivery();
  }
  std::vector<std::string> List(const DeliveryQuery& query, bool* more = nullptr) {
    auto page = store_->ListDeliveries(kTenant, query);
    EXPECT_TRUE(page.ok()) << page.status();
    std::vector<std::string> names;
    for (const v1::Delivery& delivery : page->rows) names.push_back(delivery.name());
    if (more != nullptr) *more = page->more;
    return names;
  }

  TempDir dir_;
  std::unique_ptr<Store> store_;
};

INSTANTIATE_TEST_SUITE_P(Every, StoreContract, ::testing::Values("memory", "sqlite"),
                         [](const auto& store) { return std::string(store.param); });

// ---- Webhooks

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

// ---- Events

TEST_P(StoreContract, GivesAnEventBackWhole) {
  Create("a");
  Create("b");
  EnqueueEvent enqueue = Enqueueing("order-1", {"a", "b"}, At(0));
  enqueue.event.set_source("shop");
  (*enqueue.event.mutable_attributes())["region"] = "eu";
  enqueue.event.set_data_json("{\"price\":1.10}");
  enqueue.content_hash = std::string("\0\xff hash", 7);
  const EnqueueEvent enqueued = Do(enqueue);
  ASSERT_TRUE(enqueued.status.ok());
  EXPECT_EQ(enqueued.event.name(), "events/order-1");
  EXPECT_EQ(FromProto(enqueued.event.accept_time()), TimeOfSequence(enqueued.sequence));
  EXPECT_EQ(TimeOfSequence(enqueued.sequence), At(0));

  const auto found = store_->FindEvent(kTenant, "order-1");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->event.DebugString(), enqueued.event.DebugString());
  EXPECT_EQ(found->event.data_json(), "{\"price\":1.10}");
  EXPECT_EQ(found->content_hash, enqueue.content_hash);
  EXPECT_EQ(found->sequence, enqueued.sequence);
  EXPECT_EQ(found->delivery_count, 2);
}

TEST_P(StoreContract, TellsNoPayloadFromAnEmptyOne) {
  EnqueueEvent enqueue = Enqueueing("none", {}, At(0));
  enqueue.event.clear_payload();
  Do(enqueue);
  EXPECT_FALSE(store_->FindEvent(kTenant, "none")->event.has_data_json());
  enqueue = Enqueueing("empty", {}, At(0));
  enqueue.event.set_data_json("");
  Do(enqueue);
  EXPECT_TRUE(store_->FindEvent(kTenant, "empty")->event.has_data_json());
}

TEST_P(StoreContract, MakesAnIdForAnEventWithoutOne) {
  const EnqueueEvent enqueued = Do(Enqueueing("", {}, At(0)));
  EXPECT_EQ(enqueued.event.id(), GeneratedEventId(enqueued.sequence));
  EXPECT_EQ(store_->FindEvent(kTenant, enqueued.event.id())->event.id(), enqueued.event.id());
}

TEST_P(StoreContract, RefusesAnEventIdThatExists) {
  Create("a");
  const Sequence first = Do(Enqueueing("e", {"a"}, At(0))).sequence;
  WriteBatch batch;
  batch.emplace_back(Enqueueing("e", {"a"}, At(1)));
  batch.emplace_back(Enqueueing("f", {"a"}, At(1)));
  batch.emplace_back(Enqueueing("f", {"a"}, At(1)));
  ASSERT_TRUE(store_->Apply(batch).ok());
  EXPECT_EQ(std::get<EnqueueEvent>(batch[0]).status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ReasonOf(std::get<EnqueueEvent>(batch[0]).status), v1::EVENT_ID_REUSED);
  EXPECT_TRUE(std::get<EnqueueEvent>(batch[1]).status.ok());
  EXPECT_EQ(ReasonOf(std::get<EnqueueEvent>(batch[2]).status), v1::EVENT_ID_REUSED);
  EXPECT_EQ(store_->FindEvent(kTenant, "e")->sequence, first);
  EXPECT_EQ(Do(Claiming("a", At(2))).claimed.size(), 2u);
}

TEST_P(StoreContract, ALargeBatchLosesOnlyWhatIsRefused) {
  Create("a");
  Do(Enqueueing("event-7", {"a"}, At(0)));
  WriteBatch batch;
  for (int i = 0; i < 53; ++i) {
    const std::string id = "event-" + std::to_string(i < 50 ? i : 49);  // 7 and the last three are there already
    batch.emplace_back(Enqueueing(id, {"a", i % 2 == 0 ? "a" : "gone"}, At(1)));
  }
  ASSERT_TRUE(store_->Apply(batch).ok());
  for (int i = 0; i < 53; ++i) {
    const auto& enqueue = std::get<EnqueueEvent>(batch[static_cast<size_t>(i)]);
    const bool refused = i == 7 || i >= 50;
    EXPECT_EQ(ReasonOf(enqueue.status), refused ? v1::EVENT_ID_REUSED : v1::ERROR_REASON_UNSPECIFIED) << i;
    EXPECT_EQ(enqueue.targets[0].delivery != 0, !refused) << i;
    EXPECT_EQ(enqueue.targets[1].delivery != 0, !refused && i % 2 == 0) << i;
    if (!refused) {
      EXPECT_EQ(store_->FindEvent(kTenant, enqueue.event.id())->delivery_count, i % 2 == 0 ? 2 : 1) << i;
    }
  }
}

TEST_P(StoreContract, SaysWhichEventIsNotThere) {
  const absl::Status status = store_->FindEvent(kTenant, "nobody").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReasonOf(status), v1::EVENT_NOT_FOUND);
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("events/nobody"));
}

TEST_P(StoreContract, NumbersStrictlyRiseAlsoWhenTheClockStepsBack) {
  Create("a");
  Sequence last = 0;
  for (const int64_t seconds : {100, 100, 0, 50, 200}) {
    const EnqueueEvent enqueued = Do(Enqueueing("", {"a", "a"}, At(seconds)));
    EXPECT_GT(enqueued.sequence, last);
    EXPECT_GT(enqueued.targets[0].delivery, enqueued.sequence);
    EXPECT_GT(enqueued.targets[1].delivery, enqueued.targets[0].delivery);
    last = enqueued.targets[1].delivery;
  }
  EXPECT_GE(last, FirstSequenceAt(At(200)));
}

TEST_P(StoreContract, ListsEventsNewestFirst) {
  const Sequence first = Do(Enqueueing("e1", {}, At(0))).sequence;
  EnqueueEvent other_type = Enqueueing("e2", {}, At(1));
  other_type.event.set_type("invoice.paid");
  Do(other_type);
  const Sequence third = Do(Enqueueing("e3", {}, At(2))).sequence;
  const auto list = [&](EventQuery query) {
    query.bounds = Rows(10);
    std::vector<std::string> ids;
    const auto page = store_->ListEvents(kTenant, query);
    for (const StoredEvent& row : page->rows) ids.push_back(row.event.id());
    return ids;
  };
  EXPECT_THAT(list({}), ElementsAre("e3", "e2", "e1"));
  EventQuery by_type;
  by_type.type = "RequestCreated";
  EXPECT_THAT(list(by_type), ElementsAre("e3", "e1"));
  EventQuery by_range;
  by_range.range = {first, third};
  EXPECT_THAT(list(by_range), ElementsAre("e2", "e1"));
  by_range.range = {FirstSequenceAt(At(1)), FirstSequenceAt(At(3))};
  EXPECT_THAT(list(by_range), ElementsAre("e3", "e2"));
}

TEST_P(StoreContract, ListsEventsWithAndWithoutPayload) {
  Do(Enqueueing("e1", {}, At(0)));
  EventQuery query;
  query.bounds = Rows(10);
  EXPECT_FALSE(store_->ListEvents(kTenant, query)->rows[0].event.has_data_json());
  EXPECT_EQ(store_->ListEvents(kTenant, query)->rows[0].content_hash, "hash of e1");
  query.with_payload = true;
  EXPECT_EQ(store_->ListEvents(kTenant, query)->rows[0].event.data_json(), R"({"n":1})");
}

TEST_P(StoreContract, EndsAPageOfEventsByBytes) {
  for (const char* id : {"e1", "e2", "e3"}) {
    EnqueueEvent enqueue = Enqueueing(id, {}, At(0));
    enqueue.event.set_data_json("\"" + std::string(1000, 'x') + "\"");
    Do(enqueue);
  }
  EventQuery query;
  query.with_payload = true;
  query.bounds = {10, 2500};
  auto page = store_->ListEvents(kTenant, query);
  EXPECT_EQ(page->rows.size(), 2u);
  EXPECT_TRUE(page->more);
  query.bounds = {10, 1};
  page = store_->ListEvents(kTenant, query);
  EXPECT_EQ(page->rows.size(), 1u) << "a row is given whatever its size";
  EXPECT_TRUE(page->more);
  query.bounds = {10, 10'000};
  EXPECT_FALSE(store_->ListEvents(kTenant, query)->more);
}

// ---- Deliveries

TEST_P(StoreContract, MakesAPendingDeliveryForEachTarget) {
  Create("a");
  const EnqueueEvent enqueued = Do(Enqueueing("e", {"a"}, At(7)));
  const Sequence sequence = enqueued.targets[0].delivery;
  const v1::Delivery delivery = Find(sequence);
  EXPECT_EQ(delivery.name(), DeliveryName(sequence));
  EXPECT_EQ(delivery.event(), "events/e");
  EXPECT_EQ(delivery.webhook(), "webhooks/a");
  EXPECT_EQ(delivery.webhook_uid(), "uid-a");
  EXPECT_EQ(delivery.event_type(), "RequestCreated");
  EXPECT_EQ(delivery.state(), v1::Delivery::PENDING);
  EXPECT_EQ(delivery.attempt_count(), 0);
  EXPECT_EQ(FromProto(delivery.create_time()), TimeOfSequence(sequence));
  EXPECT_EQ(FromProto(delivery.update_time()), TimeOfSequence(sequence));
  EXPECT_EQ(FromProto(delivery.next_attempt_time()), At(7));
  EXPECT_FALSE(delivery.has_last_result());
}

TEST_P(StoreContract, MakesNoDeliveryForAWebhookThatIsGone) {
  Create("a");
  const EnqueueEvent enqueued = Do(Enqueueing("e", {"gone", "a"}, At(0)));
  EXPECT_TRUE(enqueued.status.ok());
  EXPECT_EQ(enqueued.targets[0].delivery, 0);
  EXPECT_NE(enqueued.targets[1].delivery, 0);
  EXPECT_EQ(store_->FindEvent(kTenant, "e")->delivery_count, 1);
}

TEST_P(StoreContract, SaysWhichDeliveryIsNotThere) {
  const absl::Status status = store_->FindDelivery(kTenant, 12345).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReasonOf(status), v1::DELIVERY_NOT_FOUND);
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr(DeliveryName(12345)));
}

TEST_P(StoreContract, ListsDeliveriesByEveryCondition) {
  Create("a");
  Create("b");
  const EnqueueEvent first = Do(Enqueueing("e1", {"a", "b"}, At(0)));
  const std::string a1 = DeliveryName(first.targets[0].delivery);
  const std::string b1 = DeliveryName(first.targets[1].delivery);
  EnqueueEvent typed = Enqueueing("e2", {"a"}, At(1));
  typed.event.set_type("invoice.paid");
  const std::string a2 = DeliveryName(Do(typed).targets[0].delivery);
  const Sequence third = Enqueue("e3", "a", At(2));
  const std::string a3 = DeliveryName(third);
  Do(Settling(ClaimOne("a", At(2)), v1::Delivery::FAILED, At(3)));     // a1
  Do(Settling(ClaimOne("a", At(2)), v1::Delivery::SUCCEEDED, At(3)));  // a2

  DeliveryQuery query;
  query.bounds = Rows(10);
  EXPECT_THAT(List(query), ElementsAre(a3, a2, b1, a1));
  query.webhook_id = "a";
  EXPECT_THAT(List(query), ElementsAre(a3, a2, a1));
  query.state = v1::Delivery::FAILED;
  EXPECT_THAT(List(query), ElementsAre(a1));
  query.state = v1::Delivery::SUCCEEDED;
  EXPECT_THAT(List(query), ElementsAre(a2));
  query.webhook_id.clear();
  query.state = v1::Delivery::PENDING;
  EXPECT_THAT(List(query), ElementsAre(a3, b1));
  query.event_id = "e1";
  EXPECT_THAT(List(query), ElementsAre(b1));
  query.state = v1::Delivery::STATE_UNSPECIFIED;
  EXPECT_THAT(List(query), ElementsAre(b1, a1));
  query.event_id.clear();
  query.event_type = "RequestCreated";
  EXPECT_THAT(List(query), ElementsAre(a3, b1, a1));
  query.webhook_id = "a";
  query.range = {0, third};
  EXPECT_THAT(List(query), ElementsAre(a1));
  query.event_id = "nobody";
  EXPECT_THAT(List(query), IsEmpty());
}

TEST_P(StoreContract, PagesThroughDeliveriesWithoutGapOrRepetition) {
  Create("a");
  std::vector<std::string> all;
  for (int i = 0; i < 7; ++i) all.push_back(DeliveryName(Enqueue("", "a", At(i))));
  std::reverse(all.begin(), all.end());
  std::vector<std::string> seen;
  DeliveryQuery query;
  query.bounds = Rows(3);
  bool more = true;
  for (int pages = 1; more; ++pages) {
    const std::vector<std::string> page = List(query, &more);
    seen.insert(seen.end(), page.begin(), page.end());
    query.range.end = *DeliveryInName(kTenant, page.back());
    ASSERT_LE(pages, 3);
  }
  EXPECT_EQ(seen, all);
  query.range = {};
  query.bounds = Rows(7);
  List(query, &more);
  EXPECT_FALSE(more) << "the page holds exactly all";
}

TEST_P(StoreContract, ListsDeliveriesWithAndWithoutBodies) {
  Create("a");
  Enqueue("e", "a", At(0));
  Do(Settling(ClaimOne("a", At(0)), v1::Delivery::FAILED, At(1)));
  DeliveryQuery query;
  query.bounds = Rows(10);
  v1::InvocationResult result = store_->ListDeliveries(kTenant, query)->rows[0].last_result();
  EXPECT_EQ(result.message(), "hooks.example.com answered 500");
  EXPECT_FALSE(result.has_request());
  EXPECT_FALSE(result.has_response());
  EXPECT_EQ(result.validations_size(), 0);
  query.with_bodies = true;
  result = store_->ListDeliveries(kTenant, query)->rows[0].last_result();
  EXPECT_EQ(result.request().body(), "the body that was sent");
  EXPECT_EQ(result.response().status_code(), 500);
  EXPECT_EQ(result.validations_size(), 1);
}

// ---- Claims

TEST_P(StoreContract, ClaimsTheLongestDueFirst) {
  Create("a");
  const Sequence first = Enqueue("e1", "a", At(0));
  const Sequence second = Enqueue("e2", "a", At(1));
  const Sequence third = Enqueue("e3", "a", At(1));
  Do(Retrying(ClaimOne("a", At(1)), 1, At(2), At(1) + absl::Milliseconds(500)));  // first: due after the others now
  const ClaimDeliveries claim = Do(Claiming("a", At(2)));
  EXPECT_THAT(SequencesOf(claim), ElementsAre(second, third, first));
  EXPECT_EQ(claim.next_due, absl::InfiniteFuture());
}

TEST_P(StoreContract, ClaimsCarryDeliveryAndEvent) {
  Create("a");
  const EnqueueEvent enqueued = Do(Enqueueing("e", {"a"}, At(0)));
  const ClaimDeliveries claim = Do(Claiming("a", At(0)));
  ASSERT_EQ(claim.claimed.size(), 1u);
  EXPECT_EQ(claim.claimed[0].delivery.DebugString(), Find(enqueued.targets[0].delivery).DebugString());
  EXPECT_EQ(claim.claimed[0].event.DebugString(), enqueued.event.DebugString());
}

TEST_P(StoreContract, ClaimsNothingBeforeItIsDue) {
  Create("a");
  Enqueue("e", "a", At(0));
  Do(Retrying(ClaimOne("a", At(0)), 1, At(1), At(60)));
  const ClaimDeliveries early = Do(Claiming("a", At(60) - absl::Microseconds(1)));
  EXPECT_THAT(early.claimed, IsEmpty());
  EXPECT_EQ(early.next_due, At(60));
  EXPECT_EQ(Do(Claiming("a", At(60))).claimed.size(), 1u);
}

TEST_P(StoreContract, ClaimsNothingTwiceUntilTheLeaseEnds) {
  Create("a");
  Enqueue("e", "a", At(0));
  const ClaimDeliveries first = Do(Claiming("a", At(0)));
  ASSERT_EQ(first.claimed.size(), 1u);
  const ClaimDeliveries second = Do(Claiming("a", first.lease_end - absl::Microseconds(1)));
  EXPECT_THAT(second.claimed, IsEmpty());
  EXPECT_EQ(second.next_due, absl::InfiniteFuture());
  const ClaimDeliveries third = Do(Claiming("a", first.lease_end));
  ASSERT_EQ(third.claimed.size(), 1u);
  EXPECT_NE(third.claimed[0].claim.token, first.claimed[0].claim.token);
  EXPECT_EQ(Do(Settling(first.claimed[0].claim, v1::Delivery::FAILED, At(80))).status.code(),
            absl::StatusCode::kAborted);
  EXPECT_TRUE(Do(Settling(third.claimed[0].claim, v1::Delivery::SUCCEEDED, At(80))).status.ok());
}

TEST_P(StoreContract, ClaimsWithinItsBounds) {
  Create("a");
  for (int i = 0; i < 5; ++i) {
    EnqueueEvent enqueue = Enqueueing("", {"a"}, At(i));
    enqueue.event.set_data_json("\"" + std::string(998, 'x') + "\"");
    Do(enqueue);
  }
  ClaimDeliveries claim = Do(Claiming("a", At(10), 2));
  EXPECT_EQ(claim.claimed.size(), 2u);
  EXPECT_EQ(claim.next_due, At(2)) << "what is left is due already";
  claim = Claiming("a", At(10));
  claim.bytes_max = 1000;
  claim = Do(claim);
  EXPECT_EQ(claim.claimed.size(), 2u) << "the second passes the bound, and is the last";
  claim.bytes_max = 0;
  claim = Do(claim);
  EXPECT_EQ(claim.claimed.size(), 1u) << "one is given whatever its size";
  EXPECT_EQ(claim.next_due, absl::InfiniteFuture());
}

TEST_P(StoreContract, ClaimsOfOneWebhookLeaveOthersAlone) {
  Create("a");
  Create("b");
  Enqueue("e1", "a", At(0));
  const Sequence of_b = Enqueue("e2", "b", At(0));
  Do(Claiming("a", At(0)));
  EXPECT_THAT(SequencesOf(Do(Claiming("b", At(0)))), ElementsAre(of_b));
}

TEST_P(StoreContract, ReleasesAClaim) {
  Create("a");
  const Sequence delivery = Enqueue("e", "a", At(0));
  const Claim claim = ClaimOne("a", At(0));
  const v1::Delivery before = Find(delivery);
  EXPECT_TRUE(Do(Releasing(claim)).status.ok());
  EXPECT_EQ(Find(delivery).DebugString(), before.DebugString());
  EXPECT_EQ(Do(Releasing(claim)).status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(Do(Settling(claim, v1::Delivery::SUCCEEDED, At(1))).status.code(), absl::StatusCode::kAborted);
  EXPECT_THAT(SequencesOf(Do(Claiming("a", At(0)))), ElementsAre(delivery));
}

TEST_P(StoreContract, AMadeUpClaimCountsForNothing) {
  Create("a");
  const Sequence delivery = Enqueue("e", "a", At(0));
  for (const Claim& claim : {Claim{delivery, 0}, Claim{delivery, 1}, Claim{delivery, -1}, Claim{delivery + 1, 1}}) {
    EXPECT_EQ(Do(Settling(claim, v1::Delivery::SUCCEEDED, At(1))).status.code(), absl::StatusCode::kAborted);
    EXPECT_EQ(Do(Releasing(claim)).status.code(), absl::StatusCode::kAborted);
  }
  EXPECT_EQ(Find(delivery).state(), v1::Delivery::PENDING);
}

// ---- Settlements

TEST_P(StoreContract, SettlesADelivery) {
  Create("a");
  const Sequence delivery = Enqueue("e", "a", At(0));
  const SettleDelivery settled = Do(Settling(ClaimOne("a", At(0)), v1::Delivery::SUCCEEDED, At(1)));
  EXPECT_TRUE(settled.status.ok());
  EXPECT_EQ(settled.result.DebugString(), MakeResult(delivery, 1).DebugString()) << "left as it was given";
  const v1::Delivery found = Find(delivery);
  EXPECT_EQ(found.state(), v1::Delivery::SUCCEEDED);
  EXPECT_EQ(found.attempt_count(), 1);
  EXPECT_EQ(FromProto(found.update_time()), At(1));
  EXPECT_FALSE(found.has_next_attempt_time());
  EXPECT_EQ(found.last_result().DebugString(), MakeResult(delivery, 1).DebugString());
  EXPECT_THAT(Do(Claiming("a", At(1000))).claimed, IsEmpty());
  EXPECT_EQ(Do(Settling(settled.claim, v1::Delivery::FAILED, At(2))).status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(Find(delivery).attempt_count(), 1);
}

TEST_P(StoreContract, KeepsEveryAttempt) {
  Create("a");
  const Sequence delivery = Enqueue("e", "a", At(0));
  for (int attempt = 1; attempt <= 3; ++attempt) {
    Do(Retrying(ClaimOne("a", At(attempt)), attempt, At(attempt), At(attempt + 1)));
  }
  const v1::Delivery found = Find(delivery);
  EXPECT_EQ(found.state(), v1::Delivery::RETRYING);
  EXPECT_EQ(found.attempt_count(), 3);
  EXPECT_EQ(FromProto(found.next_attempt_time()), At(4));
  EXPECT_EQ(found.last_result().attempt(), 3);

  const auto attempts = [&](int after, const PageBounds& bounds, bool more) {
    const auto page = store_->ListInvocations(kTenant, delivery, after, bounds);
    EXPECT_EQ(page->more, more);
    std::vector<int> numbers;
    for (const v1::InvocationResult& row : page->rows) {
      EXPECT_EQ(row.DebugString(), MakeResult(delivery, row.attempt()).DebugString());
      numbers.push_back(row.attempt());
    }
    return numbers;
  };
  EXPECT_THAT(attempts(0, Rows(10), false), ElementsAre(1, 2, 3));
  EXPECT_THAT(attempts(1, Rows(10), false), ElementsAre(2, 3));
  EXPECT_THAT(attempts(0, Rows(2), true), ElementsAre(1, 2));
  EXPECT_THAT(attempts(0, {10, 1}, true), ElementsAre(1));
  EXPECT_THAT(attempts(3, Rows(10), false), IsEmpty());
  EXPECT_THAT(store_->ListInvocations(kTenant, 12345, 0, Rows(10))->rows, IsEmpty());
}

TEST_P(StoreContract, ALateSettlementSpoilsNothingInItsBatch) {
  Create("a");
  Enqueue("e1", "a", At(0));
  Enqueue("e2", "a", At(0));
  const Claim good = ClaimOne("a", At(0));
  Claim lost = ClaimOne("a", At(0));
  Do(Releasing(lost));
  WriteBatch batch;
  batch.emplace_back(Settling(lost, v1::Delivery::FAILED, At(1)));
  batch.emplace_back(DeleteWebhook{kTenant, "nobody", "", At(1), {}});
  batch.emplace_back(Settling(good, v1::Delivery::SUCCEEDED, At(1)));
  ASSERT_TRUE(store_->Apply(batch).ok());
  EXPECT_FALSE(std::get<SettleDelivery>(batch[0]).status.ok());
  EXPECT_FALSE(std::get<DeleteWebhook>(batch[1]).status.ok());
  EXPECT_TRUE(std::get<SettleDelivery>(batch[2]).status.ok());
  EXPECT_EQ(Find(good.delivery).state(), v1::Delivery::SUCCEEDED);
  EXPECT_EQ(Find(lost.delivery).state(), v1::Delivery::PENDING);
}

TEST_P(StoreContract, AppliesTheWritesOfABatchInOrder) {
  WriteBatch batch;
  batch.emplace_back(Creating(MakeWebhook("a")));
  batch.emplace_back(Enqueueing("e", {"a"}, At(0)));
  batch.emplace_back(Claiming("a", At(0)));
  batch.emplace_back(DeleteWebhook{kTenant, "a", "", At(1), {}});
  batch.emplace_back(Enqueueing("f", {"a"}, At(1)));
  ASSERT_TRUE(store_->Apply(batch).ok());
  const Sequence delivery = std::get<EnqueueEvent>(batch[1]).targets[0].delivery;
  EXPECT_THAT(SequencesOf(std::get<ClaimDeliveries>(batch[2])), ElementsAre(delivery));
  EXPECT_EQ(std::get<EnqueueEvent>(batch[4]).targets[0].delivery, 0);
  EXPECT_EQ(Find(delivery).state(), v1::Delivery::CANCELLED);
}

TEST_P(StoreContract, ResultsOfAFormerApplyAreNotMistakenForNewOnes) {
  Create("a");
  Enqueue("e", "a", At(0));
  WriteBatch batch;
  batch.emplace_back(Claiming("a", At(0)));
  ASSERT_TRUE(store_->Apply(batch).ok());
  ASSERT_TRUE(store_->Apply(batch).ok());
  EXPECT_THAT(std::get<ClaimDeliveries>(batch[0]).claimed, IsEmpty());
}

TEST_P(StoreContract, AnEmptyBatchIsFine) {
  WriteBatch batch;
  EXPECT_TRUE(store_->Apply(batch).ok());
}

// ---- Lanes

TEST_P(StoreContract, LoadsTheLanesThatHaveOpenDeliveries) {
  for (const char* id : {"a", "b", "c", "d"}) Create(id);
  Enqueue("e1", "a", At(5));
  Enqueue("e2", "a", At(6));
  Enqueue("e3", "c", At(7));
  Enqueue("e4", "d", At(1));
  Do(Settling(ClaimOne("d", At(10)), v1::Delivery::SUCCEEDED, At(10)));
  Do(Retrying(ClaimOne("c", At(10)), 1, At(10), At(70)));
  const auto lanes = store_->LoadOpenLanes();
  ASSERT_TRUE(lanes.ok()) << lanes.status();
  ASSERT_EQ(lanes->size(), 2u);
  EXPECT_EQ((*lanes)[0].tenant, kTenant);
  EXPECT_EQ((*lanes)[0].webhook_uid, "uid-a");
  EXPECT_EQ((*lanes)[0].next_due, At(5));
  EXPECT_EQ((*lanes)[1].webhook_uid, "uid-c");
  EXPECT_EQ((*lanes)[1].next_due, At(70));
}

TEST_P(StoreContract, AnEmptyStoreHasNothing) {
  EXPECT_THAT(*store_->LoadWebhooks(), IsEmpty());
  EXPECT_THAT(*store_->LoadOpenLanes(), IsEmpty());
  DeliveryQuery query;
  query.bounds = Rows(1);
  EXPECT_THAT(List(query), IsEmpty());
}

// ---- Threads

TEST_P(StoreContract, ReadsDuringApplySeeWhatHasReturned) {
  Create("a");
  std::atomic<int> applied{0};
  std::atomic<bool> stop{false};
  std::vector<std::thread> readers;
  for (int i = 0; i < 6; ++i) {  // more than a store has connections
    readers.emplace_back([&] {
      while (!stop) {
        const int at_least = applied;
        DeliveryQuery query;
        query.webhook_id = "a";
        query.bounds = Rows(1000);
        const auto page = store_->ListDeliveries(kTenant, query);
        ASSERT_TRUE(page.ok()) << page.status();
        ASSERT_GE(static_cast<int>(page->rows.size()), at_least);
        ASSERT_TRUE(store_->LoadOpenLanes().ok());
      }
    });
  }
  for (int i = 1; i <= 50; ++i) {
    Enqueue("", "a", At(i));
    applied = i;
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace herald
