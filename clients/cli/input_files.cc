#include "clients/cli/input_files.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace herald::cli {
namespace {

std::string ReadAll(std::istream& in) { return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}; }

}  // namespace

absl::StatusOr<std::string> InputFiles::Read(const std::string& path) {
  if (path == "-") {
    if (std::exchange(standard_input_read_, true)) {
      return absl::InvalidArgumentError("\"-\" is given twice; standard input can be read once");
    }
    return ReadAll(standard_input_);
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  // A directory opens, but the first read of it fails.
  if (file.is_open()) file.peek();
  if (!file.is_open() || file.bad()) {
    return absl::InvalidArgumentError(absl::StrCat("cannot read ", path, ": ", std::strerror(errno)));
  }
  return ReadAll(file);
}

absl::StatusOr<std::string> InputFiles::Resolve(const std::string& value) {
  return absl::StartsWith(value, "@") ? Read(value.substr(1)) : value;
}

std::string FileLabel(absl::string_view path) { return path == "-" ? "standard input" : std::string(path); }

}  // namespace herald::cli
