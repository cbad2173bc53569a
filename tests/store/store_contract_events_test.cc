// The contract of src/store/store.h on events, over every store.

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "src/core/errors.h"
#include "tests/store/store_contract.h"

namespace herald {
namespace {

using ::testing::ElementsAre;

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

}  // namespace
}  // namespace herald
