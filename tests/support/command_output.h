// What a shell command writes to its standard output.

#ifndef HERALD_TESTS_SUPPORT_COMMAND_OUTPUT_H_
#define HERALD_TESTS_SUPPORT_COMMAND_OUTPUT_H_

#include <cstdio>
#include <string>

namespace herald {

// Runs `command` to its end; `status` is 0 when it succeeded.
inline std::string OutputOf(const std::string& command, int* status) {
  FILE* const pipe = popen(command.c_str(), "r");
  std::string output;
  char buffer[4096];
  for (size_t n = 0; pipe != nullptr && (n = fread(buffer, 1, sizeof(buffer), pipe)) > 0;) output.append(buffer, n);
  *status = pipe == nullptr ? -1 : pclose(pipe);
  return output;
}

}  // namespace herald

#endif  // HERALD_TESTS_SUPPORT_COMMAND_OUTPUT_H_
