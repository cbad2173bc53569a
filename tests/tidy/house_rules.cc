#include "tests/tidy/house_rules.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "re2/re2.h"

namespace herald {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLinesMax = 400;

// Files that are one idea and longer.
const std::map<std::string, std::string>& LongFiles() {
  static const auto& files = *new std::map<std::string, std::string>{
      {"src/core/template/json_analyser.cc", "one grammar, walked by one class"},
  };
  return files;
}

// The floors of docs/design.md, from below.
std::optional<int> FloorOf(absl::string_view folder) {
  static const auto& floors = *new std::map<std::string, int, std::less<>>{
      {"src/base", 0},   {"protos", 1},  {"src/core", 2},    {"src/store", 3},  {"src/http", 3},
      {"src/engine", 4}, {"src/rpc", 5}, {"src/gateway", 5}, {"src/server", 6},
  };
  const auto floor = floors.find(std::string(folder));
  if (floor == floors.end()) return std::nullopt;
  return floor->second;
}

// "src/core" of "src/core/template/lexer.h"; "protos" of what is generated from them.
std::string FolderOf(absl::string_view path) {
  if (absl::StartsWith(path, "herald/v1/") || absl::StartsWith(path, "grpc/")) return "protos";
  const std::vector<std::string> parts = absl::StrSplit(path, '/');
  return parts.size() > 2 ? absl::StrCat(parts[0], "/", parts[1]) : "";
}

re2::StringPiece Piece(absl::string_view text) { return {text.data(), text.size()}; }

bool IsSource(absl::string_view path) { return absl::EndsWith(path, ".cc") || absl::EndsWith(path, ".h"); }

std::string At(const SourceFile& file, std::size_t line, absl::string_view sentence) {
  return absl::StrCat(file.path, ":", line, ": ", sentence);
}

// Calls visit(number, line) for every line, numbers from 1.
template <typename Visit>
void ForEachLine(const SourceFile& file, Visit visit) {
  std::size_t number = 0;
  for (const absl::string_view line : absl::StrSplit(file.text, '\n')) visit(++number, line);
}

absl::string_view WithoutComment(absl::string_view line) {
  const bool all = absl::StartsWith(absl::StripLeadingAsciiWhitespace(line), "//");
  return all ? absl::string_view() : line;
}

// What is between the quotes or angle brackets of an #include; empty when the line is none.
std::string IncludedPath(absl::string_view line) {
  static const auto& pattern = *new re2::RE2(R"(^\s*#\s*include\s+["<]([^">]+)[">])");
  std::string path;
  re2::RE2::PartialMatch(Piece(line), pattern, &path);
  return path;
}

// src/store/sqlite_store.h, src/http/curl_sender.h, …: an adjective before the role.
bool IsImplementation(absl::string_view path) {
  if (path == "src/store/forwarding_store.h") return false;  // what wrappers on any floor are made of
  return (absl::StartsWith(path, "src/store/") && absl::EndsWith(path, "_store.h")) ||
         (absl::StartsWith(path, "src/http/") && absl::EndsWith(path, "_sender.h"));
}

struct Ban {
  Ban(const char* pattern_in, absl::string_view remedy_in) : pattern(pattern_in), remedy(remedy_in) {}

  re2::RE2 pattern;
  absl::string_view remedy;
};

// Patterns hold a class of one letter here and there, so that this file does not hold what it forbids.
const auto& BannedCode() {
  static const std::array bans = {
      Ban(R"(sl[e]ep(_for|_until)?\s*\(|Sl[e]epFor\s*\()", "wait for what happens, with a FakeClock or a condition"),
      Ban(R"(\b(std::)?s?r[a]nd\s*\()", "take a Random from src/base/random.h"),
      Ban(R"(\bs[y]stem\s*\()", "no shell: use posix_spawn"),
      Ban(R"(\bsetl[o]cale\b)", "it switches on look-alike host names in libcurl"),
      Ban(R"(\b(strcpy|strcat|sprintf|vsprintf|gets|strtok)\s*\()", "use absl::StrCat or absl::StrFormat"),
      Ban(R"(std::re[g]ex\b)", "RE2 has bounded time"),
      Ban(R"(\busing n[a]mespace std\b)", "name what is used"),
      Ban(R"(GTEST_[S]KIP\(\)\s*;)", "say in the message why the test cannot run"),
      Ban(R"(TEST(_F|_P)?\([^)]*\bDIS[A]BLED_)", "a test runs or goes"),
      Ban(R"(EXPECT_TRUE\([t]rue\))", "a test can fail"),
  };
  return bans;
}
const auto& BannedAnywhere() {
  static const std::array bans = {
      Ban(R"(\b(TO[D]O|FIX[M]E|HA[C]K)\b)", "finish it, or say in the issue that it is left"),
      Ban(R"re((^|[\s"'=(])/(h[o]me|r[o]ot|U[s]ers)/)re", "no path of one machine"),
      Ban(R"(https?://(deb|registry|pypi|proxy|index|repo1?|static)[.])", "package registries are configured outside"),
      Ban(R"(BEGIN (RSA |EC )?PRIV[A]TE KEY)", "test keys are made at run time"),
  };
  return bans;
}
// The annotated wrapper alone holds one.
const auto& BareMutex() {
  static const std::array bans = {
      Ban(R"(\b(std::(recursive_)?m[u]tex|absl::M[u]tex)\b)", "use Mutex from src/base/mutex.h"),
  };
  return bans;
}

template <typename Bans>
void CheckBans(const SourceFile& file, std::size_t number, absl::string_view line, const Bans& bans,
               Findings& findings) {
  for (const Ban& ban : bans) {
    if (re2::RE2::PartialMatch(Piece(line), ban.pattern)) findings.push_back(At(file, number, ban.remedy));
  }
}

std::string HeaderGuard(absl::string_view path) {
  absl::ConsumePrefix(&path, "src/");
  const std::string name = absl::StrReplaceAll(path, {{"/", "_"}, {".", "_"}, {"-", "_"}});
  return absl::StrCat("HERALD_", absl::AsciiStrToUpper(name), "_");
}

// Whether the text names the file as a whole word.
bool Names(absl::string_view list, absl::string_view file) {
  const std::string pattern = absl::StrCat(R"re((^|[\s("/]))re", re2::RE2::QuoteMeta(Piece(file)), R"re(($|[\s)"]))re");
  return re2::RE2::PartialMatch(Piece(list), pattern);
}

}  // namespace

