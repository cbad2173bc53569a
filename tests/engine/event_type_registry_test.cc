#include "src/engine/event_type_registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/core/errors.h"
#include "src/core/event_types.h"
#include "tests/engine/engine_fixture.h"

namespace herald {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string Sample(const std::string& type, const std::string& data = "{}") {
  return absl::StrCat(R"({"event_id": "e1", "event_type": ")", type, R"(", "event_time": 1, "data": )", data, "}");
}

std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  const google::rpc::BadRequest bad_request = BadRequestOf(status);
  for (const auto& violation : bad_request.field_violations()) fields.push_back(violation.field());
  return fields;
}

class EventTypeRegistryTest : public EngineTest {
 protected:
  using Answer = absl::StatusOr<v1::EventType>;

  Answer CreateType(const std::string& type, const v1::EventType& event_type = {}, bool validate_only = false) {
    v1::CreateEventTypeRequest request;
    *request.mutable_event_type() = event_type;
    request.set_event_type_id(type);
    request.set_validate_only(validate_only);
    return Do(request);
  }
  Answer Do(const v1::CreateEventTypeRequest& request) {
    Answer answer = absl::UnknownError("no answer");
    engine_->event_types.Create(kTenant, request, [&](Answer given) { answer = std::move(given); });
    Run();
    return answer;
  }
  static v1::UpdateEventTypeRequest Describing(const std::string& type, const std::string& description) {
    v1::UpdateEventTypeRequest request;
    request.mutable_event_type()->set_name("eventTypes/" + type);
    request.mutable_event_type()->set_description(description);
    return request;
  }
  Answer Do(const v1::UpdateEventTypeRequest& request) {
    Answer answer = absl::UnknownError("no answer");
    engine_->event_types.Update(kTenant, request, [&](Answer given) { answer = std::move(given); });
    Run();
    return answer;
  }
  absl::Status DeleteType(const std::string& name) {
    v1::DeleteEventTypeRequest request;
    request.set_name(name);
    absl::Status deleted = absl::UnknownError("no answer");
    engine_->event_types.Delete(kTenant, request, [&](const absl::Status& status) { deleted = status; });
    Run();
    return deleted;
  }
  Answer Get(const std::string& type) {
    v1::GetEventTypeRequest request;
    request.set_name("eventTypes/" + type);
    return engine_->event_types.Get(kTenant, request);
  }
  // The names on a page, and "…" when there is another; `token` becomes that of the next.
  std::vector<std::string> Page(int size, std::string& token) {
    v1::ListEventTypesRequest request;
    request.set_page_size(size);
    request.set_page_token(token);
    const auto listed = engine_->event_types.List(kTenant, request);
    EXPECT_TRUE(listed.ok()) << listed.status();
    std::vector<std::string> names;
    for (const v1::EventType& type : listed->event_types()) names.push_back(type.name());
    token = listed->next_page_token();
    if (!token.empty()) names.emplace_back("…");
    return names;
  }
  // A webhook with these triggers alone.
  void CreateWith(const std::string& id, const std::vector<std::string>& triggers) {
    ASSERT_TRUE(Create(id).ok());
    v1::Webhook webhook;
    webhook.set_name("webhooks/" + id);
    for (const std::string& trigger : triggers) webhook.add_triggers(trigger);
    ASSERT_TRUE(Update(webhook, {"triggers"}).ok());
  }
  std::vector<std::string> WarningsOf(const std::string& webhook) {
    const auto found = engine_->registry.Get(kTenant, "webhooks/" + webhook);
    EXPECT_TRUE(found.ok()) << found.status();
    return {found->warnings().begin(), found->warnings().end()};
  }
};

TEST_F(EventTypeRegistryTest, KeepsWhatPeopleSetAndNamesIt) {
  v1::EventType type;
  type.set_name("eventTypes/ignored");
  type.set_display_name("Invoice paid");
  type.set_description("An invoice was paid.");
  type.set_schema_json("{ \"type\":  \"object\" }");
  type.set_sample_json(Sample("invoice.paid"));
  type.set_built_in(true);
  const Answer created = CreateType("invoice.paid", type);
  ASSERT_TRUE(created.ok()) << created.status();
  type.set_name("eventTypes/invoice.paid");
  type.clear_built_in();
  EXPECT_EQ(created->SerializeAsString(), type.SerializeAsString());
  EXPECT_EQ(Get("invoice.paid")->SerializeAsString(), type.SerializeAsString());
  Restart();
  EXPECT_EQ(Get("invoice.paid")->SerializeAsString(), type.SerializeAsString());
}

