#include "clients/cli/message_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "herald/v1/event_type.pb.h"
#include "herald/v1/webhook.pb.h"

namespace herald::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string ErrorOf(absl::string_view text) {
  v1::Webhook webhook;
  return std::string(ParseMessage(text, "w.json", &webhook).message());
}

absl::StatusOr<v1::Event> Event(absl::string_view text) {
  const auto document = ParseJson(text, "e.json");
  return document.ok() ? EventOfJson(document->root(), "e.json") : document.status();
}

TEST(MessageJson, TakesNamesOfTheProtoAndOfJson) {
  v1::Webhook webhook;
  ASSERT_TRUE(
      ParseMessage(R"({"display_name": "a", "bodyTemplate": "b", "state": "inactive"})", "w.json", &webhook).ok());
  EXPECT_EQ(webhook.display_name(), "a");
  EXPECT_EQ(webhook.body_template(), "b");
  EXPECT_EQ(webhook.state(), v1::Webhook::INACTIVE);
}

TEST(MessageJson, SaysWhatIsWrongAndWhere) {
  EXPECT_THAT(ErrorOf("{'url': 1}"), HasSubstr("w.json: line 1, column 2: not JSON"));
  EXPECT_THAT(ErrorOf("{\n\"url\": \"x\",}"), HasSubstr("w.json: line 2, column 12: not JSON"));
  EXPECT_THAT(ErrorOf(R"({"url": "a", "url": "b"})"), HasSubstr("the name \"url\" comes twice"));
  EXPECT_EQ(ErrorOf("[]"), "w.json: Webhook in JSON is an object: {…}");
  EXPECT_EQ(ErrorOf(R"({"urll": "x"})"), "w.json: Webhook has no field \"urll\"; did you mean url?");
  EXPECT_EQ(ErrorOf(R"({"filters": [{"pth": "$"}]})"),
            "w.json: Filter has no field \"filters.pth\"; did you mean path?");
  EXPECT_THAT(ErrorOf(R"({"state": "SLEEPING"})"), HasSubstr("SLEEPING"));
}

TEST(MessageJson, SaysWhatDurationsAndTimesAre) {
  const std::string duration = "; a duration is a number of seconds with \"s\", such as \"10s\"";
  EXPECT_EQ(ErrorOf(R"({"timeout": "10"})"), "w.json: \"timeout\" is \"10\"" + duration);
  EXPECT_EQ(ErrorOf(R"({"timeout": 10})"), "w.json: \"timeout\" is 10" + duration);
  EXPECT_EQ(ErrorOf(R"({"retry_policy": {"schedule": ["5s", "1m"]}})"),
            "w.json: \"retry_policy.schedule\" is \"1m\"" + duration);
  for (const char* text : {"s", "-s", ".5s", "1.s", "1e3s", " 1s", "10S", "1.0000000001s", "999999999999s"}) {
    EXPECT_EQ(ErrorOf(std::string(R"({"timeout": ")") + text + "\"}"),
              std::string("w.json: \"timeout\" is \"") + text + "\"" + duration);
  }
  EXPECT_EQ(Event(R"({"type": "x", "time": "yesterday"})").status().message(),
            "e.json: \"time\" is \"yesterday\"; a time is as RFC 3339 has it, such as \"2023-10-02T16:14:25Z\"");
}

TEST(MessageJson, TakesDurationsAndTimes) {
  for (const char* text : {"\"10s\"", "\"0.5s\"", "\"-1s\"", "\"1.000000001s\"", "\"315575999999s\"", "null"}) {
    EXPECT_EQ(ErrorOf(std::string(R"({"timeout": )") + text + R"(, "retry_policy": {"schedule": []}})"), "") << text;
  }
  EXPECT_TRUE(Event(R"({"type": "x", "time": "2023-10-02T16:14:25.5+02:00"})").ok());
}

TEST(MessageJson, NamesTheFieldsThatAFileSets) {
  const auto document = ParseJson(R"({"url": "x", "bodyTemplate": "", "labels": null})", "w.json");
  EXPECT_THAT(FieldsSet(document->root(), *v1::Webhook::descriptor()), ElementsAre("url", "body_template", "labels"));
}

TEST(MessageJson, PayloadKeepsItsCharacters) {
  const auto event = Event(R"({"type": "x", "data": {"b": 9007199254740993, "a": 1.50}})");
  ASSERT_TRUE(event.ok()) << event.status();
  EXPECT_EQ(event->data_json(), R"({"b":9007199254740993,"a":1.50})");
  EXPECT_EQ(MessageJson(*event), R"({"type":"x","data":{"b":9007199254740993,"a":1.50}})");
}

TEST(MessageJson, PayloadThatIsNoObjectTravelsAsText) {
  const auto event = Event(R"({"type": "x", "data_json": "[1]"})");
  ASSERT_TRUE(event.ok()) << event.status();
  EXPECT_EQ(MessageJson(*event), R"({"type":"x","data_json":"[1]"})");
  EXPECT_EQ(Event(R"({"data": [1]})").status().message(),
            "e.json: data has to be an object; put other JSON into data_json");
  EXPECT_EQ(Event(R"({"data": {}, "dataJson": "1"})").status().message(),
            "e.json: data and data_json are both set; set one of them");
  EXPECT_EQ(Event("7").status().message(), "e.json: Event in JSON is an object: {\"type\": …}");
}

TEST(MessageJson, EventWithPayloadAlone) {
  v1::Event event;
  event.set_data_json("{}");
  EXPECT_EQ(MessageJson(event), R"({"data":{}})");
}

TEST(IndentedJson, PutsEveryMemberOnItsLine) {
  EXPECT_EQ(IndentedJson(absl::string_view(R"({"a":[1,{"b":"x\ny"}],"c":[],"d":{}})")),
            "{\n"
            "  \"a\": [\n"
            "    1,\n"
            "    {\n"
            "      \"b\": \"x\\ny\"\n"
            "    }\n"
            "  ],\n"
            "  \"c\": [],\n"
            "  \"d\": {}\n"
            "}");
  EXPECT_EQ(IndentedJson(absl::string_view("no_service")), "no_service");
}

TEST(MessageJson, TakesJsonForAFieldThatHoldsItAsText) {
  v1::EventType type;
  ASSERT_TRUE(ParseMessage(R"({"sample_json": {"a": 1.50, "b": [{}]}, "schemaJson": "{ }"})", "t.json", &type).ok());
  EXPECT_EQ(type.sample_json(), R"({"a":1.50,"b":[{}]})");
  EXPECT_EQ(type.schema_json(), "{ }");
  EXPECT_FALSE(ParseMessage(R"({"description": {"a": 1}})", "t.json", &type).ok());
}

}  // namespace
}  // namespace herald::cli
