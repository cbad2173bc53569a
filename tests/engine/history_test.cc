// What History says of names that nobody has, and of conditions that cannot hold.

#include "src/engine/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "src/core/errors.h"
#include "tests/engine/engine_fixture.h"

namespace herald {
namespace {

using ::testing::ElementsAre;

class HistoryTest : public EngineTest {};

std::vector<std::string> BadFields(const absl::Status& status) {
  std::vector<std::string> fields;
  const google::rpc::BadRequest bad = BadRequestOf(status);
  for (const auto& violation : bad.field_violations()) fields.push_back(violation.field());
  return fields;
}

TEST_F(HistoryTest, AnIdThatNoDeliveryCanHaveIsNotFound) {
  v1::GetDeliveryRequest get;
  v1::ListInvocationsRequest list;
  for (const char* name : {"deliveries/none", "deliveries/dlv_x", "tenants/default/deliveries/dlv_!"}) {
    get.set_name(name);
    list.set_delivery(name);
    EXPECT_EQ(ReasonOf(engine_->history.GetDelivery(kTenant, get).status()), v1::DELIVERY_NOT_FOUND) << name;
    EXPECT_EQ(ReasonOf(engine_->history.ListInvocations(kTenant, list).status()), v1::DELIVERY_NOT_FOUND) << name;
  }
  for (const char* name : {"", "deliveries/", "dlv_x", "tenants/other/deliveries/dlv_x"}) {
    get.set_name(name);
    EXPECT_THAT(BadFields(engine_->history.GetDelivery(kTenant, get).status()), ElementsAre("name")) << name;
  }
}

TEST_F(HistoryTest, ListsRefuseConditionsThatCannotHoldAllAtOnce) {
  v1::ListDeliveriesRequest deliveries;
  deliveries.set_state(static_cast<v1::Delivery::State>(9));
  deliveries.set_view(static_cast<v1::View::Level>(9));
  deliveries.mutable_range()->mutable_start_time()->set_seconds(20);
  deliveries.mutable_range()->mutable_end_time()->set_seconds(10);
  EXPECT_THAT(BadFields(engine_->history.ListDeliveries(kTenant, deliveries).status()),
              ::testing::UnorderedElementsAre("state", "view", "range.end_time"));
  v1::ListEventsRequest events;
  events.set_page_size(-1);
  *events.mutable_range() = deliveries.range();
  EXPECT_THAT(BadFields(engine_->history.ListEvents(kTenant, events).status()),
              ElementsAre("page_size", "range.end_time"));
  v1::ListWebhooksRequest webhooks;
  webhooks.set_state(static_cast<v1::Webhook::State>(9));
  EXPECT_THAT(BadFields(engine_->registry.List(kTenant, webhooks).status()), ElementsAre("state"));
}

}  // namespace
}  // namespace herald
