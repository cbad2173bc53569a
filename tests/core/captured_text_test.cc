#include "src/core/captured_text.h"

#include <gtest/gtest.h>

namespace herald {
namespace {

TEST(Capture, KeepsTextAndReplacesWhatIsNone) {
  const struct {
    absl::string_view bytes;
    int bytes_max = 0;
    const char* text = nullptr;
    bool truncated = false;
  } kCases[] = {
      {"", 10, "", false},
      {"", 0, "", false},
      {"ok", 2, "ok", false},
      {"ok!", 2, "ok", true},
      {"aé", 2, "a", true},
      {"aé", 3, "aé", false},
      {"a\xff"
       "b",
       10, "a\uFFFDb", false},
      {"a\xff"
       "b",
       4, "a\uFFFD", true},
      {"a\xff"
       "b",
       3, "a", true},
      {"\xED\xA0\x80", 20, "\uFFFD\uFFFD\uFFFD", false},
      {"\xF0\x9F\x98", 20, "\uFFFD\uFFFD\uFFFD", false},
      {"😀", 4, "😀", false},
      {"x", 0, "", true},
  };
  for (const auto& c : kCases) {
    const CapturedText captured = Capture(c.bytes, c.bytes_max);
    EXPECT_EQ(captured.text, c.text) << c.bytes;
    EXPECT_EQ(captured.truncated, c.truncated) << c.bytes;
  }
}

TEST(Excerpt, IsOneShortLineOfText) {
  const struct {
    absl::string_view text;
    const char* excerpt = nullptr;
  } kCases[] = {
      {"no_service", "no_service"},
      {"  no\r\n\t service \n", "no service"},
      {"", ""},
      {" \n", ""},
      {"\x1b[31mred\x1b[0m", "[31mred [0m"},
      {"a\u202Eb\u0085c", "a b c"},
      {"a\uFFFDb", ""},
      {"a\xff", ""},
      {"0123456789 0123456789", "0123456789 012345…"},
      {"é😀é😀é😀éé", "é😀é😀é…"},
  };
  for (const auto& c : kCases) EXPECT_EQ(Excerpt(c.text, 20), c.excerpt) << c.text;
}

}  // namespace
}  // namespace herald
