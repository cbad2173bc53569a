// A server in a process of its own that says on its first line of output where it listens.
//
// Confined to one thread.

#ifndef HERALD_TESTS_SUPPORT_SPAWNED_PROCESS_H_
#define HERALD_TESTS_SUPPORT_SPAWNED_PROCESS_H_

#include <sys/types.h>

#include <string>
#include <vector>

namespace herald {

class SpawnedProcess {
 public:
  // Starts `command`, looked up in PATH, and waits for its first line.
  explicit SpawnedProcess(std::vector<std::string> command);
  // Kills it when it has not ended.
  ~SpawnedProcess();
  SpawnedProcess(const SpawnedProcess&) = delete;
  SpawnedProcess& operator=(const SpawnedProcess&) = delete;

  // False: there is no such program.
  bool started() const { return pid_ > 0; }
  pid_t pid() const { return pid_; }
  // Without its line break; empty when the process ended before it wrote one.
  const std::string& first_line() const { return first_line_; }

  // Waits for the next line of its output.
  std::string ReadLine() const;

  void Signal(int signal) const;
  // Waits for its end. Its exit status, or the negative number of the signal that killed it.
  int Wait();

 private:
  pid_t pid_ = -1;
  bool ended_ = false;
  int in_ = -1;   // its standard input: it sees the end of file when this process dies
  int out_ = -1;  // its standard output
  std::string first_line_;
};

}  // namespace herald

#endif  // HERALD_TESTS_SUPPORT_SPAWNED_PROCESS_H_
