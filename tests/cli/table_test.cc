#include "clients/cli/table.h"

#include <gtest/gtest.h>

#include <sstream>

#include "clients/cli/text_width.h"

namespace herald::cli {
namespace {

template <typename Printable>
std::string Printed(const Printable& what, const Terminal& terminal = {}) {
  std::ostringstream out;
  what.Print(terminal, out);
  return out.str();
}

TEST(TextWidth, CountsColumnsAndNotBytes) {
  EXPECT_EQ(TextWidth(""), 0);
  EXPECT_EQ(TextWidth("abc"), 3);
  EXPECT_EQ(TextWidth("é●"), 2);
  EXPECT_EQ(TextWidth("日本"), 4);
  EXPECT_EQ(TextWidth("🟢"), 2);
  EXPECT_EQ(TextWidth("e\u0301"), 1);   // a combining accent
  EXPECT_EQ(TextWidth("\xff\xe6"), 2);  // not UTF-8: a column a byte
}

TEST(TextWidth, CutsBetweenCharacters) {
  EXPECT_EQ(CutToWidth("abcd", 4), "abcd");
  EXPECT_EQ(CutToWidth("abcd", 3), "ab…");
  EXPECT_EQ(CutToWidth("日本語", 4), "日…");
  EXPECT_EQ(CutToWidth("abcd", 1), "…");
}

TEST(Table, AlignsColumnsByWidth) {
  Table table({"STATE", "NAME"});
  table.AddRow({"● ACTIVE", "webhooks/a"});
  table.AddRow({"日本", "b"});
  EXPECT_EQ(Printed(table),
            "STATE     NAME\n"
            "● ACTIVE  webhooks/a\n"
            "日本      b\n");
}

TEST(Table, IsCutOnATerminalOnly) {
  Table table({"NAME", "URL"});
  table.AddRow({"ops", "https://hooks.example.com/***"});
  EXPECT_EQ(Printed(table, {.colours = false, .width = 20}), "NAME  URL\nops   https://hooks…\n");
  EXPECT_EQ(Printed(table), "NAME  URL\nops   https://hooks.example.com/***\n");
}

TEST(Table, PaintsCellsWithoutShiftingColumns) {
  Table table({"A", "B"});
  table.AddRow({Cell("x", Style::kGreen), "y"});
  EXPECT_EQ(Printed(table, {.colours = true, .width = 80}), "\x1b[1mA\x1b[0m  \x1b[1mB\x1b[0m\n\x1b[32mx\x1b[0m  y\n");
}

TEST(Table, TextsCannotSteerTheTerminalNorBreakTheLine) {
  Table table({"A"});
  table.AddRow({"x\x1b[2J\ny\xc2\x9bz"});
  EXPECT_EQ(Printed(table), "A\nx\\x1b[2J\\ny\\x9bz\n");
}

TEST(Details, StandBesideTheirLabelsAndLongOnesBelow) {
  Details details;
  details.Add("name", "webhooks/a");
  details.Add("empty", "");
  details.Add("body template", "{\n  \"a\": 1\n\n}");
  EXPECT_EQ(Printed(details),
            "name           webhooks/a\n"
            "body template\n"
            "  {\n"
            "    \"a\": 1\n"
            "\n"
            "  }\n");
}

}  // namespace
}  // namespace herald::cli
