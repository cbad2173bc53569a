#include "src/core/field_mask.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/sentences.h"

namespace herald {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

v1::EventType Stored() {
  v1::EventType type;
  type.set_name("eventTypes/a");
  type.set_display_name("A");
  type.set_description("of a");
  return type;
}

// What an edit of the display name, with another name and built_in, makes of it; and what is wrong with the mask.
v1::EventType Masked(const std::vector<std::string>& paths, std::vector<std::string>* sentences) {
  v1::EventType edited;
  edited.set_name("eventTypes/b");
  edited.set_display_name("B");
  edited.set_built_in(true);
  google::protobuf::FieldMask mask;
  for (const std::string& path : paths) mask.add_paths(path);
  FieldViolations violations;
  v1::EventType merged = ApplyMask(Stored(), edited, mask, "update_mask", violations);
  *sentences = Sentences(violations);
  return merged;
}

TEST(FieldMaskOfEventTypes, TakesWhatItNames) {
  const struct {
    std::vector<std::string> paths;
    const char* display_name;
    const char* description;
  } kCases[] = {
      {{}, "B", "of a"},
      {{"display_name"}, "B", "of a"},
      {{"description"}, "A", ""},
      {{"*"}, "B", ""},
  };
  for (const auto& c : kCases) {
    std::vector<std::string> sentences;
    const v1::EventType merged = Masked(c.paths, &sentences);
    EXPECT_THAT(sentences, IsEmpty());
    EXPECT_EQ(merged.name(), "eventTypes/a");
    EXPECT_FALSE(merged.built_in());
    EXPECT_EQ(merged.display_name(), c.display_name);
    EXPECT_EQ(merged.description(), c.description);
  }
}

TEST(FieldMaskOfEventTypes, RefusesWhatHeraldSetsAndWhatIsNoField) {
  std::vector<std::string> sentences;
  Masked({"built_in", "name", "url", "display_name"}, &sentences);
  EXPECT_THAT(sentences, ElementsAre("update_mask: \"built_in\" is output only; leave it out",
                                     "update_mask: \"name\" is output only; leave it out",
                                     StartsWith("update_mask: \"url\" names no field of an event type")));
}

}  // namespace
}  // namespace herald
