#include "src/core/names.h"

#include <gtest/gtest.h>

namespace herald {
namespace {

TEST(Names, AreCollectionAndId) {
  EXPECT_EQ(WebhookName("slack"), "webhooks/slack");
  EXPECT_EQ(EventName("e-1"), "events/e-1");
  EXPECT_EQ(EventTypeName("RequestCreated"), "eventTypes/RequestCreated");
  EXPECT_EQ(DeliveryName(0), "deliveries/dlv_0000000000000");
  EXPECT_EQ(InvocationName(0, 3), "deliveries/dlv_0000000000000/invocations/3");
  EXPECT_EQ(GeneratedEventId(0), "evt_0000000000000");
}

TEST(Names, GiveTheirId) {
  EXPECT_EQ(IdInName("default", "webhooks", "webhooks/slack"), "slack");
  EXPECT_EQ(IdInName("default", "webhooks", "tenants/default/webhooks/slack"), "slack");
  EXPECT_EQ(IdInName("default", "eventTypes", "eventTypes/invoice.paid"), "invoice.paid");
}

TEST(Names, OfAnotherFormHaveNone) {
  for (const char* name :
       {"", "slack", "webhooks", "webhooks/", "webhooks/a/b", "/webhooks/a", "events/a", "Webhooks/a", "webhooksa/a",
        "tenants/other/webhooks/a", "tenants/default", "tenants/default/", "tenants/default/a",
        "tenants/defaultwebhooks/a", "tenants//webhooks/a", "tenants/default/tenants/default/webhooks/a"}) {
    EXPECT_EQ(IdInName("default", "webhooks", name), std::nullopt) << name;
  }
}

TEST(Names, OfDeliveriesHoldTheirSequence) {
  for (const Sequence sequence : {Sequence{0}, Sequence{1}, Sequence{1'700'000'000'000'000} << 10, INT64_MAX}) {
    EXPECT_EQ(DeliveryInName("default", DeliveryName(sequence)), sequence);
  }
  EXPECT_EQ(DeliveryInName("default", "tenants/default/deliveries/dlv_0000000000001"), 1);
}

TEST(Names, OfNoDeliveryHaveNoSequence) {
  for (const char* name :
       {"", "deliveries/", "deliveries/dlv_", "deliveries/dlv_1", "deliveries/evt_0000000000001",
        "deliveries/dlv_000000000000u", "deliveries/dlv_00000000000011", "deliveries/dlv_8000000000000",
        "deliveries/dlv_zzzzzzzzzzzzz", "events/dlv_0000000000001", "deliveries/dlv_0000000000001/invocations/1"}) {
    EXPECT_EQ(DeliveryInName("default", name), std::nullopt) << name;
  }
}

TEST(Names, SortByTime) {
  const absl::Time time = absl::FromUnixSeconds(1'700'000'000);
  const Sequence first = NextSequence(0, time);
  const Sequence second = NextSequence(first, time);
  const Sequence third = NextSequence(second, time - absl::Hours(1));
  EXPECT_LT(DeliveryName(first), DeliveryName(second));
  EXPECT_LT(DeliveryName(second), DeliveryName(third));
  EXPECT_EQ(TimeOfSequence(first), time);
}

}  // namespace
}  // namespace herald
