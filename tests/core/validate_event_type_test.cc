#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "src/core/event_types.h"
#include "src/core/limits.h"
#include "src/core/validate.h"
#include "tests/core/sentences.h"

namespace herald {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr char kSample[] = R"({"event_id": "e1", "event_type": "invoice.paid", "event_time": 1, "data": {}})";

std::vector<std::string> Wrong(const v1::EventType& event_type, absl::string_view type = "invoice.paid",
                               const v1::Limits& limits = DefaultLimits()) {
  FieldViolations violations;
  ValidateEventType(event_type, type, limits, "event_type", violations);
  return Sentences(violations);
}

std::vector<std::string> WrongId(absl::string_view type) {
  FieldViolations violations;
  ValidateEventTypeId(type, "event_type_id", violations);
  return Sentences(violations);
}

TEST(ValidateEventType, TakesTheTypesThatCameWithHerald) {
  for (const v1::EventType& type : BuiltInEventTypes()) {
    EXPECT_THAT(Wrong(type, absl::string_view(type.name()).substr(sizeof("eventTypes/") - 1)), IsEmpty())
        << type.name();
  }
}

TEST(ValidateEventType, TakesOneThatSaysNothing) { EXPECT_THAT(Wrong(v1::EventType()), IsEmpty()); }

TEST(ValidateEventType, TakesIdsThatEventsMayBear) {
  for (const char* const type : {"invoice.paid", "RequestCreated", "a", "9-x_Y.z", "heralds.x", "herald"}) {
    EXPECT_THAT(WrongId(type), IsEmpty()) << type;
  }
  EXPECT_THAT(WrongId(std::string(128, 'a')), IsEmpty());
  EXPECT_THAT(WrongId(std::string(129, 'a')), ElementsAre(StartsWith("event_type_id: an event type has at most 128")));
  EXPECT_THAT(WrongId(""), ElementsAre(StartsWith("event_type_id: required")));
  EXPECT_THAT(WrongId(".a"), ElementsAre(StartsWith("event_type_id: an event type starts with a letter")));
  EXPECT_THAT(WrongId("a*"), ElementsAre(StartsWith("event_type_id: \"*\" at position 2")));
  EXPECT_THAT(WrongId("herald.x"), ElementsAre("event_type_id: \"herald.x\" is refused: types that begin with "
                                               "\"herald.\" are Herald's own"));
}

TEST(ValidateEventType, FindsEverythingAtOnce) {
  v1::EventType type;
  type.set_display_name(std::string(257, 'n'));
  type.set_description(std::string(1025, 'd'));
  type.set_schema_json("[]");
  type.set_sample_json(R"({"event_id": "e1", "event_type": "invoice.paid", "event_time": 1})");
  EXPECT_THAT(Wrong(type), ElementsAre("event_type.display_name: has 257 bytes; at most 256 are allowed",
                                       "event_type.description: has 1025 bytes; at most 1024 are allowed",
                                       StartsWith("event_type.schema_json: has to be a JSON object"),
                                       "event_type.sample_json: data: is missing"));
}

TEST(ValidateEventType, ASchemaIsAJsonObjectOfBoundedSize) {
  v1::Limits limits = DefaultLimits();
  limits.set_event_type_json_bytes_max(20);
  limits.set_json_depth_max(2);
  const struct {
    const char* schema;
    const char* sentence;  // empty: it is right
  } kCases[] = {
      {R"({"type": "object"})", ""},
      {R"({"type":   "objects"})", "event_type.schema_json: has 21 bytes; at most 20 are allowed"},
      {R"({"a": {"b": 1}})", ""},
      {R"({"a":{"b":[]}})", "event_type.schema_json: line 1, column 11"},
      {R"({"a": 1, "a": 2})", "event_type.schema_json: line 1, column "},
      {"{,}", "event_type.schema_json: line 1, column 2"},
      {"true", "event_type.schema_json: has to be a JSON object"},
      {" ", "event_type.schema_json: line 1, column "},
  };
  for (const auto& c : kCases) {
    v1::EventType type;
    type.set_schema_json(c.schema);
    const std::vector<std::string> wrong = Wrong(type, "invoice.paid", limits);
    if (c.sentence[0] == '\0') {
      EXPECT_THAT(wrong, IsEmpty()) << c.schema;
    } else {
      EXPECT_THAT(wrong, ElementsAre(StartsWith(c.sentence))) << c.schema;
    }
  }
}

TEST(ValidateEventType, ASampleIsOneOfTheType) {
  v1::EventType type;
  type.set_sample_json(kSample);
  EXPECT_THAT(Wrong(type), IsEmpty());
  EXPECT_THAT(Wrong(type, "invoice.sent"),
              ElementsAre("event_type.sample_json: event_type: is \"invoice.paid\"; want \"invoice.sent\", the type "
                          "that it is a sample of"));
  EXPECT_THAT(Wrong(type, ""), IsEmpty());
  v1::Limits limits = DefaultLimits();
  limits.set_event_type_json_bytes_max(20);
  EXPECT_THAT(Wrong(type, "invoice.paid", limits), ElementsAre(StartsWith("event_type.sample_json: has ")));
}

}  // namespace
}  // namespace herald
