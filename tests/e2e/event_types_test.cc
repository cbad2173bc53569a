// Event types that people make, over the real server, which is killed meanwhile.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <string>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "herald/v1/error_reason.pb.h"
#include "tests/e2e/herald_process.h"
#include "tests/support/temp_dir.h"

namespace herald {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kInvoicePaid[] = R"({
  "event_type_id": "invoice.paid",
  "event_type": {
    "display_name": "Invoice paid",
    "description": "A customer has paid an invoice.",
    "schema_json": "{\"type\": \"object\"}",
    "sample_json": "{\"event_id\": \"e1\", \"event_type\": \"invoice.paid\", \"event_time\": 1, \"data\": {\"amount\": 9.90}}"
  }
})";

// The reason of an error, and the fields that it names.
std::vector<std::string> CauseOf(const grpc::Status& status) {
  google::rpc::Status details;
  EXPECT_TRUE(details.ParseFromString(status.error_details()));
  std::vector<std::string> cause;
  for (const auto& detail : details.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad_request;
    if (detail.UnpackTo(&info)) cause.push_back(info.reason());
    if (!detail.UnpackTo(&bad_request)) continue;
    for (const auto& violation : bad_request.field_violations()) cause.push_back(violation.field());
  }
  return cause;
}

class EventTypesEndToEnd : public ::testing::TestWithParam<const char*> {
 protected:
  EventTypesEndToEnd() { Start(); }

  void Start() { herald_ = std::make_unique<HeraldProcess>(options_); }
  void KillAndRestart() {
    herald_->Signal(SIGKILL);
    EXPECT_TRUE(herald_->ExitsWith(-SIGKILL));
    Start();
  }

  v1::EventService::Stub& events() { return herald_->events(); }
  grpc::Status Create(const std::string& json, v1::EventType* created) {
    grpc::ClientContext context;
    return events().CreateEventType(&context, FromJson<v1::CreateEventTypeRequest>(json), created);
  }
  grpc::Status Update(const std::string& json, v1::EventType* updated) {
    grpc::ClientContext context;
    return events().UpdateEventType(&context, FromJson<v1::UpdateEventTypeRequest>(json), updated);
  }
  grpc::Status Delete(const std::string& name) {
    grpc::ClientContext context;
    v1::DeleteEventTypeRequest request;
    request.set_name(name);
    google::protobuf::Empty empty;
    return events().DeleteEventType(&context, request, &empty);
  }
  grpc::Status Get(const std::string& name, v1::EventType* found) {
    grpc::ClientContext context;
    v1::GetEventTypeRequest request;
    request.set_name(name);
    return events().GetEventType(&context, request, found);
  }
  int CountAll() {
    grpc::ClientContext context;
    v1::ListEventTypesResponse listed;
    EXPECT_TRUE(events().ListEventTypes(&context, v1::ListEventTypesRequest(), &listed).ok());
    return listed.event_types_size();
  }
  v1::Webhook WebhookFor(const std::string& trigger) {
    v1::CreateWebhookRequest request;
    request.set_webhook_id("a");
    request.mutable_webhook()->set_display_name("A");
    request.mutable_webhook()->add_triggers(trigger);
    request.mutable_webhook()->set_url("https://a.example.com/in");
    v1::Webhook created;
    grpc::ClientContext context;
    EXPECT_TRUE(herald_->webhooks().CreateWebhook(&context, request, &created).ok());
    return created;
  }

  const TempDir directory_;
  const HeraldProcess::Options options_{
      .store = std::string(GetParam()) == "memory" ? "memory" : "sqlite:" + directory_.File("herald.db")};
  std::unique_ptr<HeraldProcess> herald_;
};

