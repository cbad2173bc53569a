// Runs a part of a test in a process of its own, so that it may be limited, demoted or killed.

#ifndef HERALD_TESTS_SUPPORT_CHILD_PROCESS_H_
#define HERALD_TESTS_SUPPORT_CHILD_PROCESS_H_

#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

namespace herald {

// Starts a process that runs `body`, whose result (0 to 255) is its exit status. No other thread may run.
template <typename Body>
pid_t StartChild(Body body) {
  const pid_t child = fork();
  if (child < 0) abort();
  if (child == 0) _exit(body());
  return child;
}

// The exit status of `child`; -1 when it was killed.
inline int WaitForChild(pid_t child) {
  int status = 0;
  if (waitpid(child, &status, 0) != child) abort();
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace herald

#endif  // HERALD_TESTS_SUPPORT_CHILD_PROCESS_H_
