// A SQLite file system whose write-ahead logs fail on command: what a full or broken disk does, at the moment that a
// test wants. It is the default one as long as it lives; make it before the first connection. At most one at a time.

#ifndef HERALD_TESTS_SUPPORT_FAULT_VFS_H_
#define HERALD_TESTS_SUPPORT_FAULT_VFS_H_

#include <sqlite3.h>

#include <atomic>

namespace herald {

class FaultVfs {
 public:
  enum class Fault { kNone, kDiskFull, kWriteError, kSyncError, kLockError };

  FaultVfs();
  ~FaultVfs();
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;

  // From now on `fault` happens at each operation it is about; with `times`, only that often.
  void Set(Fault fault, int times = 1 << 30);
  void Mend() { Set(Fault::kNone); }

  // For the file system itself: whether the operation fails.
  bool Strikes(Fault fault);
  sqlite3_vfs* real() { return real_; }

 private:
  sqlite3_vfs* const real_;
  sqlite3_vfs vfs_;
  std::atomic<Fault> fault_{Fault::kNone};
  std::atomic<int> times_{0};
};

}  // namespace herald

#endif  // HERALD_TESTS_SUPPORT_FAULT_VFS_H_
