#include "src/core/event_types.h"

#include <algorithm>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "src/base/edit_distance.h"
#include "src/base/json.h"
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

constexpr char kDefaultType[] = "RequestCreated";

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
    type.set_schema_json(absl::StrReplaceAll(kSchema, {{kDefaultType, t.type}}));
    type.set_sample_json(absl::StrReplaceAll(
        kSample, {{kDefaultType, t.type},
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

// "1696263265.851898000"
google::protobuf::Timestamp ToTimestamp(absl::string_view seconds_text) {
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(seconds_text, '.');
  int64_t seconds = 0;
  int32_t nanos = 0;
  google::protobuf::Timestamp time;
  if (absl::SimpleAtoi(parts.first, &seconds)) time.set_seconds(seconds);
  if (absl::SimpleAtoi(parts.second, &nanos)) time.set_nanos(nanos);
  return time;
}

v1::Event EventOfSample(const std::string& sample_json) {
  const JsonDocument sample = JsonDocument::Parse(sample_json).value();
  v1::Event event;
  event.set_id(std::string(sample.root().Find("event_id")->string()));
  event.set_type(std::string(sample.root().Find("event_type")->string()));
  *event.mutable_time() = ToTimestamp(sample.root().Find("event_time")->number_text());
  event.set_data_json(ToJson(*sample.root().Find("data")));
  return event;
}

// "request.created", "request_created" and "RequestCreated" are the same.
std::string Folded(absl::string_view type) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(type), {{".", ""}, {"_", ""}, {"-", ""}});
}

}  // namespace

const std::vector<v1::EventType>& BuiltInEventTypes() {
  static const auto* const kEventTypes = new std::vector<v1::EventType>(MakeEventTypes());
  return *kEventTypes;
}

const v1::EventType* FindEventType(absl::string_view type) {
  for (const v1::EventType& known : BuiltInEventTypes()) {
    if (known.name() == EventTypeName(type)) return &known;
  }
  return nullptr;
}

v1::Event SampleEvent(absl::string_view type) {
  const v1::EventType* known = FindEventType(type);
  if (known != nullptr) return EventOfSample(known->sample_json());
  v1::Event event;
  event.set_type(std::string(type));
  event.set_data_json("{}");
  return event;
}

v1::Event SampleEventFor(const v1::Webhook& webhook) {
  for (const std::string& trigger : webhook.triggers()) {
    if (trigger == "*") break;
    if (FindEventType(trigger) != nullptr) return SampleEvent(trigger);
  }
  return SampleEvent(kDefaultType);
}

std::string NearestEventType(absl::string_view type) {
  constexpr size_t kDistanceMax = 3;
  if (FindEventType(type) != nullptr) return "";
  std::string nearest;
  size_t nearest_distance = kDistanceMax + 1;
  for (const auto& known : kTypes) {
    const size_t distance = EditDistance(Folded(type), Folded(known.type));
    if (distance >= nearest_distance) continue;
    nearest = known.type;
    nearest_distance = distance;
  }
  return nearest;
}

}  // namespace herald
