#include "src/store/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/store/shown_path.h"

namespace herald {
namespace {

std::string HolderOf(int descriptor) {
  char text[32];
  const ssize_t size = pread(descriptor, text, sizeof(text), 0);
  if (size <= 0) return "another process";
  const absl::string_view pid = absl::StripAsciiWhitespace(absl::string_view(text, static_cast<size_t>(size)));
  return absl::StrCat("process ", pid);
}

void WriteHolder(int descriptor) {
  // Only for people to read: that it cannot be written does no harm.
  const std::string text = absl::StrCat(getpid(), "\n");
  if (ftruncate(descriptor, 0) != 0) return;
  if (pwrite(descriptor, text.data(), text.size(), 0) < 0) return;
}

}  // namespace

absl::StatusOr<FileLock> FileLock::Acquire(const std::string& path) {
  const std::string lock_path = absl::StrCat(path, ".lock");
  FileLock lock(open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.descriptor_ < 0) {
    return absl::FailedPreconditionError(absl::StrCat(ShownPath(lock_path), " cannot be made: ", strerror(errno),
                                                      "; the directory must exist and be writable"));
  }
  if (flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
    return absl::FailedPreconditionError(absl::StrCat(ShownPath(path), " is in use by ", HolderOf(lock.descriptor_),
                                                      "; stop that one or name another file"));
  }
  WriteHolder(lock.descriptor_);
  return lock;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace herald
