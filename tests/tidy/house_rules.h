// The rules of this house that a compiler does not check, each a pure function from a file's text to what is wrong in
// it.
//
// Thread-safe.

#ifndef HERALD_TESTS_TIDY_HOUSE_RULES_H_
#define HERALD_TESTS_TIDY_HOUSE_RULES_H_

#include <string>
#include <vector>

namespace herald {

struct SourceFile {
  std::string path;  // from the root of the repository, with slashes
  std::string text;
};

// Sentences that begin "path:line: "; empty when the file keeps the rule.
using Findings = std::vector<std::string>;

// A file includes only from its own folder and from floors below; only src/server names implementations.
Findings CheckFloors(const SourceFile& file);
// The core reads no clock, starts no thread, does no I/O.
Findings CheckPureCore(const SourceFile& file);
// Functions that this house does not call, and marks of unfinished work.
Findings CheckBannedText(const SourceFile& file);
// No folder and no file is named for what it has no name for.
Findings CheckName(const SourceFile& file);
// #ifndef HERALD_CORE_TRIGGER_H_ for src/core/trigger.h, and a comment that opens every header.
Findings CheckHeader(const SourceFile& file);
// 400 lines, but for the files that are listed with their reason.
Findings CheckLength(const SourceFile& file);
// A .cc is named in the CMakeLists.txt of its folder, or in one above it by its path from there. `lists` are all
// CMakeLists.txt.
Findings CheckIsBuilt(const SourceFile& file, const std::vector<SourceFile>& lists);

// All of them that apply to `file`.
Findings CheckHouseRules(const SourceFile& file, const std::vector<SourceFile>& lists);

}  // namespace herald

#endif  // HERALD_TESTS_TIDY_HOUSE_RULES_H_
