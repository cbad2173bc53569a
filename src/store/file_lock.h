// An exclusive lock on a database file, held by means of a file beside it: "<path>.lock", with the holder's process id.
// It ends with its holder, however that ends.

#ifndef HERALD_STORE_FILE_LOCK_H_
#define HERALD_STORE_FILE_LOCK_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"

namespace herald {

class FileLock {
 public:
  // FAILED_PRECONDITION, naming the file and the process, when it is held already: also by this process.
  static absl::StatusOr<FileLock> Acquire(const std::string& path);

  FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace herald

#endif  // HERALD_STORE_FILE_LOCK_H_
