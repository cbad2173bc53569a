#include "src/core/trace_context.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "src/base/json.h"
#include "tests/support/shared_data.h"

namespace herald {
namespace {

constexpr char kParent[] = "00-12345678901234567890123456789012-1234567890123456-01";

std::string ParentOf(absl::string_view value) { return ParseTraceContext({value}, {}).parent; }
std::string StateOf(const std::vector<absl::string_view>& values) { return ParseTraceContext({kParent}, values).state; }

TEST(TraceContext, TakesOneValidTraceparent) {
  EXPECT_EQ(ParentOf(kParent), kParent);
  EXPECT_EQ(ParentOf(absl::StrCat(" ", kParent, "\t")), kParent);
  EXPECT_EQ(ParseTraceContext({}, {}).parent, "");
  EXPECT_EQ(ParseTraceContext({kParent, kParent}, {}).parent, "") << "which of them?";
  EXPECT_EQ(ParentOf("00-12345678901234567890123456789012-1234567890123456-0A"), "") << "upper case";
  EXPECT_EQ(ParentOf(""), "");
}

TEST(TraceContext, TakesFromALaterVersionWhatItKnows) {
  EXPECT_EQ(ParentOf("cc-12345678901234567890123456789012-1234567890123456-ff-more"),
            "00-12345678901234567890123456789012-1234567890123456-03");
}

TEST(TraceContext, HasAStateOnlyBesideATrace) {
  EXPECT_EQ(StateOf({"a=1", " b=2 ,, c=3"}), "a=1,b=2,c=3");
  EXPECT_EQ(ParseTraceContext({}, {"a=1"}).state, "");
  EXPECT_EQ(ParseTraceContext({kParent}, {"a=1,B=2"}).parent, kParent) << "a bad state spoils no trace";
  EXPECT_EQ(StateOf({"a=1,B=2"}), "");
}

TEST(TraceContext, BoundsTheState) {
  const std::string large = std::string(200, 'v');
  EXPECT_EQ(StateOf({absl::StrCat("a=", large, ",b=", large, ",c=", large)}), absl::StrCat("a=", large, ",b=", large));
  EXPECT_EQ(StateOf({absl::StrCat("a=", std::string(257, 'v'))}), "");
}

TEST(TraceContext, GoesOnUnderAnotherSpan) {
  EXPECT_EQ(ChildTraceparent(kParent, 0xabc), "00-12345678901234567890123456789012-0000000000000abc-01");
  EXPECT_EQ(ChildTraceparent(kParent, UINT64_MAX), "00-12345678901234567890123456789012-ffffffffffffffff-01");
  EXPECT_NE(ParentOf(ChildTraceparent(kParent, 0)), "") << "zero is no id";
}

// ---- The vectors of the specification's own test suite.

class TraceContextVectors : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!json_.has_value()) GTEST_SKIP() << NoSharedData(kFile);
  }
  absl::Span<const JsonValue> Cases(absl::string_view of) const { return json_->root().Find(of)->items(); }

 private:
  static constexpr char kFile[] = "trace-context/vectors.json";
  const std::optional<JsonDocument> json_ = SharedData(kFile);
};

TEST_F(TraceContextVectors, OfTraceparent) {
  ASSERT_GE(Cases("traceparent").size(), 30u);
  for (const JsonValue& one : Cases("traceparent")) {
    const absl::string_view value = one.Find("value")->string();
    EXPECT_EQ(!ParentOf(value).empty(), one.Find("valid")->bool_value()) << value;
  }
}

std::map<std::string, std::string> MembersOf(absl::string_view state) {
  std::map<std::string, std::string> members;
  for (const absl::string_view member : absl::StrSplit(state, ',', absl::SkipEmpty())) {
    members.insert(absl::StrSplit(member, absl::MaxSplits('=', 1)));
  }
  return members;
}

TEST_F(TraceContextVectors, OfTracestate) {
  ASSERT_GE(Cases("tracestate").size(), 25u);
  for (const JsonValue& one : Cases("tracestate")) {
    std::vector<absl::string_view> headers;
    for (const JsonValue& header : one.Find("headers")->items()) headers.push_back(header.string());
    std::map<std::string, std::string> wanted;
    for (const JsonMember& member : one.Find("expect")->members()) {
      wanted.emplace(std::string(member.name), std::string(member.value.string()));
    }
    EXPECT_EQ(MembersOf(StateOf(headers)), wanted) << ToJson(one);
  }
}

}  // namespace
}  // namespace herald
