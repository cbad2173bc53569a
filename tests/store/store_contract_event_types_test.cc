// The contract of src/store/store.h on event types, over every store.

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "src/core/errors.h"
#include "tests/store/store_contract.h"

namespace herald {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

v1::EventType MakeEventType(const std::string& type, const std::string& description = "") {
  v1::EventType event_type;
  event_type.set_name(EventTypeName(type));
  event_type.set_display_name("Type " + type);
  event_type.set_description(description);
  event_type.set_schema_json("{ \"type\": \"object\" }");
  return event_type;
}

class StoreEventTypes : public StoreContract {
 protected:
  absl::Status Add(const std::string& type, const std::string& tenant = kTenant, int event_types_max = 0) {
    return Do(CreateEventType{tenant, MakeEventType(type), event_types_max}).status;
  }
  std::vector<std::string> Loaded() {
    const auto loaded = store_->LoadEventTypes();
    EXPECT_TRUE(loaded.ok()) << loaded.status();
    std::vector<std::string> types;
    for (const StoredEventType& one : *loaded) {
      types.push_back(one.tenant + " " + one.event_type.name() + " " + one.event_type.description());
    }
    return types;
  }
};

TEST_P(StoreEventTypes, AreGivenBackWholeByTenantAndName) {
  ASSERT_TRUE(Add("b").ok());
  ASSERT_TRUE(Add("a", "other").ok());
  ASSERT_TRUE(Add("B").ok());
  EXPECT_THAT(Loaded(), ElementsAre("default eventTypes/B ", "default eventTypes/b ", "other eventTypes/a "));
  const auto loaded = store_->LoadEventTypes();
  EXPECT_EQ((*loaded)[1].event_type.SerializeAsString(), MakeEventType("b").SerializeAsString());
}

TEST_P(StoreEventTypes, RefuseATypeThatIsTakenInTheTenant) {
  ASSERT_TRUE(Add("a").ok());
  const absl::Status status = Add("a");
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ReasonOf(status), v1::EVENT_TYPE_TAKEN);
  EXPECT_THAT(std::string(status.message()), HasSubstr("eventTypes/a"));
  EXPECT_TRUE(Add("a", "other").ok());
}

TEST_P(StoreEventTypes, RefuseMoreThanAllowedInTheTenant) {
  ASSERT_TRUE(Add("a").ok());
  ASSERT_TRUE(Add("a", "other").ok());
  const absl::Status status = Add("b", kTenant, 1);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(status), v1::LIMIT_REACHED);
  EXPECT_EQ(ReasonOf(Add("a", kTenant, 1)), v1::EVENT_TYPE_TAKEN);
  EXPECT_TRUE(Add("b", kTenant, 2).ok());
}

TEST_P(StoreEventTypes, AreReplacedOnlyAsTheyWereRead) {
  ASSERT_TRUE(Add("a").ok());
  ASSERT_TRUE(Do(ReplaceEventType{kTenant, MakeEventType("a", "new"), MakeEventType("a")}).status.ok());
  const absl::Status late = Do(ReplaceEventType{kTenant, MakeEventType("a", "late"), MakeEventType("a")}).status;
  EXPECT_EQ(late.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(ReasonOf(late), v1::ETAG_MISMATCH);
  const absl::Status none = Do(ReplaceEventType{kTenant, MakeEventType("b"), MakeEventType("b")}).status;
  EXPECT_EQ(none.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReasonOf(none), v1::EVENT_TYPE_NOT_FOUND);
  const absl::Status of_other = Do(ReplaceEventType{"other", MakeEventType("a"), MakeEventType("a", "new")}).status;
  EXPECT_EQ(ReasonOf(of_other), v1::EVENT_TYPE_NOT_FOUND);
  EXPECT_THAT(Loaded(), ElementsAre("default eventTypes/a new"));
}

TEST_P(StoreEventTypes, OneBadWriteSpoilsNoOtherOfItsBatch) {
  ASSERT_TRUE(Add("a").ok());
  WriteBatch batch;
  batch.emplace_back(ReplaceEventType{kTenant, MakeEventType("a", "first"), MakeEventType("a")});
  batch.emplace_back(ReplaceEventType{kTenant, MakeEventType("a", "second"), MakeEventType("a")});
  batch.emplace_back(CreateEventType{kTenant, MakeEventType("b")});
  ASSERT_TRUE(store_->Apply(batch).ok());
  EXPECT_TRUE(std::get<ReplaceEventType>(batch[0]).status.ok());
  EXPECT_EQ(ReasonOf(std::get<ReplaceEventType>(batch[1]).status), v1::ETAG_MISMATCH);
  EXPECT_THAT(Loaded(), ElementsAre("default eventTypes/a first", "default eventTypes/b "));
}

TEST_P(StoreEventTypes, GoWhenTheyAreDeletedAndMayComeAgain) {
  ASSERT_TRUE(Add("a").ok());
  EXPECT_EQ(ReasonOf(Do(DeleteEventType{"other", "a"}).status), v1::EVENT_TYPE_NOT_FOUND);
  EXPECT_TRUE(Do(DeleteEventType{kTenant, "a"}).status.ok());
  EXPECT_THAT(Loaded(), IsEmpty());
  const absl::Status again = Do(DeleteEventType{kTenant, "a"}).status;
  EXPECT_EQ(again.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReasonOf(again), v1::EVENT_TYPE_NOT_FOUND);
  EXPECT_TRUE(Add("a").ok());
}

INSTANTIATE_TEST_SUITE_P(AllStores, StoreEventTypes, ::testing::Values("memory", "sqlite"),
                         [](const auto& param_info) { return std::string(param_info.param); });

}  // namespace
}  // namespace herald
