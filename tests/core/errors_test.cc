#include "src/core/errors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "google/rpc/status.pb.h"
#include "src/base/utf8.h"
#include "src/core/limits.h"
#include "tests/core/sentences.h"

namespace herald {
namespace {

using ::testing::ElementsAre;

// As the rpc floor puts it on the wire.
google::rpc::Status Encoded(const absl::Status& status) {
  google::rpc::Status encoded;
  encoded.set_code(static_cast<int>(status.code()));
  encoded.set_message(std::string(status.message()));
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& value) {
    encoded.add_details()->set_type_url(std::string(url));
    encoded.mutable_details()->rbegin()->set_value(std::string(value));
  });
  return encoded;
}

std::string Repeated(absl::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) absl::StrAppend(&out, text);
  return out;
}

TEST(Errors, BearTheirReason) {
  const absl::Status status = MakeError(absl::StatusCode::kAborted, v1::ETAG_MISMATCH, "read it again");
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(status.message(), "read it again");
  EXPECT_EQ(ReasonOf(status), v1::ETAG_MISMATCH);
  EXPECT_EQ(ReasonOf(absl::AbortedError("of somebody else")), v1::ERROR_REASON_UNSPECIFIED);
  EXPECT_EQ(ReasonOf(absl::OkStatus()), v1::ERROR_REASON_UNSPECIFIED);
  const google::rpc::Status encoded = Encoded(status);
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(encoded.details(0).UnpackTo(&info));
  EXPECT_EQ(info.domain(), "herald");
  EXPECT_EQ(info.reason(), "ETAG_MISMATCH");
}

TEST(Errors, ALongNameLeavesTheStatusShort) {
  const absl::Status status = MakeError(absl::StatusCode::kNotFound, v1::WEBHOOK_NOT_FOUND,
                                        absl::StrCat("there is no ", Repeated("é", 100'000)));
  EXPECT_LE(ToRpcStatus(status).ByteSizeLong(), static_cast<size_t>(kStatusBytesMax));
  EXPECT_TRUE(IsValidUtf8(std::string(status.message())));
  EXPECT_THAT(std::string(status.message()), ::testing::StartsWith("there is no éé"));
}

TEST(Errors, ControlCharactersInANameAreEscaped) {
  const absl::Status status =
      MakeError(absl::StatusCode::kNotFound, v1::EVENT_NOT_FOUND, "there is no events/a\x1b[31m\nb");
  EXPECT_EQ(status.message(), "there is no events/a\\u001b[31m\\u000ab");
}

TEST(Errors, TheErrorInfoComesFirst) {
  for (int i = 0; i < 20; ++i) {
    FieldViolations violations;
    violations.Add("name", absl::StrCat("is wrong ", i));
    EXPECT_TRUE(ToRpcStatus(violations.ToStatus()).details(0).Is<google::rpc::ErrorInfo>());
  }
}

TEST(Errors, AFullQueueSaysWhenToCallAgain) {
  const absl::Status status = QueueFullError(absl::Milliseconds(1500));
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(status), v1::QUEUE_FULL);
  google::rpc::RetryInfo retry;
  const google::rpc::Status encoded = Encoded(status);
  for (const auto& detail : encoded.details()) detail.UnpackTo(&retry);
  EXPECT_EQ(retry.retry_delay().seconds(), 1);
  EXPECT_EQ(retry.retry_delay().nanos(), 500'000'000);
}

TEST(FieldViolations, NoneAreOk) {
  FieldViolations violations;
  EXPECT_TRUE(violations.empty());
  EXPECT_TRUE(violations.ToStatus().ok());
  EXPECT_EQ(BadRequestOf(absl::OkStatus()).field_violations_size(), 0);
}

TEST(FieldViolations, ListsAllInOrder) {
  FieldViolations violations;
  violations.Add("webhook.url", "is required");
  violations.Add("webhook.timeout", "90s; from 1s to 60s is allowed");
  const absl::Status status = violations.ToStatus();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(status), v1::INVALID_FIELDS);
  EXPECT_EQ(status.message(), "2 fields are wrong; the first is webhook.url: is required");
  EXPECT_THAT(Sentences(violations),
              ElementsAre("webhook.url: is required", "webhook.timeout: 90s; from 1s to 60s is allowed"));
}

TEST(FieldViolations, StaysUnder4KiBWhateverTheNumber) {
  const std::string texts[] = {"x", "a sentence of usual length that says what is allowed", std::string(1000, 'y'),
                               std::string(300, '\x01'), Repeated("é€😀", 30)};
  for (const std::string& text : texts) {
    for (const int count : {1, 2, 10, 19, 20, 21, 100, 5000}) {
      FieldViolations violations;
      for (int i = 0; i < count; ++i) violations.Add(absl::StrCat(text, i), text);
      const google::rpc::Status encoded = Encoded(violations.ToStatus());
      EXPECT_LE(encoded.ByteSizeLong(), static_cast<size_t>(kStatusBytesMax)) << count << " of " << text.size();
    }
  }
}

TEST(FieldViolations, CountsWhatDoesNotFit) {
  FieldViolations violations;
  for (int i = 0; i < 1000; ++i) violations.Add(absl::StrCat("events[", i, "].type"), std::string(190, 'x'));
  const std::vector<std::string> sentences = Sentences(violations);
  ASSERT_GT(sentences.size(), 5u);
  EXPECT_EQ(sentences.back(),
            absl::StrCat("…: ", 1000 - (sentences.size() - 1), " more fields are wrong; mend these first"));
}

TEST(FieldViolations, CutsAtACodePoint) {
  FieldViolations violations;
  const std::string sentence = "a" + Repeated("é€😀", 100);
  violations.Add(sentence, sentence);
  const google::rpc::BadRequest bad_request = BadRequestOf(violations.ToStatus());
  const auto& violation = bad_request.field_violations(0);
  for (const std::string& text : {violation.description(), violation.field()}) {
    EXPECT_LE(text.size(), 200u);
    EXPECT_GT(text.size(), 190u);
    EXPECT_TRUE(IsValidUtf8(text));
    EXPECT_THAT(text, testing::EndsWith("…"));
  }
}

TEST(FieldViolations, NamesEntriesAndElements) {
  EXPECT_EQ(FieldOfKey("webhook.headers", "accept"), "webhook.headers[\"accept\"]");
  EXPECT_EQ(FieldOfKey("webhook.headers", "a\"\n"), R"(webhook.headers["a\"\n"])");
  EXPECT_EQ(FieldOfIndex("webhook.filters", 1), "webhook.filters[1]");
}

}  // namespace
}  // namespace herald
