// Owns a file descriptor.

#ifndef HERALD_HTTP_FILE_DESCRIPTOR_H_
#define HERALD_HTTP_FILE_DESCRIPTOR_H_

#include <unistd.h>

namespace herald {

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() {
    if (fd_ >= 0) close(fd_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;

  // Negative: it could not be opened.
  int get() const { return fd_; }

 private:
  const int fd_;
};

}  // namespace herald

#endif  // HERALD_HTTP_FILE_DESCRIPTOR_H_