TEST_F(EventTypeRegistryTest, NamesEveryBadFieldOfANewTypeAtOnce) {
  EXPECT_THAT(FieldsOf(Do(v1::CreateEventTypeRequest()).status()), ElementsAre("event_type", "event_type_id"));
  v1::EventType type;
  type.set_display_name(std::string(300, 'x'));
  type.set_schema_json("1");
  type.set_sample_json(Sample("other"));
  EXPECT_THAT(
      FieldsOf(CreateType("herald.mine", type).status()),
      ElementsAre("event_type_id", "event_type.display_name", "event_type.schema_json", "event_type.sample_json"));
  EXPECT_EQ(ReasonOf(Get("herald.mine").status()), v1::EVENT_TYPE_NOT_FOUND);
}

TEST_F(EventTypeRegistryTest, NobodyShadowsATypeThatCameWithHerald) {
  for (const v1::EventType& built_in : BuiltInEventTypes()) {
    const std::string type = built_in.name().substr(sizeof("eventTypes/") - 1);
    const bool own = type.substr(0, 7) == "herald.";
    EXPECT_EQ(ReasonOf(CreateType(type).status()), own ? v1::INVALID_FIELDS : v1::EVENT_TYPE_TAKEN) << type;
    const absl::Status changed = Do(Describing(type, "mine")).status();
    EXPECT_EQ(changed.code(), absl::StatusCode::kFailedPrecondition) << type;
    EXPECT_EQ(ReasonOf(changed), v1::EVENT_TYPE_BUILT_IN) << type;
    EXPECT_EQ(ReasonOf(DeleteType(built_in.name())), v1::EVENT_TYPE_BUILT_IN) << type;
    EXPECT_EQ(Get(type)->SerializeAsString(), built_in.SerializeAsString());
  }
  EXPECT_TRUE(CreateType("requestcreated").ok()) << "case makes another type";
}

TEST_F(EventTypeRegistryTest, ATypeIsTakenOnce) {
  ASSERT_TRUE(CreateType("a").ok());
  EXPECT_EQ(ReasonOf(CreateType("a").status()), v1::EVENT_TYPE_TAKEN);
  EXPECT_EQ(ReasonOf(CreateType("a", {}, true).status()), v1::EVENT_TYPE_TAKEN);
  Answer first = absl::UnknownError("no answer"), second = first;
  v1::CreateEventTypeRequest request;
  request.mutable_event_type();
  request.set_event_type_id("b");
  engine_->event_types.Create(kTenant, request, [&](Answer given) { first = std::move(given); });
  engine_->event_types.Create(kTenant, request, [&](Answer given) { second = std::move(given); });
  Run();
  EXPECT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(ReasonOf(second.status()), v1::EVENT_TYPE_TAKEN) << "both were checked before either was stored";
}

TEST_F(EventTypeRegistryTest, ATenantHasNoMoreThanAllowed) {
  limits_.set_event_types_max(2);
  Restart();
  ASSERT_TRUE(CreateType("a").ok());
  ASSERT_TRUE(CreateType("b").ok());
  for (const bool validate_only : {true, false}) {
    const absl::Status status = CreateType("c", {}, validate_only).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
    EXPECT_EQ(ReasonOf(status), v1::LIMIT_REACHED);
  }
  ASSERT_TRUE(DeleteType("eventTypes/a").ok());
  EXPECT_TRUE(CreateType("c").ok());
}

TEST_F(EventTypeRegistryTest, ValidationAloneChangesNothing) {
  EXPECT_EQ(CreateType("a", {}, true)->name(), "eventTypes/a");
  EXPECT_EQ(ReasonOf(Get("a").status()), v1::EVENT_TYPE_NOT_FOUND);
  ASSERT_TRUE(CreateType("a").ok());
  v1::UpdateEventTypeRequest request = Describing("a", "new");
  request.set_validate_only(true);
  EXPECT_EQ(Do(request)->description(), "new");
  EXPECT_EQ(Get("a")->description(), "");
}

TEST_F(EventTypeRegistryTest, AnUpdateChangesWhatItNames) {
  v1::EventType type;
  type.set_display_name("A");
  type.set_sample_json(Sample("a"));
  ASSERT_TRUE(CreateType("a", type).ok());
  EXPECT_EQ(Do(Describing("a", "new"))->display_name(), "A") << "no mask: the fields that are set";
  v1::UpdateEventTypeRequest request = Describing("a", "newer");
  request.mutable_update_mask()->add_paths("sample_json");
  Answer updated = Do(request);
  EXPECT_EQ(updated->sample_json(), "");
  EXPECT_EQ(updated->description(), "new");
  request.mutable_update_mask()->set_paths(0, "*");
  updated = Do(request);
  EXPECT_EQ(updated->display_name(), "");
  EXPECT_EQ(updated->description(), "newer");
  Restart();
  EXPECT_EQ(Get("a")->SerializeAsString(), updated->SerializeAsString());
}

