// What test support does when the ground it stands on gives way: it ends the program.

#ifndef HERALD_TESTS_SUPPORT_CHECK_H_
#define HERALD_TESTS_SUPPORT_CHECK_H_

#include <cstdio>
#include <cstdlib>

namespace herald {

inline void TestCheck(bool holds, const char* message) {
  if (holds) return;
  std::fprintf(stderr, "test support: %s\n", message);
  std::abort();
}

}  // namespace herald

#endif  // HERALD_TESTS_SUPPORT_CHECK_H_