TEST_P(EventTypesEndToEnd, AreMadeChangedAndDeleted) {
  const int before = CountAll();
  v1::EventType created;
  ASSERT_TRUE(Create(kInvoicePaid, &created).ok());
  EXPECT_EQ(created.name(), "eventTypes/invoice.paid");
  EXPECT_FALSE(created.built_in());
  EXPECT_EQ(CountAll(), before + 1);
  v1::EventType updated;
  ASSERT_TRUE(Update(R"({"event_type": {"name": "eventTypes/invoice.paid", "display_name": "Paid"}})", &updated).ok());
  EXPECT_EQ(updated.display_name(), "Paid");
  EXPECT_EQ(updated.sample_json(), created.sample_json());
  v1::EventType found;
  ASSERT_TRUE(Get("eventTypes/invoice.paid", &found).ok());
  EXPECT_EQ(found.SerializeAsString(), updated.SerializeAsString());
  ASSERT_TRUE(Delete("eventTypes/invoice.paid").ok());
  const grpc::Status gone = Get("eventTypes/invoice.paid", &found);
  EXPECT_EQ(gone.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(CauseOf(gone), ElementsAre("EVENT_TYPE_NOT_FOUND"));
  EXPECT_EQ(CountAll(), before);
}

TEST_P(EventTypesEndToEnd, RefusalsSayWhy) {
  v1::EventType unused;
  const grpc::Status bad =
      Create(R"({"event_type_id": "herald.x", "event_type": {"schema_json": "[]", "sample_json": "{}"}})", &unused);
  EXPECT_EQ(bad.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  const std::vector<std::string> cause = CauseOf(bad);
  ASSERT_GE(cause.size(), 4u);
  EXPECT_THAT(std::vector<std::string>(cause.begin(), cause.begin() + 4),
              ElementsAre("INVALID_FIELDS", "event_type_id", "event_type.schema_json", "event_type.sample_json"));
  ASSERT_TRUE(Create(kInvoicePaid, &unused).ok());
  const grpc::Status twice = Create(kInvoicePaid, &unused);
  EXPECT_EQ(twice.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_THAT(CauseOf(twice), ElementsAre("EVENT_TYPE_TAKEN"));
  const grpc::Status shadow = Create(R"({"event_type_id": "RequestCreated", "event_type": {}})", &unused);
  EXPECT_EQ(shadow.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  const grpc::Status built_in = Delete("eventTypes/RequestCreated");
  EXPECT_EQ(built_in.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(CauseOf(built_in), ElementsAre("EVENT_TYPE_BUILT_IN"));
  const grpc::Status changed =
      Update(R"({"event_type": {"name": "eventTypes/herald.webhook.disabled", "description": "x"}})", &unused);
  EXPECT_EQ(changed.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
}

TEST_P(EventTypesEndToEnd, WarningsAndSamplesOfWebhooksFollow) {
  EXPECT_THAT(WebhookFor("invoice.paid").warnings(), ElementsAre(HasSubstr("no event type \"invoice.paid\"")));
  v1::EventType created;
  ASSERT_TRUE(Create(kInvoicePaid, &created).ok());
  grpc::ClientContext reading;
  v1::GetWebhookRequest get;
  get.set_name("webhooks/a");
  v1::Webhook webhook;
  ASSERT_TRUE(herald_->webhooks().GetWebhook(&reading, get, &webhook).ok());
  EXPECT_THAT(webhook.warnings(), IsEmpty());
  grpc::ClientContext previewing;
  v1::PreviewWebhookRequest preview;
  preview.set_name("webhooks/a");
  v1::PreviewWebhookResponse previewed;
  ASSERT_TRUE(herald_->webhooks().PreviewWebhook(&previewing, preview, &previewed).ok());
  EXPECT_THAT(previewed.request().body(), HasSubstr(R"("amount":9.90)"));
}

// Of the stores that outlive their process.
class LastingEventTypes : public EventTypesEndToEnd {};

TEST_P(LastingEventTypes, WhatWasAnsweredOutlivesAKill) {
  v1::EventType kept, changed, unused;
  ASSERT_TRUE(Create(kInvoicePaid, &kept).ok());
  ASSERT_TRUE(Create(R"({"event_type_id": "invoice.sent", "event_type": {}})", &unused).ok());
  ASSERT_TRUE(Create(R"({"event_type_id": "invoice.lost", "event_type": {}})", &unused).ok());
  ASSERT_TRUE(Update(R"({"event_type": {"name": "eventTypes/invoice.sent", "description": "new"}})", &changed).ok());
  ASSERT_TRUE(Delete("eventTypes/invoice.lost").ok());
  const int all = CountAll();
  KillAndRestart();
  v1::EventType found;
  ASSERT_TRUE(Get("eventTypes/invoice.paid", &found).ok());
  EXPECT_EQ(found.SerializeAsString(), kept.SerializeAsString());
  ASSERT_TRUE(Get("eventTypes/invoice.sent", &found).ok());
  EXPECT_EQ(found.SerializeAsString(), changed.SerializeAsString());
  EXPECT_EQ(Get("eventTypes/invoice.lost", &found).error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(CountAll(), all);
  EXPECT_THAT(WebhookFor("invoice.paid").warnings(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Stores, EventTypesEndToEnd, ::testing::Values("memory", "sqlite"),
                         [](const auto& param_info) { return std::string(param_info.param); });
INSTANTIATE_TEST_SUITE_P(Stores, LastingEventTypes, ::testing::Values("sqlite"),
                         [](const auto& param_info) { return std::string(param_info.param); });

}  // namespace
}  // namespace herald
