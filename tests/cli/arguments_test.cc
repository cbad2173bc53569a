#include "clients/cli/arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace herald::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::vector<Flag>& Flags() {
  using Kind = Flag::Kind;
  static const std::vector<Flag>* flags = new std::vector<Flag>{{"wait", Kind::kSwitch, "", ""},
                                                                {"body_template", Kind::kText, "TEXT", ""},
                                                                {"trigger", Kind::kTexts, "TYPE", ""},
                                                                {"limit", Kind::kNumber, "NUMBER", ""},
                                                                {"timeout", Kind::kDuration, "DURATION", ""},
                                                                {"start", Kind::kTime, "TIME", ""}};
  return *flags;
}

std::string ErrorOf(const std::vector<std::string>& words) {
  return std::string(Arguments::Parse(words, Flags()).status().message());
}

TEST(Arguments, FlagsStandAnywhereAmongOperands) {
  const auto arguments = Arguments::Parse({"a", "--limit", "3", "-", "--wait", "b", "--body_template=x=y"}, Flags());
  ASSERT_TRUE(arguments.ok()) << arguments.status();
  EXPECT_THAT(arguments->operands(), ElementsAre("a", "-", "b"));
  EXPECT_EQ(arguments->operand(1), "-");
  EXPECT_EQ(arguments->operand(3), "");
  EXPECT_EQ(arguments->Number("limit", 50), 3);
  EXPECT_TRUE(arguments->Has("wait"));
  EXPECT_EQ(arguments->Text("body_template"), "x=y");
}

TEST(Arguments, DashesAndUnderscoresInNamesAreTheSame) {
  const auto arguments = Arguments::Parse({"--body-template", "x_y-z"}, Flags());
  ASSERT_TRUE(arguments.ok()) << arguments.status();
  EXPECT_EQ(arguments->Text("body_template"), "x_y-z");
}

TEST(Arguments, TwoDashesEndTheFlags) {
  const auto arguments = Arguments::Parse({"--", "--wait", "--"}, Flags());
  ASSERT_TRUE(arguments.ok()) << arguments.status();
  EXPECT_THAT(arguments->operands(), ElementsAre("--wait", "--"));
  EXPECT_FALSE(arguments->Has("wait"));
}

TEST(Arguments, ValuesMayBeginWithADash) {
  const auto arguments = Arguments::Parse({"--body_template", "--wait"}, Flags());
  ASSERT_TRUE(arguments.ok()) << arguments.status();
  EXPECT_EQ(arguments->Text("body_template"), "--wait");
}

TEST(Arguments, RepeatedFlagsKeepTheirOrder) {
  const auto arguments = Arguments::Parse({"--trigger", "b", "--trigger=a"}, Flags());
  ASSERT_TRUE(arguments.ok()) << arguments.status();
  EXPECT_THAT(arguments->Texts("trigger"), ElementsAre("b", "a"));
  EXPECT_THAT(arguments->Texts("body_template"), ElementsAre());
}

TEST(Arguments, WhatIsNotGivenIsTheDefault) {
  const auto arguments = Arguments::Parse({}, Flags());
  ASSERT_TRUE(arguments.ok()) << arguments.status();
  EXPECT_EQ(arguments->Text("body_template", "x"), "x");
  EXPECT_EQ(arguments->Number("limit", 50), 50);
  EXPECT_EQ(arguments->Duration("timeout", absl::Seconds(30)), absl::Seconds(30));
  EXPECT_EQ(arguments->Time("start"), std::nullopt);
}

TEST(Arguments, ReadsDurationsAndTimes) {
  const auto arguments = Arguments::Parse({"--timeout", "1m30s", "--start", "2023-10-02T16:14:25.5Z"}, Flags());
  ASSERT_TRUE(arguments.ok()) << arguments.status();
  EXPECT_EQ(arguments->Duration("timeout", absl::ZeroDuration()), absl::Seconds(90));
  EXPECT_EQ(arguments->Time("start"), absl::FromUnixMillis(1696263265500));
}

TEST(Arguments, SaysWhatIsWrongWithAFlag) {
  const struct {
    std::vector<std::string> words;
    std::string sentence;
  } kCases[] = {
      {{"--trigerr", "x"}, "there is no flag --trigerr; did you mean --trigger?"},
      {{"--zebra"}, "there is no flag --zebra"},
      {{"-x"}, "there is no flag --x"},
      {{"--limit"}, "--limit needs a value: --limit NUMBER"},
      {{"--limit", "many"}, "--limit is \"many\"; it has to be a whole number from 0"},
      {{"--limit=-1"}, "--limit is \"-1\"; it has to be a whole number from 0"},
      {{"--limit=99999999999"}, "it has to be a whole number"},
      {{"--timeout=10"}, "--timeout is \"10\"; it has to be a duration such as 500ms, 10s or 1m30s"},
      {{"--timeout=-1s"}, "it has to be a duration"},
      {{"--timeout=inf"}, "it has to be a duration"},
      {{"--start=yesterday"}, "--start is \"yesterday\"; it has to be a time such as 2023-10-02T16:14:25Z"},
      {{"--wait=yes"}, "--wait is \"yes\"; it has to be given without a value"},
      {{"--limit=1", "--limit=2"}, "--limit is given twice; give it once"},
  };
  for (const auto& test : kCases) EXPECT_THAT(ErrorOf(test.words), HasSubstr(test.sentence));
}

}  // namespace
}  // namespace herald::cli