Findings CheckFloors(const SourceFile& file) {
  const std::string folder = FolderOf(file.path);
  const std::optional<int> floor = FloorOf(folder);
  Findings findings;
  ForEachLine(file, [&](std::size_t number, absl::string_view line) {
    const std::string path = IncludedPath(line);
    const std::string other = FolderOf(path);
    const std::optional<int> below = FloorOf(other);
    if (!floor.has_value() || !below.has_value() || other == folder) return;
    if (*below >= *floor) findings.push_back(At(file, number, absl::StrCat(folder, " may not include ", path)));
    if (IsImplementation(path) && folder != "src/server") {
      findings.push_back(At(file, number, absl::StrCat("only src/server names implementations, such as ", path)));
    }
  });
  return findings;
}

Findings CheckPureCore(const SourceFile& file) {
  static const auto& headers = *new std::vector<std::string>{"thread",
                                                             "mutex",
                                                             "condition_variable",
                                                             "future",
                                                             "fstream",
                                                             "iostream",
                                                             "cstdio",
                                                             "unistd.h",
                                                             "filesystem",
                                                             "src/base/log.h",
                                                             "src/base/clock.h",
                                                             "src/base/random.h",
                                                             "chrono",
                                                             "random",
                                                             "ctime",
                                                             "src/base/mutex.h"};
  if (!absl::StartsWith(file.path, "src/core/")) return {};
  Findings findings;
  ForEachLine(file, [&](std::size_t number, absl::string_view line) {
    const std::string path = IncludedPath(line);
    if (std::find(headers.begin(), headers.end(), path) != headers.end() || absl::StrContains(line, "absl::Now()")) {
      findings.push_back(At(file, number, "the core is pure: time and randomness are arguments, I/O is elsewhere"));
    }
  });
  return findings;
}

Findings CheckBannedText(const SourceFile& file) {
  Findings findings;
  ForEachLine(file, [&](std::size_t number, absl::string_view line) {
    CheckBans(file, number, line, BannedAnywhere(), findings);
    if (!IsSource(file.path)) return;
    const absl::string_view code = WithoutComment(line);
    CheckBans(file, number, code, BannedCode(), findings);
    if (file.path != "src/base/mutex.h") CheckBans(file, number, code, BareMutex(), findings);
  });
  return findings;
}

Findings CheckName(const SourceFile& file) {
  static const auto& pattern = *new re2::RE2(R"((^|[/_])(utils?|common|misc|stuff)([/_.]|$))");
  if (!re2::RE2::PartialMatch(file.path, pattern)) return {};
  return {At(file, 1, "name it for the idea that it holds")};
}

Findings CheckHeader(const SourceFile& file) {
  if (!absl::EndsWith(file.path, ".h")) return {};
  Findings findings;
  const std::string guard = HeaderGuard(file.path);
  if (!absl::StrContains(file.text, absl::StrCat("\n#ifndef ", guard, "\n#define ", guard, "\n"))) {
    findings.push_back(At(file, 1, absl::StrCat("the header guard is ", guard)));
  }
  if (!absl::StartsWith(file.text, "//")) findings.push_back(At(file, 1, "a header opens with what it is"));
  return findings;
}

Findings CheckLength(const SourceFile& file) {
  const auto lines = static_cast<std::size_t>(std::count(file.text.begin(), file.text.end(), '\n'));
  if (!IsSource(file.path) || lines <= kLinesMax || LongFiles().contains(file.path)) return {};
  return {At(file, lines, absl::StrCat("over ", kLinesMax, " lines: which second idea is in it?"))};
}

Findings CheckIsBuilt(const SourceFile& file, const std::vector<SourceFile>& lists) {
  if (!absl::EndsWith(file.path, ".cc")) return {};
  for (const SourceFile& list : lists) {
    const fs::path folder = absl::StartsWith(list.path, "cmake/") ? fs::path() : fs::path(list.path).parent_path();
    if (Names(list.text, fs::path(file.path).lexically_relative(folder).generic_string())) return {};
  }
  return {At(file, 1, "no CMakeLists.txt names it")};
}

Findings CheckHouseRules(const SourceFile& file, const std::vector<SourceFile>& lists) {
  Findings all = CheckIsBuilt(file, lists);
  for (const auto check : {CheckFloors, CheckPureCore, CheckBannedText, CheckName, CheckHeader, CheckLength}) {
    const Findings findings = check(file);
    all.insert(all.end(), findings.begin(), findings.end());
  }
  return all;
}

}  // namespace herald
