#include "src/core/event_document_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "src/core/event_document.h"
#include "src/core/limits.h"
#include "tests/core/sentences.h"

namespace herald {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::vector<std::string> Wrong(absl::string_view text, const v1::Limits& limits = DefaultLimits()) {
  FieldViolations violations;
  ParseEventDocument(text, limits, "f", violations);
  return Sentences(violations);
}

v1::Event Parsed(absl::string_view text) {
  FieldViolations violations;
  v1::Event event = ParseEventDocument(text, DefaultLimits(), "f", violations);
  EXPECT_THAT(Sentences(violations), IsEmpty()) << text;
  return event;
}

// A document with this time.
std::string At(absl::string_view event_time) {
  return absl::StrCat(R"({"event_id":"e1","event_type":"a.b","event_time":)", event_time, R"(,"data":{}})");
}

TEST(EventDocumentParser, IsTheInverseOfTheDocument) {
  for (const char* const text : {
           R"({"attributes":{"a":"1","b":""},"data":{"n":1.50,"x":[null,{}]},"event_id":"e1",)"
           R"("event_time":1696263265.851898000,"event_type":"a.b","source":"s","subject":"t"})",
           R"({"data":null,"event_id":"e1","event_time":0.000000000,"event_type":"a.b"})",
           R"({"data":"text","event_id":"e1","event_time":-0.500000000,"event_type":"herald.delivery.failed"})",
           R"({"data":[1e3],"event_id":"e1","event_time":-62135596800.000000000,"event_type":"a"})",
       }) {
    EXPECT_EQ(EventDocumentText(Parsed(text)), text);
  }
}

TEST(EventDocumentParser, TakesTimesWithUpToNineDecimals) {
  const struct {
    const char* text;
    int64_t seconds;
    int32_t nanos;
  } kCases[] = {
      {"5", 5, 0},
      {"5.5", 5, 500'000'000},
      {"5.000000001", 5, 1},
      {"-5", -5, 0},
      {"-5.25", -6, 750'000'000},
      {"-0", 0, 0},
      {"-0.0", 0, 0},
      {"253402300799.9", 253'402'300'799, 900'000'000},
  };
  for (const auto& c : kCases) {
    const v1::Event event = Parsed(At(c.text));
    EXPECT_EQ(event.time().seconds(), c.seconds) << c.text;
    EXPECT_EQ(event.time().nanos(), c.nanos) << c.text;
  }
  for (const char* const text : {"1e9", "1.0E3", "5.0000000001", "\"5\"", "null", "99999999999999999999"}) {
    EXPECT_THAT(Wrong(At(text)), ElementsAre(StartsWith("f: event_time: is a number of seconds since 1970"))) << text;
  }
  EXPECT_THAT(Wrong(At("253402300800")), ElementsAre(HasSubstr("event_time: 253402300800 s is outside the years")));
}

TEST(EventDocumentParser, SaysWhatIsNoDocumentAtAll) {
  EXPECT_THAT(Wrong("{"), ElementsAre(StartsWith("f: line 1, column 2")));
  EXPECT_THAT(Wrong("[]"), ElementsAre(StartsWith("f: has to be a JSON object")));
  EXPECT_THAT(Wrong(R"({"data": 1, "data": 2})"), ElementsAre(StartsWith("f: line 1, column ")));
  EXPECT_THAT(Wrong("\"\xff\""), ElementsAre(StartsWith("f: line 1, column ")));
}

TEST(EventDocumentParser, NamesEverythingThatIsMissing) {
  EXPECT_THAT(Wrong("{}"), ElementsAre("f: event_id: is missing", "f: event_type: is missing",
                                       "f: event_time: is missing", "f: data: is missing"));
}

TEST(EventDocumentParser, NamesEverythingThatIsWrong) {
  EXPECT_THAT(
      Wrong(R"({"event_id": "a b", "event_type": "a/b", "event_time": true, "data": {}, "source": 1, "subject": "",
                "attributes": {"a": 1, "-": "x"}, "amount": 5})"),
      ElementsAre(StartsWith("f: event_time: is a number"), "f: source: has to be a string", "f: subject: is empty",
                  "f: attributes[\"a\"]: has to be a string",
                  "f: \"amount\": no event has this at its top; what the sender gives is under data",
                  StartsWith("f: event_id: \"a b\" is no event id"), StartsWith("f: event_type: \"/\" at position 2"),
                  StartsWith("f: attributes[\"-\"]: a key has")));
  EXPECT_THAT(Wrong(R"({"event_id": 1, "event_type": 2, "event_time": 3, "data": {}, "attributes": []})"),
              ElementsAre("f: event_id: has to be a string", "f: event_type: has to be a string",
                          "f: attributes: has to be an object of strings"));
}

TEST(EventDocumentParser, HoldsTheDataToTheLimitsOfAnEvent) {
  v1::Limits limits = DefaultLimits();
  limits.set_event_data_bytes_max(4);
  EXPECT_THAT(Wrong(R"({"event_id":"e1","event_type":"a","event_time":1,"data":"abc"})", limits),
              ElementsAre(StartsWith("f: data: has 5 bytes")));
  limits = DefaultLimits();
  limits.set_json_depth_max(2);
  EXPECT_THAT(Wrong(R"({"event_id":"e1","event_type":"a","event_time":1,"data":[[1]]})", limits), IsEmpty());
  EXPECT_THAT(Wrong(R"({"event_id":"e1","event_type":"a","event_time":1,"data":[[[1]]]})", limits).size(), 1);
}

}  // namespace
}  // namespace herald