TEST_F(EventTypeRegistryTest, NamesEveryBadFieldOfAnUpdateAtOnce) {
  ASSERT_TRUE(CreateType("a").ok());
  v1::UpdateEventTypeRequest request = Describing("a", std::string(2000, 'd'));
  request.mutable_event_type()->set_sample_json(Sample("b"));
  EXPECT_THAT(FieldsOf(Do(request).status()), ElementsAre("event_type.description", "event_type.sample_json"));
  request.mutable_event_type()->set_name("types/a");
  request.mutable_update_mask()->add_paths("description");
  request.mutable_update_mask()->add_paths("built_in");
  EXPECT_THAT(FieldsOf(Do(request).status()), ElementsAre("event_type.name", "update_mask", "event_type.description"));
  EXPECT_THAT(FieldsOf(Do(v1::UpdateEventTypeRequest()).status()), ElementsAre("event_type", "event_type.name"));
  EXPECT_EQ(ReasonOf(Do(Describing("b", "x")).status()), v1::EVENT_TYPE_NOT_FOUND);
}

TEST_F(EventTypeRegistryTest, UpdatesThatMeetLoseNothing) {
  ASSERT_TRUE(CreateType("a").ok());
  v1::UpdateEventTypeRequest naming;
  naming.mutable_event_type()->set_name("eventTypes/a");
  naming.mutable_event_type()->set_display_name("A");
  Answer first = absl::UnknownError("no answer"), second = first;
  engine_->event_types.Update(kTenant, naming, [&](Answer given) { first = std::move(given); });
  engine_->event_types.Update(kTenant, Describing("a", "new"), [&](Answer given) { second = std::move(given); });
  Run();
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(Get("a")->display_name(), "A");
  EXPECT_EQ(Get("a")->description(), "new");
}

TEST_F(EventTypeRegistryTest, WritesNothingWhenNothingChanges) {
  ASSERT_TRUE(CreateType("a").ok());
  ASSERT_TRUE(Do(Describing("a", "same")).ok());
  store_.refuses = true;
  EXPECT_TRUE(Do(Describing("a", "same")).ok());
  EXPECT_EQ(ReasonOf(Do(Describing("a", "other")).status()), v1::STORE_UNAVAILABLE);
  EXPECT_EQ(ReasonOf(CreateType("b").status()), v1::STORE_UNAVAILABLE);
  EXPECT_EQ(ReasonOf(DeleteType("eventTypes/a")), v1::STORE_UNAVAILABLE);
  EXPECT_EQ(Get("a")->description(), "same");
  EXPECT_FALSE(Get("b").ok());
}

TEST_F(EventTypeRegistryTest, FollowsTheStoreWhenAChangesOutcomeIsUnknown) {
  ASSERT_TRUE(CreateType("a").ok());
  store_.loses_answer = true;
  EXPECT_EQ(ReasonOf(Do(Describing("a", "new")).status()), v1::OUTCOME_UNKNOWN);
  EXPECT_EQ(ReasonOf(CreateType("b").status()), v1::OUTCOME_UNKNOWN);
  EXPECT_EQ(Get("a")->description(), "new");
  EXPECT_TRUE(Get("b").ok());
  EXPECT_EQ(ReasonOf(DeleteType("eventTypes/a")), v1::OUTCOME_UNKNOWN);
  EXPECT_EQ(ReasonOf(Get("a").status()), v1::EVENT_TYPE_NOT_FOUND);
}

TEST_F(EventTypeRegistryTest, DeletesWhatPeopleMade) {
  ASSERT_TRUE(CreateType("a").ok());
  EXPECT_THAT(FieldsOf(DeleteType("a")), ElementsAre("name"));
  EXPECT_EQ(ReasonOf(DeleteType("eventTypes/b")), v1::EVENT_TYPE_NOT_FOUND);
  EXPECT_TRUE(DeleteType("tenants/default/eventTypes/a").ok());
  EXPECT_EQ(ReasonOf(Get("a").status()), v1::EVENT_TYPE_NOT_FOUND);
  Restart();
  EXPECT_EQ(ReasonOf(Get("a").status()), v1::EVENT_TYPE_NOT_FOUND);
  EXPECT_TRUE(CreateType("a").ok());
}

TEST_F(EventTypeRegistryTest, ListsAllByNameAPageAtATime) {
  ASSERT_TRUE(CreateType("invoice.paid").ok());
  ASSERT_TRUE(CreateType("Account").ok());
  std::string token;
  EXPECT_THAT(Page(2, token), ElementsAre("eventTypes/Account", "eventTypes/RequestApproved", "…"));
  EXPECT_THAT(Page(6, token), ElementsAre("eventTypes/RequestCreated", "eventTypes/RequestExpired",
                                          "eventTypes/RequestFailed", "eventTypes/RequestGranted",
                                          "eventTypes/RequestRejected", "eventTypes/herald.delivery.failed", "…"));
  EXPECT_THAT(Page(2, token), ElementsAre("eventTypes/herald.webhook.disabled", "eventTypes/invoice.paid"));
}

