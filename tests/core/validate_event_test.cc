#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "src/core/event_types.h"
#include "src/core/limits.h"
#include "src/core/validate.h"
#include "tests/core/sentences.h"

namespace herald {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::vector<std::string> Violations(const v1::Event& event) {
  FieldViolations violations;
  ValidateEvent(event, DefaultLimits(), "event", violations);
  return Sentences(violations);
}

TEST(ValidateEvent, TakesWhatIsRight) {
  v1::Event event = SampleEvent("RequestCreated");
  event.set_id(std::string(128, '~'));
  event.set_source(std::string(256, 's'));
  event.set_subject(std::string(256, 's'));
  event.mutable_time()->set_seconds(253'402'300'799);
  for (int i = 0; i < 32; ++i) (*event.mutable_attributes())["k" + std::to_string(i)] = std::string(256, 'v');
  EXPECT_THAT(Violations(event), IsEmpty());
  v1::Event smallest;
  smallest.set_type("x");
  EXPECT_THAT(Violations(smallest), IsEmpty());
}

TEST(ValidateEvent, GivesThePayloadsText) {
  v1::Event event;
  event.set_type("x");
  event.set_data_json("[ 1 ]");
  FieldViolations violations;
  EXPECT_EQ(ValidateEvent(event, DefaultLimits(), "event", violations).text, "[1]");
  event.set_data_json("[");
  EXPECT_EQ(ValidateEvent(event, DefaultLimits(), "event", violations).text, "");
}

TEST(ValidateEvent, NamesTheFieldAndSaysWhatIsAllowed) {
  const struct {
    std::function<void(v1::Event&)> spoil;
    const char* sentence;
  } kCases[] = {
      {[](v1::Event& e) { e.set_id("a b"); },
       "event.id: \"a b\" is no event id: 1 to 128 printable ASCII characters without space or \"/\""},
      {[](v1::Event& e) { e.set_id("a/b"); }, "event.id: \"a/b\" is no event id"},
      {[](v1::Event& e) { e.set_id("é"); }, "event.id: \"é\" is no event id"},
      {[](v1::Event& e) { e.set_id(std::string(129, 'x')); }, "event.id: \"xxx"},
      {[](v1::Event& e) { e.clear_type(); }, "event.type: required: an event type such as RequestCreated"},
      {[](v1::Event& e) { e.set_type("a b"); }, "event.type: U+0020 at position 2"},
      {[](v1::Event& e) { e.set_type("herald.webhook.disabled"); },
       "event.type: \"herald.webhook.disabled\" is refused: types that begin with \"herald.\" are Herald's own"},
      {[](v1::Event& e) { e.set_source(std::string(257, 'x')); },
       "event.source: has 257 bytes; at most 256 are allowed"},
      {[](v1::Event& e) { e.set_subject(std::string(257, 'x')); },
       "event.subject: has 257 bytes; at most 256 are allowed"},
      {[](v1::Event& e) { e.mutable_time()->set_seconds(-62'135'596'801); },
       "event.time: -62135596801 s is outside the years 0001 to 9999"},
      {[](v1::Event& e) { e.mutable_time()->set_seconds(253'402'300'800); },
       "event.time: 253402300800 s is outside the years 0001 to 9999"},
      {[](v1::Event& e) { e.mutable_time()->set_nanos(-1); },
       "event.time: nanos is -1; from 0 to 999999999 is allowed"},
      {[](v1::Event& e) { (*e.mutable_attributes())["a b"] = "x"; }, "event.attributes[\"a b\"]: a key has 1 to 63"},
      {[](v1::Event& e) { (*e.mutable_attributes())[""] = "x"; }, "event.attributes[\"\"]: a key has 1 to 63"},
      {[](v1::Event& e) { (*e.mutable_attributes())["a"] = std::string(257, 'x'); },
       "event.attributes[\"a\"]: has 257 bytes; at most 256 are allowed"},
      {[](v1::Event& e) {
         for (int i = 0; i < 33; ++i) (*e.mutable_attributes())["k" + std::to_string(i)] = "v";
       },
       "event.attributes: 33 attributes; at most 32 are allowed"},
      {[](v1::Event& e) { e.set_data_json("{\"a\": }"); }, "event.data_json: line 1, column 7"},
      {[](v1::Event& e) { e.set_data_json(R"({"a":1,"a":1})"); }, "event.data_json: line 1, column"},
      {[](v1::Event& e) { e.set_data_json(std::string(33, '[') + std::string(33, ']')); },
       "event.data_json: line 1, column 33"},
      {[](v1::Event& e) { e.set_data_json('"' + std::string(1 << 20, 'x') + '"'); },
       "event.data_json: has 1048578 bytes as JSON text; at most 1048576 are allowed"},
      {[](v1::Event& e) { (*e.mutable_data()->mutable_fields())["n"].set_number_value(HUGE_VAL); },
       "event.data: \"n\": NaN and infinities"},
  };
  for (const auto& c : kCases) {
    v1::Event event = SampleEvent("RequestCreated");
    c.spoil(event);
    EXPECT_THAT(Violations(event), ElementsAre(StartsWith(c.sentence)));
  }
}

TEST(ValidateEvent, FindsEverythingAtOnce) {
  v1::Event event;
  event.set_id("a/b");
  event.set_source(std::string(300, 'x'));
  event.set_data_json("x");
  EXPECT_THAT(Violations(event), ElementsAre(StartsWith("event.id: "), StartsWith("event.type: "),
                                             StartsWith("event.source: "), StartsWith("event.data_json: ")));
}

}  // namespace
}  // namespace herald
