// What people give as files: "-" is standard input, which can be read once.
//
// Confined to one thread.

#ifndef HERALD_CLIENTS_CLI_INPUT_FILES_H_
#define HERALD_CLIENTS_CLI_INPUT_FILES_H_

#include <istream>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace herald::cli {

class InputFiles {
 public:
  explicit InputFiles(std::istream& standard_input) : standard_input_(standard_input) {}

  // The whole text. INVALID_ARGUMENT: cannot be read, or a second "-".
  absl::StatusOr<std::string> Read(const std::string& path);

  // A flag's value: "@path" stands for the text of that file, anything else for itself.
  absl::StatusOr<std::string> Resolve(const std::string& value);

 private:
  std::istream& standard_input_;
  bool standard_input_read_ = false;
};

// How messages name the file: "standard input" for "-".
std::string FileLabel(absl::string_view path);

}  // namespace herald::cli

#endif  // HERALD_CLIENTS_CLI_INPUT_FILES_H_
