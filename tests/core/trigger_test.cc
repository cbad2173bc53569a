#include "src/core/trigger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace herald {
namespace {

using ::testing::HasSubstr;

TEST(Trigger, TakesTypesPrefixesAndTheStar) {
  for (const std::string trigger : {"RequestCreated", "invoice.paid", "a", "0", "A_b-c.9", "a.", "*", "invoice.*",
                                    "a.b.c.*", "herald.*", "herald.webhook.disabled"}) {
    EXPECT_TRUE(ValidateTrigger(trigger).ok()) << trigger;
  }
  EXPECT_TRUE(ValidateTrigger(std::string(128, 'a')).ok());
  EXPECT_TRUE(ValidateTrigger(std::string(126, 'a') + ".*").ok());
}

TEST(Trigger, SaysWhatIsWrong) {
  static const std::pair<std::string, std::string> kCases[] = {
      {"", "a trigger is an event type such as RequestCreated, a prefix such as invoice.*, or * for every type"},
      {"Request Created",
       "U+0020 at position 8 is not allowed in a trigger; use letters, digits, \".\", \"_\" and \"-\""},
      {"a!", "\"!\" at position 2 is not allowed in a trigger; use letters, digits, \".\", \"_\" and \"-\""},
      {"é", "\"é\" at position 1 is not allowed in a trigger; use letters, digits, \".\", \"_\" and \"-\""},
      {"a\n", "U+000A at position 2 is not allowed in a trigger; use letters, digits, \".\", \"_\" and \"-\""},
      {"a\x7f", "U+007F at position 2 is not allowed in a trigger; use letters, digits, \".\", \"_\" and \"-\""},
      {"a\xff", "byte 0xFF at position 2 is not allowed in a trigger; use letters, digits, \".\", \"_\" and \"-\""},
      {"a/b.*", "\"/\" at position 2 is not allowed in a trigger; use letters, digits, \".\", \"_\" and \"-\""},
      {".a", "a trigger starts with a letter or a digit, not with \".\""},
      {"-a", "a trigger starts with a letter or a digit, not with \"-\""},
      {".*", "a trigger starts with a letter or a digit, not with \".\""},
      {"invoice*", "\"*\" stands alone or at the end, after a dot; did you mean invoice.*?"},
      {"invoice.*.paid", "\"*\" stands alone or at the end, after a dot; did you mean invoice.*?"},
      {"invoice.**", "\"*\" stands alone or at the end, after a dot; did you mean invoice.*?"},
      {"*.paid", "\"*\" stands alone or at the end, after a dot"},
      {"**", "\"*\" stands alone or at the end, after a dot"},
      {std::string(129, 'a'), "a trigger has at most 128 bytes; this one has 129"},
      {std::string(127, 'a') + ".*", "a trigger has at most 128 bytes; this one has 129"},
  };
  for (const auto& [trigger, sentence] : kCases) {
    const absl::Status status = ValidateTrigger(trigger);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << trigger;
    EXPECT_EQ(status.message(), sentence);
  }
}

TEST(Trigger, Matches) {
  static constexpr struct {
    const char* trigger;
    const char* type;
    bool matches;
  } kCases[] = {
      {"RequestCreated", "RequestCreated", true},
      {"RequestCreated", "RequestCreatedAgain", false},
      {"RequestCreated", "requestcreated", false},
      {"invoice.*", "invoice.paid", true},
      {"invoice.*", "invoice.paid.late", true},
      {"invoice.*", "invoice", false},
      {"invoice.*", "invoices.paid", false},
      {"invoice.*", "Invoice.paid", false},
      {"*", "RequestCreated", true},
      {"*", "heralds.x", true},
      {"*", "herald", true},
      {"*", "herald.delivery.failed", false},
      {"herald.*", "herald.delivery.failed", true},
      {"herald.delivery.*", "herald.delivery.failed", true},
      {"herald.delivery.failed", "herald.delivery.failed", true},
      {"herald.webhook.*", "herald.delivery.failed", false},
  };
  for (const auto& [trigger, type, matches] : kCases)
    EXPECT_EQ(TriggerMatches(trigger, type), matches) << trigger << " " << type;
}

TEST(EventType, TakesWhatTheGrammarTakes) {
  const std::vector<std::string> good = {"RequestCreated",      "a",       "9", "a.b", "a-b_c.",
                                         std::string(128, 'x'), "herald.x"};
  for (const std::string& type : good) {
    EXPECT_TRUE(ValidateEventType(type).ok()) << type;
  }
  const std::vector<std::string> bad = {"", "*", "a.*", ".a", "_a", "a b", "a/b", "ä", std::string(129, 'x')};
  for (const std::string& type : bad) {
    EXPECT_EQ(ValidateEventType(type).code(), absl::StatusCode::kInvalidArgument) << type;
  }
  EXPECT_THAT(ValidateEventType("a b").message(), HasSubstr("is not allowed in an event type"));
}

TEST(EventType, KnowsHeraldsOwn) {
  EXPECT_TRUE(IsOwnEventType("herald.delivery.failed"));
  EXPECT_FALSE(IsOwnEventType("herald"));
  EXPECT_FALSE(IsOwnEventType("heralds.x"));
  EXPECT_FALSE(IsOwnEventType("Herald.x"));
}

}  // namespace
}  // namespace herald
