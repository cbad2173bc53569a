#include "src/base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "src/base/json.h"

namespace herald {
namespace {

using ::testing::IsEmpty;
using ::testing::MatchesRegex;

class LogTest : public ::testing::Test {
 protected:
  void SetUp() override { ::testing::internal::CaptureStderr(); }
  void TearDown() override { log::SetLevel(log::Level::kInfo); }

  // The lines since the test began.
  static std::vector<std::string> Lines() {
    return absl::StrSplit(::testing::internal::GetCapturedStderr(), '\n', absl::SkipEmpty());
  }
  static std::string Field(const std::string& line, absl::string_view name) {
    const absl::StatusOr<JsonDocument> parsed = JsonDocument::Parse(line);
    EXPECT_TRUE(parsed.ok()) << parsed.status() << ": " << line;
    const JsonValue* const value = parsed.ok() ? parsed->root().Find(name) : nullptr;
    return value == nullptr ? "(none)" : std::string(value->string());
  }
};

TEST_F(LogTest, WritesOneJsonObjectALine) {
  log::Warning("a thing happened", {{"event", "events/e1"}, {"count", 3}});
  const std::vector<std::string> lines = Lines();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(Field(lines[0], "time"), MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{15}Z"));
  EXPECT_EQ(Field(lines[0], "level"), "warning");
  EXPECT_EQ(Field(lines[0], "message"), "a thing happened");
  EXPECT_EQ(Field(lines[0], "event"), "events/e1");
  EXPECT_EQ(Field(lines[0], "count"), "3");
}

TEST_F(LogTest, KeepsWhateverAValueHoldsOnItsLine) {
  const std::string value = "a \"quoted\" {line}\nand %v another\t\\ ü";
  log::Info(value, {{"value", value}});
  const std::vector<std::string> lines = Lines();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(Field(lines[0], "message"), value);
  EXPECT_EQ(Field(lines[0], "value"), value);
}

TEST_F(LogTest, ReplacesWhatIsNoText) {
  log::Info("bytes", {{"value", "a\xFF\xC3(b"}});
  const std::vector<std::string> lines = Lines();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(Field(lines[0], "value"), "a\uFFFD\uFFFD(b");
}

TEST_F(LogTest, WritesNothingBelowItsLevel) {
  log::SetLevel(log::Level::kError);
  log::Warning("no");
  log::Debug("no");
  EXPECT_THAT(Lines(), IsEmpty());
}

}  // namespace
}  // namespace herald
