// The contract of src/store/store.h on deliveries and lanes, over every store.

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

#include "src/core/errors.h"
#include "tests/store/store_contract.h"

namespace herald {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

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

}  // namespace
}  // namespace herald
