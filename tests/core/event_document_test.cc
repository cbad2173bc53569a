#include "src/core/event_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "src/core/limits.h"

namespace herald {
namespace {

using ::testing::HasSubstr;

std::string TextOf(const v1::Event& event, const v1::Limits& limits = DefaultLimits()) {
  const absl::StatusOr<Payload> payload = ParsePayload(event, limits);
  return payload.ok() ? payload->text : std::string(payload.status().message());
}

v1::Event WithJson(absl::string_view json) {
  v1::Event event;
  event.set_data_json(std::string(json));
  return event;
}

v1::Event WithNumber(double number) {
  v1::Event event;
  (*event.mutable_data()->mutable_fields())["n"].set_number_value(number);
  return event;
}

// An object of `depth` levels.
v1::Event WithDepth(int depth) {
  v1::Event event;
  google::protobuf::Struct* object = event.mutable_data();
  for (int i = 1; i < depth; ++i) object = (*object->mutable_fields())["a"].mutable_struct_value();
  return event;
}

TEST(ParsePayload, WritesAStructWithItsKeysSorted) {
  v1::Event event;
  auto& fields = *event.mutable_data()->mutable_fields();
  fields["b"].set_string_value("x\"\né");
  fields["a"].set_bool_value(true);
  fields["B"].set_null_value(google::protobuf::NULL_VALUE);
  fields["é"].mutable_list_value();
  auto* list = fields["c"].mutable_list_value();
  list->add_values()->set_number_value(1);
  list->add_values()->mutable_struct_value();
  EXPECT_EQ(TextOf(event), R"({"B":null,"a":true,"b":"x\"\né","c":[1,{}],"é":[]})");
}

TEST(ParsePayload, WritesNumbersInTheirShortestForm) {
  const struct {
    double number;
    const char* text;
  } kCases[] = {
      {0, "0"},
      {-0.0, "0"},
      {100000, "100000"},
      {-3600, "-3600"},
      {9007199254740991, "9007199254740991"},
      {9007199254740992, "9007199254740992"},
      {1e300, "1e+300"},
      {0.1, "0.1"},
      {1e-7, "1e-07"},
      {1696263265.851898, "1696263265.851898"},
      {5e-324, "5e-324"},
      {std::numeric_limits<double>::max(), "1.7976931348623157e+308"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(TextOf(WithNumber(c.number)), std::string(R"({"n":)") + c.text + "}");
    EXPECT_EQ(JsonDocument::Parse(c.text)->root().number(), c.number) << c.text;
  }
}

TEST(ParsePayload, RefusesNumbersThatAreNoJson) {
  for (const double number : {HUGE_VAL, -HUGE_VAL, std::nan("")}) {
    EXPECT_EQ(TextOf(WithNumber(number)), R"("n": NaN and infinities are no JSON; only finite numbers are allowed)");
  }
}

TEST(ParsePayload, RefusesTextThatIsNotUtf8) {
  v1::Event event;
  (*event.mutable_data()->mutable_fields())["a"].set_string_value("\xff");
  EXPECT_THAT(TextOf(event), HasSubstr("\"a\": holds a text that is not UTF-8"));
  v1::Event key;
  (*key.mutable_data()->mutable_fields())["\xff"].set_bool_value(true);
  EXPECT_THAT(TextOf(key), HasSubstr("not UTF-8"));
  EXPECT_THAT(TextOf(WithJson("\"\xff\"")), HasSubstr("line 1, column"));
}

TEST(ParsePayload, RefusesAValueThatIsNotSet) {
  v1::Event event;
  (*event.mutable_data()->mutable_fields())["a"];
  EXPECT_THAT(TextOf(event), HasSubstr("\"a\": holds a google.protobuf.Value that is not set"));
}

TEST(ParsePayload, BoundsTheDepth) {
  EXPECT_THAT(TextOf(WithDepth(32)), HasSubstr("{\"a\":{}}"));
  EXPECT_EQ(TextOf(WithDepth(33)), "\"a\": nested more than 32 levels deep");
  EXPECT_EQ(TextOf(WithJson(std::string(32, '[') + std::string(32, ']'))), std::string(32, '[') + std::string(32, ']'));
  EXPECT_THAT(TextOf(WithJson(std::string(33, '[') + std::string(33, ']'))), HasSubstr("more than 32 levels"));
}

TEST(ParsePayload, BoundsTheSize) {
  v1::Limits limits = DefaultLimits();
  limits.set_event_data_bytes_max(7);
  EXPECT_EQ(TextOf(WithNumber(1), limits), R"({"n":1})");
  EXPECT_EQ(TextOf(WithNumber(12), limits), "has 8 bytes as JSON text; at most 7 are allowed");
  EXPECT_EQ(TextOf(WithJson("\"12345\""), limits), "\"12345\"");
  EXPECT_EQ(TextOf(WithJson("\"123456\""), limits), "has 8 bytes as JSON text; at most 7 are allowed");
}

TEST(ParsePayload, KeepsJsonAsItIsButForWhiteSpace) {
  EXPECT_EQ(TextOf(WithJson(R"( { "b" : 1.50, "a" : [ 1696263265.851898000, "\u0041" ] } )")),
            R"({"b":1.50,"a":[1696263265.851898000,"A"]})");
}

TEST(ParsePayload, SaysWhereJsonIsWrong) {
  EXPECT_THAT(TextOf(WithJson("{\"a\": }")), HasSubstr("line 1, column 7"));
  EXPECT_THAT(TextOf(WithJson("")), HasSubstr("line 1, column 1"));
  EXPECT_THAT(TextOf(WithJson(R"({"a":1,"a":2})")), HasSubstr(R"(the name "a" comes twice)"));
}

TEST(ParsePayload, NoPayloadIsNull) { EXPECT_EQ(TextOf({}), "null"); }

TEST(EventDocument, HoldsWhatIsGiven) {
  v1::Event event;
  event.set_id("id-1");
  event.set_type("RequestCreated");
  event.mutable_time()->set_seconds(1696263265);
  event.mutable_time()->set_nanos(851898000);
  event.set_data_json(R"({"a":1.0})");
  EXPECT_EQ(EventDocumentText(event),
            R"({"data":{"a":1.0},"event_id":"id-1","event_time":1696263265.851898000,"event_type":"RequestCreated"})");
  event.set_source("portal");
  event.set_subject("requests/\"1\"");
  (*event.mutable_attributes())["b"] = "2";
  (*event.mutable_attributes())["a"] = "1";
  EXPECT_EQ(EventDocumentText(event),
            R"({"attributes":{"a":"1","b":"2"},"data":{"a":1.0},"event_id":"id-1","event_time":1696263265.851898000,)"
            R"("event_type":"RequestCreated","source":"portal","subject":"requests/\"1\""})");
}

// The value made of parts is the one that the text would be parsed into.
void ExpectSameValue(const v1::Event& event) {
  const Payload payload = ParsePayload(event, DefaultLimits()).value();
  const EventDocument made(event, payload.json.root());
  const JsonDocument parsed = JsonDocument::Parse(EventDocumentText(event)).value();
  EXPECT_EQ(ToJson(made.root()), ToJson(parsed.root()));
  EXPECT_EQ(made.root().Find("event_time")->number(), parsed.root().Find("event_time")->number());
}

TEST(EventDocument, IsTheSameValueWithoutItsText) {
  v1::Event event;
  event.set_id("id-1");
  event.mutable_time()->set_seconds(-1696263265);
  event.mutable_time()->set_nanos(851898000);
  event.set_data_json("null");
  ExpectSameValue(event);
  event.set_data_json(R"({"b":[1.50,"\u0007\"é"],"a":{}})");
  event.set_source("portal");
  event.set_subject("requests/\"1\"");
  (*event.mutable_attributes())["b"] = "2";
  (*event.mutable_attributes())["a"] = "line\nbreak";
  ExpectSameValue(event);
}

