#include "src/core/known_event_types.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "src/core/event_types.h"
#include "src/core/limits.h"
#include "src/core/names.h"
#include "src/core/warnings.h"

namespace herald {
namespace {

using ::testing::ElementsAre;

EventTypePtr Own(const std::string& type, const std::string& sample_data = "") {
  v1::EventType event_type;
  event_type.set_name(EventTypeName(type));
  event_type.set_display_name("own");
  if (!sample_data.empty()) {
    event_type.set_sample_json(absl::StrCat(R"({"event_id": "e1", "event_type": ")", type,
                                            R"(", "event_time": 1700000000.5, "data": )", sample_data, "}"));
  }
  return std::make_shared<const v1::EventType>(event_type);
}

v1::Webhook WithTriggers(const std::vector<std::string>& triggers) {
  v1::Webhook webhook;
  for (const std::string& trigger : triggers) webhook.add_triggers(trigger);
  return webhook;
}

TEST(KnownEventTypes, AreThoseOfHeraldAndTheTenantsOwnByName) {
  const KnownEventTypes known({Own("invoice.paid"), Own("Account"), Own("RequestCreated")});
  EXPECT_EQ(known.all().size(), BuiltInEventTypes().size() + 2);
  EXPECT_TRUE(std::is_sorted(known.all().begin(), known.all().end(),
                             [](const auto& a, const auto& b) { return a->name() < b->name(); }));
  EXPECT_EQ(known.Find("invoice.paid")->display_name(), "own");
  EXPECT_EQ(known.Find("Account")->display_name(), "own");
  EXPECT_TRUE(known.Find("herald.delivery.failed")->built_in());
  EXPECT_EQ(known.Find("invoice"), nullptr);
  EXPECT_EQ(known.Find("account"), nullptr);
}

TEST(KnownEventTypes, NobodyShadowsThoseOfHerald) {
  EXPECT_TRUE(KnownEventTypes({Own("RequestCreated")}).Find("RequestCreated")->built_in());
}

TEST(KnownEventTypes, ATestSendsTheSampleOfTheFirstTriggerThatHasOne) {
  const KnownEventTypes known({Own("invoice.paid", R"({"n":1})"), Own("invoice.draft"), Own("invoicing", "{}"),
                               Own("order.open"), Own("order.shut", R"("x")")});
  const struct {
    std::vector<std::string> triggers;
    const char* type;
  } kCases[] = {
      {{"RequestRejected", "RequestCreated"}, "RequestRejected"},
      {{"account.made", "account.*", "RequestExpired"}, "RequestExpired"},
      {{"*", "RequestExpired"}, "RequestCreated"},
      {{"account.*"}, "RequestCreated"},
      {{"account.made"}, "RequestCreated"},
      {{}, "RequestCreated"},
      {{"invoice.paid"}, "invoice.paid"},
      {{"invoice.draft"}, "RequestCreated"},
      {{"invoice.draft", "order.shut"}, "order.shut"},
      {{"invoice.*"}, "invoice.paid"},
      {{"order.*"}, "order.shut"},
      {{"herald.*"}, "herald.delivery.failed"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(known.SampleFor(WithTriggers(c.triggers), DefaultLimits()).type(), c.type)
        << ::testing::PrintToString(c.triggers);
  }
}

TEST(KnownEventTypes, ASampleIsTheEventOfItsDocument) {
  const KnownEventTypes known({Own("invoice.paid", R"({"n": 1.50})")});
  const v1::Event sample = known.SampleFor(WithTriggers({"invoice.paid"}), DefaultLimits());
  EXPECT_EQ(sample.id(), "e1");
  EXPECT_EQ(sample.data_json(), R"({"n":1.50})");
  EXPECT_EQ(sample.time().seconds(), 1'700'000'000);
  EXPECT_EQ(sample.time().nanos(), 500'000'000);
}

TEST(KnownEventTypes, ASampleThatIsTooBigByNowIsNotSent) {
  const KnownEventTypes known({Own("invoice.paid", R"({"n": 1})")});
  v1::Limits limits = DefaultLimits();
  limits.set_event_data_bytes_max(4);
  EXPECT_EQ(known.SampleFor(WithTriggers({"invoice.paid"}), limits).type(), "RequestCreated");
}

TEST(KnownEventTypes, FindsWhatWasProbablyMeant) {
  const KnownEventTypes known({Own("invoice.paid"), Own("paid"), Own("ab")});
  const struct {
    const char* type;
    const char* nearest;
  } kCases[] = {
      {"RequestCreate", "RequestCreated"},
      {"requestcreated", "RequestCreated"},
      {"request.created", "RequestCreated"},
      {"request_granted", "RequestGranted"},
      {"RequestReject", "RequestRejected"},
      {"RequestCreated", ""},
      {"invoice.paid", ""},
      {"InvoicePaid", "invoice.paid"},
      {"invoices.payd", "invoice.paid"},
      {"account.made", ""},
      {"", ""},
      {"Request", ""},
      {"pai", "paid"},
      {"pa", ""},
      {"cd", ""},
      {"herald.delivery.fail", ""},
  };
  for (const auto& c : kCases) EXPECT_EQ(known.Nearest(c.type), c.nearest) << c.type;
}

TEST(KnownEventTypes, TriggersThatNameNoneAreWarnedOf) {
  const KnownEventTypes known({Own("invoice.paid")});
  v1::Webhook webhook =
      WithTriggers({"RequestCreated", "RequestCreate", "invoice.paid", "invoice.payed", "order.shut", "order.*", "*"});
  webhook.add_warnings("of a filter");
  AddTriggerWarnings(known, webhook);
  EXPECT_THAT(webhook.warnings(),
              ElementsAre("of a filter", "no event type \"RequestCreate\"; did you mean RequestCreated?",
                          "no event type \"invoice.payed\"; did you mean invoice.paid?",
                          "no event type \"order.shut\" is known here; it fires when events of that type come"));
}

}  // namespace
}  // namespace herald
