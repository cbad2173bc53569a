#include "src/engine/page_token.h"

#include <gtest/gtest.h>

#include "herald/v1/webhook_service.pb.h"

namespace herald {
namespace {

TEST(PageToken, GivesItsCursorBackForTheSameConditionsOnly) {
  v1::ListWebhooksRequest request;
  request.set_trigger("RequestCreated");
  request.set_page_token(MakePageToken(request, "cursor"));
  request.set_page_size(7);  // may change from page to page
  FieldViolations violations;
  EXPECT_EQ(ParsePageToken(request, violations), "cursor");
  request.set_trigger("*");
  EXPECT_EQ(ParsePageToken(request, violations), std::nullopt);
  EXPECT_FALSE(violations.empty());
}

TEST(PageToken, RefusesWhatItDidNotMake) {
  for (const char* token : {"x", "????", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA"}) {
    v1::ListWebhooksRequest request;
    request.set_page_token(token);
    FieldViolations violations;
    EXPECT_EQ(ParsePageToken(request, violations), std::nullopt) << token;
  }
}

TEST(PageSize, HasDefaultAndBounds) {
  FieldViolations violations;
  EXPECT_EQ(PageSize(0, 1000, violations), 50);
  EXPECT_EQ(PageSize(5000, 1000, violations), 1000);
  EXPECT_TRUE(violations.empty());
  PageSize(-1, 1000, violations);
  EXPECT_FALSE(violations.empty());
}

}  // namespace
}  // namespace herald