TEST(EventDocument, WritesTimesWithNineDecimals) {
  const struct {
    int64_t seconds;
    int nanos;
    const char* text;
  } kCases[] = {
      {0, 0, "0.000000000"},
      {1, 5, "1.000000005"},
      {-1, 0, "-1.000000000"},
      {-1, 500'000'000, "-0.500000000"},
      {-62'135'596'800, 999'999'999, "-62135596799.000000001"},
      {253'402'300'799, 999'999'999, "253402300799.999999999"},
  };
  for (const auto& c : kCases) {
    v1::Event event;
    event.mutable_time()->set_seconds(c.seconds);
    event.mutable_time()->set_nanos(c.nanos);
    EXPECT_THAT(EventDocumentText(event), HasSubstr(std::string("\"event_time\":") + c.text + ","));
  }
}

std::string HashOf(const v1::Event& event) {
  return ContentHash(event, ParsePayload(event, DefaultLimits()).value().json.root());
}

TEST(ContentHash, OrderOfKeysMakesNoOtherContent) {
  v1::Event as_struct;
  (*as_struct.mutable_data()->mutable_fields())["a"].set_number_value(1);
  (*as_struct.mutable_data()->mutable_fields())["b"].set_number_value(2);
  EXPECT_EQ(HashOf(WithJson(R"({"b":2,"a":1})")), HashOf(WithJson(R"({"a": 1, "b": 2})")));
  EXPECT_EQ(HashOf(as_struct), HashOf(WithJson(R"({"b":2,"a":1})")));
  EXPECT_EQ(HashOf(as_struct).size(), 32u);
}

TEST(ContentHash, EachPartCounts) {
  std::vector<v1::Event> events(8, WithJson("1"));
  events[1].set_type("t");
  events[2].set_source("t");
  events[3].set_subject("t");
  events[4].mutable_time();
  events[5].mutable_time()->set_nanos(1);
  (*events[6].mutable_attributes())["t"] = "t";
  events[7].set_data_json("1.0");
  for (size_t i = 0; i < events.size(); ++i) {
    for (size_t j = 0; j < i; ++j) EXPECT_NE(HashOf(events[i]), HashOf(events[j])) << i << " and " << j;
  }
}

TEST(ContentHash, TheIdIsNoContent) {
  v1::Event event = WithJson("1");
  event.set_id("id");
  EXPECT_EQ(HashOf(event), HashOf(WithJson("1")));
}

}  // namespace
}  // namespace herald
