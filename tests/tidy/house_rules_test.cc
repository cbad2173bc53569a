// Runs the rules of the house over the whole repository, and over planted mistakes that each must find.

#include "tests/tidy/house_rules.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace herald {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Data by others, whose words are theirs.
bool IsForeign(const fs::path& path) {
  const std::string name = path.filename();
  return name == "node_modules" || name == "corpus" || name == "google" || name == "package-lock.json";
}

void ReadFolder(const fs::path& folder, std::vector<SourceFile>& files) {
  for (auto entry = fs::recursive_directory_iterator(folder); entry != fs::recursive_directory_iterator(); ++entry) {
    if (IsForeign(entry->path())) {
      entry.disable_recursion_pending();
    } else if (entry->is_regular_file()) {
      std::ifstream stream(entry->path(), std::ios::binary);
      files.push_back({entry->path().generic_string(), {std::istreambuf_iterator<char>(stream), {}}});
    }
  }
}

// ctest runs this in the root of the repository.
std::vector<SourceFile> Repository() {
  std::vector<SourceFile> files;
  for (const char* folder :
       {".ci", "benchmarks", "clients", "cmake", "docs", "examples", "protos", "scripts", "src", "tests", "tools"}) {
    if (fs::exists(folder)) ReadFolder(folder, files);
  }
  return files;
}

std::vector<SourceFile> ListsOf(const std::vector<SourceFile>& files) {
  std::vector<SourceFile> lists;
  std::copy_if(files.begin(), files.end(), std::back_inserter(lists), [](const SourceFile& file) {
    return absl::EndsWith(file.path, "CMakeLists.txt") || absl::EndsWith(file.path, ".cmake");
  });
  return lists;
}

TEST(HouseRules, HoldInTheWholeRepository) {
  const std::vector<SourceFile> files = Repository();
  const std::vector<SourceFile> lists = ListsOf(files);
  ASSERT_GT(files.size(), 100U) << "not run in the root of the repository";
  Findings all;
  for (const SourceFile& file : files) {
    const Findings findings = CheckHouseRules(file, lists);
    all.insert(all.end(), findings.begin(), findings.end());
  }
  EXPECT_THAT(all, IsEmpty()) << absl::StrJoin(all, "\n");
}

struct Planted {
  std::string path;
  std::string text;
  std::string finding;  // empty: none
};

void PrintTo(const Planted& planted, std::ostream* out) {
  *out << planted.path << (planted.finding.empty() ? " is right" : ": ") << planted.finding;
}

class PlantedMistakes : public ::testing::TestWithParam<Planted> {};

TEST_P(PlantedMistakes, AreFound) {
  const Planted& planted = GetParam();
  const SourceFile file = {planted.path, planted.text};
  const Findings findings = CheckHouseRules(file, {{"src/core/CMakeLists.txt", "SOURCES known.cc template/lexer.cc"}});
  if (planted.finding.empty()) {
    EXPECT_THAT(findings, IsEmpty());
  } else {
    EXPECT_THAT(findings, ElementsAre(HasSubstr(planted.finding)));
  }
}

// A line that may stand in src/core/known.cc. A "~" in it goes, so that this file does not hold what it plants.
Planted Line(absl::string_view text, absl::string_view finding) {
  return {"src/core/known.cc", absl::StrCat("\n", absl::StrReplaceAll(text, {{"~", ""}}), "\n"), std::string(finding)};
}

INSTANTIATE_TEST_SUITE_P(
    Floors, PlantedMistakes,
    ::testing::Values(Line("#include \"src/store/store.h\"", "known.cc:2: src/core may not include src/store/store.h"),
                      Line("#include \"src/base/json.h\"", ""), Line("#include \"herald/v1/event.pb.h\"", ""),
                      Line("#include \"src/core/trigger.h\"", ""), Line("#include <thread>", "the core is pure"),
                      Line("x = absl::Now();", "the core is pure")));

INSTANTIATE_TEST_SUITE_P(
    Text, PlantedMistakes,
    ::testing::Values(Line("std::this_thread::sl~eep_for(d);", "wait for what happens"),
                      Line("// It may sl~eep_for(d).", ""), Line("x = std::ra~nd();", "src/base/random.h"),
                      Line("operand();", ""), Line("sys~tem(\"ls\");", "no shell"),
                      Line("set~locale(LC_ALL, \"\");", "look-alike"), Line("// TO~DO: more", "finish it"),
                      Line("open(\"/ho~me/me/x\");", "no path of one machine"),
                      Line("get(\"https://reg~istry.example.com\");", "configured outside"),
                      Line("std::mu~tex mu;", "src/base/mutex.h"), Line("std::re~gex r;", "bounded time"),
                      Line("GTEST_~SKIP();", "say in the message"), Line("GTEST_~SKIP() << \"no data\";", ""),
                      Line("EXPECT_TRUE(~true);", "can fail"), Line("TEST(A, DIS~ABLED_B) {", "runs or goes")));

INSTANTIATE_TEST_SUITE_P(
    Files, PlantedMistakes,
    ::testing::Values(Planted{"src/core/template/lexer.cc", "", ""},
                      Planted{"src/core/unknown.cc", "", "no CMakeLists.txt names it"},
                      Planted{"scripts/misc.sh", "", "name it for the idea"},
                      Planted{"docs/common/a.md", "", "name it for the idea"}, Planted{"docs/utilization.md", "", ""},
                      Planted{"src/core/a.h", "// x\n\n#ifndef A_H\n#define A_H\n", "HERALD_CORE_A_H_"},
                      Planted{"src/core/a.h", "\n#ifndef HERALD_CORE_A_H_\n#define HERALD_CORE_A_H_\n",
                              "opens with what it is"},
                      Planted{"src/core/known.cc", std::string(401, '\n'), "over 400 lines"}));

TEST(Floors, ServicesAreSiblingsAndOnlyTheServerNamesImplementations) {
  EXPECT_THAT(CheckFloors({"src/http/curl_sender.cc", "#include \"src/store/store.h\"\n"}),
              ElementsAre(HasSubstr("src/http may not include src/store/store.h")));
  EXPECT_THAT(CheckFloors({"src/engine/publisher.cc", "#include \"src/store/sqlite_store.h\"\n"}),
              ElementsAre(HasSubstr("only src/server names implementations")));
  EXPECT_THAT(CheckFloors({"src/server/wiring.cc", "#include \"src/store/sqlite_store.h\"\n"}), IsEmpty());
  EXPECT_THAT(CheckFloors({"src/store/sqlite_store.cc", "#include \"src/store/sqlite_store.h\"\n"}), IsEmpty());
  EXPECT_THAT(CheckFloors({"src/base/id.cc", "#include \"herald/v1/event.pb.h\"\n"}),
              ElementsAre(HasSubstr("src/base may not include herald/v1/event.pb.h")));
}

}  // namespace
}  // namespace herald