TEST_F(EventTypeRegistryTest, APageEndsBeforeItIsTooLargeForAnAnswer) {
  v1::EventType type;
  type.set_schema_json(absl::StrCat("{\"x\": \"", std::string(64'000, 'x'), "\"}"));
  for (int i = 0; i < 70; ++i) ASSERT_TRUE(CreateType(absl::StrCat("a", i), type).ok());
  v1::ListEventTypesRequest request;
  request.set_page_size(1000);
  size_t seen = 0;
  int pages = 0;
  do {
    const auto page = engine_->event_types.List(kTenant, request);
    ASSERT_TRUE(page.ok()) << page.status();
    ASSERT_LE(page->ByteSizeLong(), size_t{2} << 20);
    seen += static_cast<size_t>(page->event_types_size());
    ++pages;
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(seen, 70 + BuiltInEventTypes().size());
  EXPECT_EQ(pages, 3);
}

TEST_F(EventTypeRegistryTest, WarningsOfWebhooksFollowTheTypes) {
  CreateWith("a", {"invoice.payed", "invoice.*"});
  EXPECT_THAT(WarningsOf("a"), ElementsAre(HasSubstr("no event type \"invoice.payed\" is known here")));
  ASSERT_TRUE(CreateType("invoice.paid").ok());
  EXPECT_THAT(WarningsOf("a"), ElementsAre("no event type \"invoice.payed\"; did you mean invoice.paid?"));
  ASSERT_TRUE(CreateType("invoice.payed").ok());
  EXPECT_THAT(WarningsOf("a"), IsEmpty());
  const auto listed = engine_->registry.List(kTenant, v1::ListWebhooksRequest());
  EXPECT_EQ(listed->webhooks(0).warnings_size(), 0);
  ASSERT_TRUE(DeleteType("eventTypes/invoice.payed").ok());
  EXPECT_THAT(WarningsOf("a"), ElementsAre("no event type \"invoice.payed\"; did you mean invoice.paid?"));
}

TEST_F(EventTypeRegistryTest, AWebhookOutlivesTheTypeOfItsTrigger) {
  ASSERT_TRUE(CreateType("invoice.paid").ok());
  CreateWith("a", {"invoice.paid"});
  ASSERT_TRUE(DeleteType("eventTypes/invoice.paid").ok());
  const auto dispatched = Dispatch(R"({"type": "invoice.paid"})");
  ASSERT_TRUE(dispatched.ok()) << dispatched.status();
  EXPECT_EQ(dispatched->delivery_count(), 1);
  EXPECT_EQ(sender_.sent.size(), 1u);
}

TEST_F(EventTypeRegistryTest, TestsAndPreviewsSendTheSample) {
  v1::EventType type;
  type.set_sample_json(Sample("invoice.paid", R"({"amount": 12.50})"));
  ASSERT_TRUE(CreateType("invoice.paid", type).ok());
  CreateWith("a", {"invoice.paid"});
  v1::PreviewWebhookRequest preview;
  preview.set_name("webhooks/a");
  const auto previewed = engine_->tester.Preview(kTenant, preview);
  ASSERT_TRUE(previewed.ok()) << previewed.status();
  EXPECT_THAT(previewed->request().body(), HasSubstr(R"("amount":12.50)"));
  v1::TestWebhookRequest test;
  test.mutable_webhook()->set_url("https://new.example.com/in");
  test.mutable_webhook()->add_triggers("invoice.*");
  engine_->tester.Test(kTenant, test, absl::InfiniteDuration(), [](const auto&) {});
  ASSERT_EQ(sender_.sent.size(), 1u);
  EXPECT_THAT(*sender_.sent[0].body, HasSubstr(R"("event_type":"invoice.paid")"));
}

TEST_F(EventTypeRegistryTest, ReadersSeeWholeSetsWhileTypesChange) {
  std::atomic<bool> stop{false};
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        const auto known = engine_->event_types.Known(kTenant);
        EXPECT_GE(known->all().size(), BuiltInEventTypes().size());
        const v1::EventType* const found = known->Find("a");
        if (found == nullptr) continue;
        EXPECT_THAT(found->description(), Each('x'));
      }
    });
  }
  for (size_t i = 0; i < 50; ++i) {
    EXPECT_TRUE(CreateType("a").ok());
    EXPECT_TRUE(Do(Describing("a", std::string(i, 'x'))).ok());
    EXPECT_TRUE(DeleteType("eventTypes/a").ok());
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace herald
