#include "src/core/event_types.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "src/core/event_document_parser.h"
#include "src/core/limits.h"
#include "src/core/names.h"

namespace herald {
namespace {

constexpr char kSchema[] =
#include "src/core/event_types/access_request.schema.json.inc"
    ;

// Of Herald's own events: herald.delivery.failed's; the others' differ in what kOwnTypes says.
constexpr char kOwnSchema[] =
#include "src/core/event_types/own.schema.json.inc"
    ;
constexpr char kOwnSample[] =
#include "src/core/event_types/own.sample.json.inc"
    ;

// RequestCreated's; the others' differ in what kTypes says.
constexpr char kSample[] =
#include "src/core/event_types/access_request.sample.json.inc"
    ;

constexpr struct {
  const char* type;
  const char* display_name;
  const char* description;
  const char* sample_id;
  const char* sample_time;
  const char* sample_approval;
} kTypes[] = {
    {"RequestApproved", "Request approved", "Everyone whose approval an access request needs has approved it.",
     "evt_sample_request_approved", "1696263505.120044000", "APPROVED"},
    {"RequestCreated", "Request created", "Somebody has asked for access.", "evt_sample_request_created",
     "1696263265.851898000", "PENDING"},
    {"RequestExpired", "Request expired", "The access that was granted for a time has ended.",
     "evt_sample_request_expired", "1696266865.851898000", "APPROVED"},
    {"RequestFailed", "Request failed", "An access request was approved, but the access could not be granted.",
     "evt_sample_request_failed", "1696263512.700310000", "APPROVED"},
    {"RequestGranted", "Request granted", "The access that was asked for is in place.", "evt_sample_request_granted",
     "1696263512.400215000", "APPROVED"},
    {"RequestRejected", "Request rejected", "An approver has rejected an access request.",
     "evt_sample_request_rejected", "1696263505.120044000", "REJECTED"},
};

constexpr char kOwnDefaultType[] = "herald.delivery.failed";
constexpr struct {
  const char* type;
  const char* display_name;
  const char* description;
  const char* sample_id;
  const char* sample_event_type;
} kOwnTypes[] = {
    {"herald.delivery.failed", "Delivery failed",
     "Herald has given up a delivery. Goes only to webhooks whose trigger names \"herald.\".",
     "evt_sample_delivery_failed", "\n    \"event_type\": \"RequestCreated\","},
    {"herald.webhook.disabled", "Webhook disabled",
     "Herald has disabled a webhook. Goes only to webhooks whose trigger names \"herald.\".",
     "evt_sample_webhook_disabled", "\n    \"disabled_reason\": \"FAILING\","},
};

std::vector<v1::EventType> MakeEventTypes() {
  std::vector<v1::EventType> types;
  for (const auto& t : kTypes) {
    v1::EventType& type = types.emplace_back();
    type.set_name(EventTypeName(t.type));
    type.set_display_name(t.display_name);
    type.set_description(t.description);
    type.set_schema_json(absl::StrReplaceAll(kSchema, {{kDefaultEventType, t.type}}));
    type.set_sample_json(absl::StrReplaceAll(
        kSample, {{kDefaultEventType, t.type},
                  {"evt_sample_request_created", t.sample_id},
                  {"\"event_time\": 1696263265.851898000", absl::StrCat("\"event_time\": ", t.sample_time)},
                  {"PENDING", t.sample_approval}}));
    type.set_built_in(true);
  }
  for (const auto& t : kOwnTypes) {
    v1::EventType& type = types.emplace_back();
    type.set_name(EventTypeName(t.type));
    type.set_display_name(t.display_name);
    type.set_description(t.description);
    type.set_schema_json(absl::StrReplaceAll(kOwnSchema, {{kOwnDefaultType, t.type}}));
    type.set_sample_json(
        absl::StrReplaceAll(kOwnSample, {{kOwnDefaultType, t.type},
                                         {"evt_sample_delivery_failed", t.sample_id},
                                         {"\n    \"event_type\": \"RequestCreated\",", t.sample_event_type}}));
    type.set_built_in(true);
  }
  return types;
}

}  // namespace

const std::vector<v1::EventType>& BuiltInEventTypes() {
  static const auto* const kEventTypes = new std::vector<v1::EventType>(MakeEventTypes());
  return *kEventTypes;
}

const v1::EventType* FindBuiltInEventType(absl::string_view type) {
  for (const v1::EventType& known : BuiltInEventTypes()) {
    if (known.name() == EventTypeName(type)) return &known;
  }
  return nullptr;
}

v1::Event SampleEvent(absl::string_view type) {
  v1::Event event;
  if (const v1::EventType* known = FindBuiltInEventType(type)) {
    FieldViolations none;
    event = ParseEventDocument(known->sample_json(), DefaultLimits(), "sample_json", none);
  } else {
    event.set_type(std::string(type));
    event.set_data_json("{}");
  }
  return event;
}

}  // namespace herald
