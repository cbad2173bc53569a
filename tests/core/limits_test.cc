#include "src/core/limits.h"

#include <gtest/gtest.h>

namespace herald {
namespace {

TEST(Limits, EachHasADefault) {
  const v1::Limits limits = DefaultLimits();
  const google::protobuf::Descriptor& descriptor = *v1::Limits::GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    EXPECT_GT(limits.GetReflection()->GetInt32(limits, descriptor.field(i)), 0) << descriptor.field(i)->name();
  }
}

TEST(Limits, AreThoseOfTheDocumentation) {
  const v1::Limits limits = DefaultLimits();
  EXPECT_EQ(limits.request_bytes_max(), 16 << 20);
  EXPECT_EQ(limits.event_data_bytes_max(), 1 << 20);
  EXPECT_EQ(limits.template_bytes_max(), 64 << 10);
  EXPECT_EQ(limits.rendered_body_bytes_max(), 4 << 20);
  EXPECT_EQ(limits.captured_body_bytes_max(), 64 << 10);
  EXPECT_EQ(limits.response_bytes_max(), 1 << 20);
  EXPECT_EQ(limits.headers_max(), 64);
  EXPECT_EQ(limits.header_bytes_max(), 4 << 10);
  EXPECT_EQ(limits.secrets_max(), 16);
  EXPECT_EQ(limits.json_depth_max(), 32);
  EXPECT_EQ(limits.fan_out_max(), 10'000);
  EXPECT_EQ(limits.event_types_max(), 1000);
  EXPECT_EQ(limits.event_type_json_bytes_max(), 64 << 10);
  EXPECT_EQ(limits.webhook_bytes_max(), 1 << 20);
}

}  // namespace
}  // namespace herald
